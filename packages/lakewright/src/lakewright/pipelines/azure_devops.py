"""Rules for the pipelines of Azure DevOps, and for their templates."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from lakewright.pipelines.commands import deploys, joined
from lakewright.pipelines.reading import Mapping, as_list, mappings
from lakewright.pipelines.turns.schedules import check_schedules
from lakewright.pipelines.unseen.downloads import FIX, Downloads
from lakewright.pipelines.weakness import Weakness

_SCRIPTS = ("script", "bash", "pwsh", "powershell")
# `$(System.PullRequest.SourceBranch)` becomes text of the script; `$(git rev-parse HEAD)` is left for the shell.
_MACRO = re.compile(r"\$\(([A-Za-z]\w*(?:\.\w+)+)\)")
# Inputs of tasks that sign in to Azure; their names are read in any case.
_CONNECTIONS = {
    "azuresubscription",
    "connectedservicename",
    "connectedservicenamearm",
    "azureresourcemanagerconnection",
    "environmentservicenameazurerm",
    "backendservicearm",
    "serviceconnectionname",
}
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}|\$\[.*?\]")
_SECRET_NAME = re.compile(r"(?i)(?:secret|password|token|_key|accesskey|storagekey|connectionstring|\bpat)$")
_MADE_FOR_THE_RUN = "$(System.AccessToken)"
_SHA_OR_TAG = re.compile(r"refs/tags/.+|[0-9a-f]{40}")
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_ONLY_WITHOUT_PULL_REQUEST = re.compile(r"ne\(\s*variables\['Build\.Reason'\]\s*,\s*'PullRequest'\s*\)")


def check_pipeline(file: str, tree: object, deploying: frozenset[str]) -> Iterator[Weakness]:
    """Yield what is unsafe in one pipeline or template.

    Args:
        file: Its path from the project's folder.
        tree: What `read_yaml` made of it.
        deploying: The project's templates that deploy or sign in, by path.
    """
    if not isinstance(tree, Mapping):
        return
    yield from _jobs(file, tree)
    for job in mappings(tree):
        if isinstance(job.get("steps"), list):
            yield from _downloads(file, job["steps"])
    for step in mappings(tree):
        yield from _step(file, step)
    yield from _variables(file, tree)
    yield from _resources(file, tree)
    yield from check_schedules(file, tree.get("schedules"))
    if _is_pipeline(tree):
        yield from _pipeline(file, tree, deploying)


def deploys_something(tree: object) -> bool:
    """Whether a step of a pipeline or template deploys or signs in."""
    return any(_does(step) for step in mappings(tree))


def _is_pipeline(tree: Mapping) -> bool:
    # A template has parameters and never a trigger; a pipeline without one runs for every push.
    if "extends" in tree or "name" in tree:
        return True
    return "trigger" in tree or "pr" in tree or "schedules" in tree or "parameters" not in tree


def _script(step: Mapping) -> tuple[str, str] | None:
    """Return the key and the text of a step's script."""
    for key in _SCRIPTS:
        if isinstance(step.get(key), str):
            return key, step[key]
    inputs = step.get("inputs")
    if isinstance(inputs, Mapping):
        for key in ("inlineScript", "script"):
            if isinstance(inputs.get(key), str):
                return key, inputs[key]
    return None


def _does(step: Mapping) -> str | None:
    """Return how a step deploys or signs in."""
    written = _script(step)
    if written and (command := deploys(written[1])):
        return f"runs `{command}`"
    inputs = step.get("inputs")
    if isinstance(inputs, Mapping):
        for key, connection in inputs.items():
            if key.lower() in _CONNECTIONS:
                return f"signs in with the service connection `{connection}`"
    given = step.get("env")
    if isinstance(given, Mapping) and _MADE_FOR_THE_RUN in given.values():
        return f"signs in as the pipeline, with `{_MADE_FOR_THE_RUN}`"
    return None


