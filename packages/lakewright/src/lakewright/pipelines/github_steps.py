"""Rules for the steps of GitHub's workflows and actions: what they use, and what they run."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from typing import Any

from lakewright.pipelines.reading import Mapping, mappings
from lakewright.pipelines.unseen.downloads import FIX, Downloads
from lakewright.pipelines.weakness import Weakness

_SHA = re.compile(r"[0-9a-f]{40}")
# What GitHub makes itself, and nobody can write a command into: numbers, commits, folders, results.
_HARMLESS = re.compile(
    r"""(?x)\$\{\{\s*(?:
        github\.(?:sha|run_id|run_number|run_attempt|repository|repository_id|repository_owner|repository_owner_id|event_name
          |workspace|action_path|actor_id|job|server_url|api_url|retention_days
          |event\.(?:number|after|before|pull_request\.(?:number|id|(?:head|base)\.sha|merge_commit_sha)|issue\.number))
      | runner\.(?:os|arch|temp|tool_cache|name|debug) | job\.status | strategy\.job-(?:index|total)
      | steps\.[\w-]+\.(?:outcome|conclusion) | needs\.[\w-]+\.result
    )\s*\}\}"""
)
_VERSION = re.compile(r"#\s*(?:tag=)?v?\d")
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")


def check_steps(file: str, text: str, tree: object) -> Iterator[Weakness]:
    """Yield what is unsafe in the steps of a workflow or of an action."""
    lines = text.splitlines()
    for job in mappings(tree):
        if isinstance(job.get("steps"), list):
            yield from _downloads(file, job["steps"])
    for step in mappings(tree):
        if isinstance(step.get("uses"), str):
            yield from _used(file, lines, step)
        if isinstance(step.get("run"), str):
            yield from _script(file, step, "run")
        settings = step.get("with")
        by_javascript = str(step.get("uses")).lower().startswith("actions/github-script@")
        if by_javascript and isinstance(settings, Mapping) and isinstance(settings.get("script"), str):
            yield from _script(file, settings, "script")
        for line in _images(step):
            yield Weakness(
                file, line, "unpinned-image", "an image without its digest can become another one",
                "pin it: `image: name@sha256:…`",
            )  # fmt: skip


def _used(file: str, lines: list[str], step: Mapping) -> Iterator[Weakness]:
    used, line = step["uses"], step.line_of("uses")
    if used.startswith("./"):
        return
    name, _, version = used.partition("@")
    if used.startswith("docker://"):
        if not _DIGEST.search(used):
            yield Weakness(
                file,
                line,
                "unpinned-image",
                f"{used} can become another image",
                "pin its digest: `@sha256:…`",
            )
        return
    if not _SHA.fullmatch(version):
        yield Weakness(
            file,
            line,
            "unpinned-action",
            f"`{used}`: its owner, or who takes over its repository, can change what runs here",
            f"pin the commit: `{name}@<40 digits> # {version or 'v1.2.3'}`",
        )
    elif not _VERSION.search(lines[line - 1]):
        yield Weakness(
            file, line, "no-version", f"nobody sees which version of `{name}` this commit is",
            "write it as a comment behind the commit: `# v1.2.3`",
        )  # fmt: skip
    settings = step.get("with")
    if name == "actions/checkout" and not (
        isinstance(settings, dict) and settings.get("persist-credentials") is False
    ):
        yield Weakness(
            file, line, "kept-credentials", "the token stays in .git/config, where every later step can read it",
            "add `with: {persist-credentials: false}`",
        )  # fmt: skip


def _script(file: str, step: Mapping, key: str) -> Iterator[Weakness]:
    script, line = step[key], step.line_of(key)
    if "${{" in _HARMLESS.sub("", script):
        yield Weakness(
            file,
            line,
            "text-in-script",
            "`${{ … }}` is put into the script as it is: a title or a name of a branch can be a command",
            'hand it on as a variable: `env: {TITLE: "${{ … }}"}`, and `"$TITLE"` in the script',
        )


def _downloads(file: str, steps: list[Any]) -> Iterator[Weakness]:
    """Find what the steps of one job download and run, the one that runs it after the one that downloads it."""
    downloads = Downloads()
    for step in mappings(steps):
        if isinstance(step.get("run"), str):
            for done in downloads.step(step["run"])[:1]:
                yield Weakness(file, step.line_of("run"), "unseen-code", f"the step {done}", FIX)


def _images(step: AnyMapping[str, Any]) -> Iterator[int]:
    for key in ("container", "image"):
        given = step.get(key)
        image = given.get("image") if isinstance(given, Mapping) else given
        if (
            isinstance(image, str)
            and isinstance(step, Mapping)
            and not _DIGEST.search(image)
            and "${{" not in image
            and (key, step.get("using")) != ("image", "docker" if not image.startswith("docker://") else None)
        ):
            holder = given if isinstance(given, Mapping) else step
            yield holder.line_of("image" if isinstance(given, Mapping) else key)
