"""Rules for a pipeline of GitLab: its first file, such as `.gitlab-ci.yml`, and the local files that it includes."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from typing import Any

from lakewright.pipelines.commands import deploys
from lakewright.pipelines.gitlab_infrastructure import check_infrastructure
from lakewright.pipelines.guards.unguarded import RELEASE, check_job_of_release
from lakewright.pipelines.reading import Mapping, as_list
from lakewright.pipelines.unseen.downloads import FIX, Downloads
from lakewright.pipelines.weakness import Weakness

# Keys of a file that are no jobs.
_GLOBAL = {
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "spec",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
}
_PROTECTED = re.compile(r"\$CI_COMMIT_REF_PROTECTED\s*==\s*[\"']true[\"']")
_MERGE_REQUEST = re.compile(r"==\s*[\"']merge_request_event[\"']|\$CI_MERGE_REQUEST_IID\b(?!\s*==\s*null)")
_SECRET_NAME = re.compile(r"(?i)(?:secret|password|token|_key)$")
# Made by GitLab for one job: its own variables, and those of `id_tokens`.
_OF_THE_JOB = re.compile(
    r"\$\{?(?:CI_(?:JOB_TOKEN|JOB_JWT\w*|REGISTRY_PASSWORD|DEPENDENCY_PROXY_PASSWORD)|\w*ID_TOKEN)\b"
)
_SHA = re.compile(r"[0-9a-f]{40}")
_RELEASE = re.compile(r"[0-9a-f]{40}|v?\d+\.\d+(?:\.\d+)?")
_MOST_EXTENDS = 11  # GitLab's own limit


class Jobs:
    """The jobs of all files of a project, each with its file."""

    def __init__(self, trees: AnyMapping[str, Mapping]) -> None:
        """Collect the jobs; a later file replaces keys of an earlier one, as GitLab merges them."""
        self.files: dict[str, str] = {}
        self.written: dict[str, Mapping] = {}
        for file, tree in trees.items():
            for name, job in tree.items():
                if name not in _GLOBAL and isinstance(job, Mapping):
                    self.files[name] = file
                    self.written[name] = job

    def resolved(self, name: str, depth: int = 0) -> dict[str, Any]:
        """Return a job with what it extends; its own keys win, mappings are merged, lists are replaced."""
        job = self.written.get(name)
        if job is None or depth > _MOST_EXTENDS:
            return {}
        made: dict[str, Any] = {}
        for parent in as_list(job.get("extends")):
            made = _merged(made, self.resolved(str(parent), depth + 1))
        own = {key: value for key, value in job.items() if key != "extends"}
        return _merged(made, own)

    def listed(self, value: object, depth: int = 0) -> list[Any]:
        """Return a list with what its references name in their place."""
        if isinstance(value, list) and value[:1] == ["!reference"] and depth <= _MOST_EXTENDS:
            found: Any = self.resolved(str(value[1]))
            for key in value[2:]:
                found = found.get(key) if isinstance(found, dict) else None
            return self.listed(found, depth + 1)
        if isinstance(value, list):
            return [
                one
                for item in value
                for one in (self.listed(item, depth + 1) if isinstance(item, list) else [item])
            ]
        return as_list(value)

    def script(self, job: AnyMapping[str, Any]) -> str:
        """Return all commands of a job."""
        lines = [
            line for key in ("before_script", "script", "after_script") for line in self.listed(job.get(key))
        ]
        return "\n".join(map(str, lines))


def _merged(below: dict[str, Any], above: AnyMapping[str, Any]) -> dict[str, Any]:
    made = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(made.get(key), dict)
        made[key] = _merged(made[key], value) if both else value
    return made


def check_gitlab(trees: AnyMapping[str, Mapping]) -> Iterator[Weakness]:
    """Yield what is unsafe in the files of one pipeline.

    Args:
        trees: What `read_yaml` made of each file, by its path from the project's folder.
    """
    jobs = Jobs(trees)
    defaults: dict[str, Any] = {}
    for tree in trees.values():
        given = tree.get("default")
        defaults |= given if isinstance(given, dict) else {}
    resolved = {
        name: {**defaults, **jobs.resolved(name)} for name in jobs.written if not name.startswith(".")
    }
    for name, job in resolved.items():
        yield from _job(jobs, name, job)
    yield from check_infrastructure(
        {name: {**job, "rules": jobs.listed(job.get("rules"))} for name, job in resolved.items()},
        {name: jobs.script(job) for name, job in resolved.items()},
        {name: (jobs.files[name], jobs.written[name].line) for name in resolved},
    )
    for file, tree in trees.items():
        yield from _includes(file, tree)
        yield from _file(file, tree)


def _job(jobs: Jobs, name: str, job: dict[str, Any]) -> Iterator[Weakness]:
    file, written = jobs.files[name], jobs.written[name]
    script = jobs.script(job)
    signs_in = "id_tokens" in job
    for done in Downloads().step(script)[:1]:
        yield Weakness(file, written.line_of("script"), "unseen-code", f"the job `{name}` {done}", FIX)
    if RELEASE in script or RELEASE in (job.get("variables") or {}):
        yield from check_job_of_release(file, written.line, name, script)
    command = deploys(script)
    if not (command or signs_in):
        return
    what = f"runs `{command}`" if command else "can sign in (`id_tokens`)"
    rule = "deploys-pull-request" if command else "identity-for-pull-request"
    yield from _rules(jobs, name, job, what, rule)
    line = written.line
    if "environment" not in job:
        yield Weakness(
            file, line, "no-environment", f"the job `{name}` {what} outside of every environment",
            "name its environment: `environment: {name: prod, deployment_tier: production}`",
        )  # fmt: skip
    if command and "resource_group" not in job:
        yield Weakness(
            file,
            line,
            "no-concurrency",
            f"two runs of the job `{name}` may deploy at once",
            "add `resource_group: prod`",
        )
    if signs_in and "timeout" not in job:
        yield Weakness(
            file,
            line,
            "short-token",
            f"the token of the job `{name}` ends after five minutes, because the job has no time-out",
            "add `timeout: 1h`: the token lives as long",
        )


def _rules(jobs: Jobs, name: str, job: dict[str, Any], what: str, rule: str) -> Iterator[Weakness]:
    file, written = jobs.files[name], jobs.written[name]
    line = written.line_of("rules" if "rules" in written else "extends")
    given = [
        item
        for item in jobs.listed(job.get("rules"))
        if isinstance(item, dict) and item.get("when") != "never"
    ]
    for item in given:
        if _MERGE_REQUEST.search(str(item.get("if", ""))):
            yield Weakness(
                file, line, rule, f"the job `{name}` {what}, and a merge request starts it",
                "let only a protected branch or tag start it",
            )  # fmt: skip
    if not given or any(not _PROTECTED.search(str(item.get("if", ""))) for item in given):
        yield Weakness(
            file,
            line,
            "deploys-from-any-branch",
            f"the job `{name}` {what}, and branches and tags that anybody may push start it",
            'begin each rule with `$CI_COMMIT_REF_PROTECTED == "true" && …`',
        )


def _includes(file: str, tree: Mapping) -> Iterator[Weakness]:
    for holder in (tree, *(job.get("trigger") for job in tree.values() if isinstance(job, Mapping))):
        given = holder.get("include") if isinstance(holder, Mapping) else None
        for item in as_list(given):
            if not _is_pinned(item):
                assert isinstance(holder, Mapping)
                yield Weakness(
                    file,
                    item.line if isinstance(item, Mapping) else holder.line_of("include"),
                    "unpinned-action",
                    "what is included changes without a change of this project",
                    "pin the commit with `ref:`, a version behind the `@` of a component, or `integrity:` of what is remote",
                )


def _is_pinned(item: object) -> bool:
    if not isinstance(item, Mapping):
        return "://" not in str(item)
    if "component" in item:
        return bool(_RELEASE.fullmatch(str(item["component"]).rpartition("@")[2]))
    if "remote" in item:
        return str(item.get("integrity", "")).startswith("sha256-")
    # `artifact` is a file that a job of this pipeline makes.
    return bool({"local", "template", "artifact"} & set(item)) or bool(
        _SHA.fullmatch(str(item.get("ref", "")))
    )


def _file(file: str, tree: Mapping) -> Iterator[Weakness]:
    for holder in (tree, *(value for value in tree.values() if isinstance(value, Mapping))):
        given = holder.get("variables")
        for key, value in given.items() if isinstance(given, Mapping) else ():
            assert isinstance(given, Mapping)
            if _SECRET_NAME.search(key) and value and not _OF_THE_JOB.search(str(value)):
                yield Weakness(
                    file, given.line_of(key), "secret", f"`{key}` is a secret that lives until somebody changes it",
                    "sign in with `id_tokens`",
                )  # fmt: skip
        image = holder.get("image")
        named = str(image.get("name")) if isinstance(image, Mapping) else str(image or "")
        if named and "$" not in named and (":" not in named.rpartition("/")[2] or named.endswith(":latest")):
            yield Weakness(
                file, holder.line_of("image"), "unpinned-image", f"`{named}` is another image tomorrow",
                "name a version, better a digest: `image: python:3.12`",
            )  # fmt: skip