def _jobs(file: str, tree: Mapping) -> Iterator[Weakness]:
    """Find what deploys or signs in outside of a deployment to an environment."""
    inside: set[int] = set()
    for job in mappings(tree):
        if "deployment" not in job:
            continue
        if "environment" in job:
            inside |= {id(step) for step in mappings(job)}
    for step in mappings(tree):
        if id(step) not in inside and (done := _does(step)):
            yield Weakness(
                file,
                step.line,
                "no-environment",
                f"the step {done} outside of a deployment to an environment: nobody approves it, and every branch may run it",
                "make the job a `deployment` with `environment: …`; templates of steps do not deploy",
            )


def _step(file: str, step: Mapping) -> Iterator[Weakness]:
    if str(step.get("persistCredentials", False)).lower() == "true":
        yield Weakness(
            file, step.line_of("persistCredentials"), "kept-credentials",
            "the token stays in .git/config, where every later step can read it", "leave `persistCredentials` out",
        )  # fmt: skip
    task = step.get("task")
    if isinstance(task, str) and "@" not in task:
        yield Weakness(
            file,
            step.line_of("task"),
            "unpinned-action",
            f"`{task}` has no version",
            f"name its major version: `{task}@1`",
        )
    if written := _script(step):
        yield from _text(file, step, *written)
    image = step.get("container") if isinstance(step.get("container"), str) else None
    if image and "/" in image and not _DIGEST.search(image):
        yield Weakness(
            file, step.line_of("container"), "unpinned-image", "an image without its digest can become another one",
            "pin it: `container: name@sha256:…`",
        )  # fmt: skip


def _text(file: str, step: Mapping, key: str, script: str) -> Iterator[Weakness]:
    line = _line(step, key)
    if found := _MACRO.search(script) or _EXPRESSION.search(script):
        yield Weakness(
            file,
            line,
            "text-in-script",
            f"`{found.group()}` is put into the script as it is: a name of a branch or a parameter can be a command",
            f'hand it on as a variable: `env: {{VALUE: "{found.group()}"}}`, and `"$VALUE"` in the script',
        )
    lines = [part for part in joined(script).splitlines() if part.strip()]
    if _is_bash(step, key) and len(lines) > 1 and not re.match(r"set -(?:\w*e|o errexit)", lines[0].strip()):
        yield Weakness(
            file,
            line,
            "lost-failure",
            "bash goes on after a command that fails, and the step succeeds if its last command does",
            "begin the script with `set -eo pipefail`",
        )


def _is_bash(step: Mapping, key: str) -> bool:
    """Whether a script is one of bash: PowerShell ends at an error by itself."""
    inputs = step.get("inputs")
    kind = str(inputs.get("scriptType", "")) if isinstance(inputs, Mapping) else ""
    task = str(step.get("task", "")).lower()
    return key not in {"pwsh", "powershell"} and kind not in {"ps", "pscore"} and "powershell" not in task


def _line(step: Mapping, key: str) -> int:
    inputs = step.get("inputs")
    return inputs.line_of(key) if isinstance(inputs, Mapping) and key in inputs else step.line_of(key)


def _downloads(file: str, steps: list[Any]) -> Iterator[Weakness]:
    """Find what the steps of one job download and run, the one that runs it after the one that downloads it."""
    downloads = Downloads()
    for step in mappings(steps):
        if written := _script(step):
            for done in downloads.step(written[1])[:1]:
                yield Weakness(file, _line(step, written[0]), "unseen-code", f"the step {done}", FIX)


def _variables(file: str, tree: Mapping) -> Iterator[Weakness]:
    for holder in mappings(tree):
        for key in ("variables", "env"):
            given = holder.get(key)
            items = given.items() if isinstance(given, Mapping) else ()
            for name, value in items:
                assert isinstance(given, Mapping)
                yield from _secret(file, given.line_of(name), name, str(value))
            for item in as_list(given) if isinstance(given, list) else ():
                if isinstance(item, Mapping) and "name" in item:
                    yield from _secret(file, item.line, str(item["name"]), str(item.get("value", "")))


def _secret(file: str, line: int, name: str, value: str) -> Iterator[Weakness]:
    if not _SECRET_NAME.search(name) or value in {"", _MADE_FOR_THE_RUN}:
        return
    yield Weakness(
        file,
        line,
        "secret",
        f"`{name}` is a secret that lives until somebody changes it",
        "sign in by a service connection with workload identity federation",
    )


def _resources(file: str, tree: Mapping) -> Iterator[Weakness]:
    resources = tree.get("resources")
    for repository in as_list(resources.get("repositories")) if isinstance(resources, Mapping) else ():
        if isinstance(repository, Mapping) and not _SHA_OR_TAG.fullmatch(str(repository.get("ref", ""))):
            yield Weakness(
                file,
                repository.line,
                "unpinned-action",
                f"templates of `{repository.get('name')}` change with its branch",
                "pin them: `ref: refs/tags/v1.2.3`",
            )


def _pipeline(file: str, tree: Mapping, deploying: frozenset[str]) -> Iterator[Weakness]:
    if not _uses(file, tree, deploying):
        return
    if tree.get("pr") != "none":
        yield Weakness(
            file,
            tree.line_of("pr"),
            "deploys-pull-request",
            "a pull request can start this pipeline, which deploys or signs in",
            "write `pr: none`, and let another pipeline check pull requests",
        )
    if "trigger" not in tree or _every_branch(tree["trigger"]):
        yield Weakness(
            file,
            tree.line_of("trigger"),
            "deploys-from-any-branch",
            "every push to any branch starts this pipeline, which deploys or signs in",
            "name the branches or tags: `trigger: {branches: {include: [main]}}`, or write `trigger: none`",
        )
    for stage in as_list(tree.get("stages")):
        if isinstance(stage, Mapping) and _uses(file, stage, deploying):
            yield from _stage(file, stage)
    for holder in (tree, *(stage for stage in as_list(tree.get("stages")) if isinstance(stage, Mapping))):
        if str(holder.get("lockBehavior", "sequential")) != "sequential":
            yield Weakness(
                file,
                holder.line_of("lockBehavior"),
                "lost-deployment",
                "of the runs that wait for the environment the newest alone is kept: a release displaces a rollback that waits",
                "write `lockBehavior: sequential`",
            )
    if "lockBehavior" not in tree:
        yield Weakness(
            file, tree.line, "no-concurrency", "two runs may deploy at once",
            "write `lockBehavior: sequential`, and add the check `Exclusive lock` to the environments",
        )  # fmt: skip


def templates_of(file: str, tree: object) -> list[str]:
    """Return the project's templates that a pipeline or template uses: below its own folder, or from the root with a slash."""
    folder = PurePosixPath(file).parent
    given = (str(item["template"]) for item in mappings(tree) if "template" in item)
    local = (name.removesuffix("@self") for name in given)
    return [
        posixpath.normpath((folder / name).as_posix()).lstrip("/")
        for name in local
        if "@" not in name and name
    ]


def _uses(file: str, part: Mapping, deploying: frozenset[str]) -> bool:
    return bool(set(templates_of(file, part)) & deploying) or deploys_something(part)


def _stage(file: str, stage: Mapping) -> Iterator[Weakness]:
    if not _ONLY_WITHOUT_PULL_REQUEST.search(str(stage.get("condition", ""))):
        yield Weakness(
            file,
            stage.line_of("condition"),
            "deploys-pull-request",
            f"a branch policy can start the stage `{stage.get('stage')}` for a pull request: `pr: none` does not hold there",
            "add `condition: and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))`",
        )


def _every_branch(trigger: object) -> bool:
    if isinstance(trigger, list):
        return any("*" in str(name) for name in trigger)
    if not isinstance(trigger, Mapping):
        return trigger != "none"
    branches = trigger.get("branches")
    included = as_list(branches.get("include")) if isinstance(branches, Mapping) else as_list(branches)
    if any(str(name) == "*" for name in included):
        return True
    return not included and "tags" not in trigger
