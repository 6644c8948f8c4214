"""Rules for the workflows of GitHub: who starts them, what their jobs may do, which secrets they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lakewright.pipelines.commands import deploys
from lakewright.pipelines.github_steps import check_steps
from lakewright.pipelines.reading import Mapping, as_list, mappings
from lakewright.pipelines.turns.schedules import check_schedules
from lakewright.pipelines.weakness import Weakness

_FOREIGN = {
    "pull_request_target": "it runs with the rights of this repository on what a stranger sent",
    "workflow_run": "it runs with the rights of this repository after a workflow that a stranger's pull request started",
    "issue_comment": "anybody who may comment starts it, with the rights of this repository",
}
_SECRET = re.compile(r"(?i)(?<![\w.-])secrets\s*(?:\.\s*|\[\s*['\"])([a-z_][\w-]*)")
# `toJSON(secrets)`, `secrets[matrix.name]`, `secrets.*`: whichever there are.
_ALL_SECRETS = re.compile(
    r"(?i)\$\{\{(?:(?!\}\}).)*?(?<![\w.-])secrets\s*(?:[),]|\.\s*\*|\[\s*[^'\"\s]|\}\})"
)
_INHERITED = re.compile(r"(?:^|[\s{,])['\"]?secrets['\"]?:\s*['\"]?inherit\b")
# `*` leaves out names with a slash only.
# Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
_EVERY_BRANCH = re.compile(r"[*/]*\*[*/]*")
_FROM_HERE = "github.event.pull_request.head.repo.full_name == github.repository"
# Made by GitHub for one run, with the rights of `permissions`.
_OF_THE_RUN = {"GITHUB_TOKEN"}


@dataclass(frozen=True)
class _Workflow:
    file: str
    lines: list[str]
    tree: Mapping
    # Workflows of the project that deploy, by their path from its folder.
    deploying: frozenset[str]

    @property
    def jobs(self) -> dict[str, Mapping]:
        jobs = self.tree.get("jobs")
        return (
            {key: job for key, job in jobs.items() if isinstance(job, Mapping)}
            if isinstance(jobs, dict)
            else {}
        )

    @property
    def triggers(self) -> Mapping:
        given = self.tree.get("on")
        if isinstance(given, Mapping):
            return given
        made = Mapping()
        made.line = self.tree.line_of("on")
        made.update({str(name): None for name in as_list(given)})
        return made

    def found(self, line: int, rule: str, summary: str, fix: str) -> Weakness:
        return Weakness(self.file, line, rule, summary, fix)


def check_workflow(file: str, text: str, tree: object, deploying: frozenset[str]) -> Iterator[Weakness]:
    """Yield what is unsafe in one workflow.

    Args:
        file: Its path from the project's folder.
        text: The file's text.
        tree: What `read_yaml` made of it.
        deploying: The project's workflows that deploy, by path.
    """
    if not isinstance(tree, Mapping):
        return
    workflow = _Workflow(file, text.splitlines(), tree, deploying)
    yield from _triggers(workflow)
    yield from check_schedules(file, workflow.triggers.get("schedule"))
    yield from _permissions(workflow)
    for name, job in workflow.jobs.items():
        yield from _job(workflow, name, job)
    yield from check_steps(file, text, tree)
    yield from _secrets(workflow)


def deploys_something(tree: object) -> bool:
    """Whether a step of a workflow deploys."""
    return any(deploys(str(step["run"])) for step in mappings(tree) if "run" in step)


def _triggers(workflow: _Workflow) -> Iterator[Weakness]:
    for name, why in _FOREIGN.items():
        if name in workflow.triggers:
            yield workflow.found(
                workflow.triggers.line_of(name),
                "trigger-with-rights",
                f"`{name}` starts this workflow: {why}",
                "use `pull_request`, whose runs have neither secrets nor rights to write for a fork",
            )
    push = workflow.triggers.get("push")
    filters = push if isinstance(push, Mapping) else Mapping()
    restricted = {"branches", "tags"} & set(filters)
    every = any(_EVERY_BRANCH.fullmatch(str(pattern)) for pattern in as_list(filters.get("branches")))
    if "push" in workflow.triggers and (every or not restricted) and _deploying_jobs(workflow):
        yield workflow.found(
            filters.line_of("branches") if every else workflow.triggers.line_of("push"),
            "deploys-from-any-branch",
            "every push to any branch starts a workflow that deploys",
            "name the branches or tags that deploy: `push: {branches: [main]}`",
        )


def _deploying_jobs(workflow: _Workflow) -> dict[str, str]:
    """Return what each job that deploys does, by the job's name."""
    found = {}
    for name, job in workflow.jobs.items():
        commands = [deploys(str(step["run"])) for step in mappings(job.get("steps")) if "run" in step]
        called = str(job.get("uses", "")).removeprefix("./")
        if done := next(filter(None, commands), None):
            found[name] = done
        elif called in workflow.deploying:
            found[name] = f"the workflow {called}, which deploys"
    return found


def _permissions(workflow: _Workflow) -> Iterator[Weakness]:
    tree = workflow.tree
    given = tree.get("permissions", "missing")
    line = tree.line_of("permissions")
    fix = "write `permissions: {}` at the top, and what a job needs in that job"
    if given == "missing":
        yield workflow.found(
            1,
            "no-permissions",
            "the workflow has no `permissions`: its token may do all that the repository allows",
            fix,
        )
    elif isinstance(given, str) or _written(given):
        what = given if isinstance(given, str) else ", ".join(f"{each}: write" for each in _written(given))
        yield workflow.found(line, "wide-permissions", f"every job of the workflow gets `{what}`", fix)
    for name, job in workflow.jobs.items():
        if isinstance(job.get("permissions"), str):
            yield workflow.found(
                job.line_of("permissions"),
                "wide-permissions",
                f"the job `{name}` gets `{job['permissions']}`: every right of the token",
                "name each right that the job needs",
            )


def _written(permissions: object) -> list[str]:
    return (
        [name for name, right in permissions.items() if right == "write"]
        if isinstance(permissions, dict)
        else []
    )


def _job(workflow: _Workflow, name: str, job: Mapping) -> Iterator[Weakness]:
    inherited = "permissions" not in job
    rights = workflow.tree.get("permissions") if inherited else job.get("permissions")
    signs_in = isinstance(rights, dict) and rights.get("id-token") == "write"
    line = job.line if inherited else job.line_of("permissions")
    of_pull_request = "pull_request" in workflow.triggers
    deployed = _deploying_jobs(workflow).get(name)
    calls = "uses" in job
    if signs_in and of_pull_request and not _chosen_by_an_administrator(job):
        yield workflow.found(
            line,
            "identity-for-pull-request",
            f"the job `{name}` can sign in (`id-token: write`), and a pull request starts it",
            "move what signs in to a workflow that only a protected branch or tag starts",
        )
    if deployed and of_pull_request:
        yield workflow.found(
            job.line, "deploys-pull-request", f"the job `{name}` runs `{deployed}`, and a pull request starts it",
            "deploy from a protected branch or tag alone",
        )  # fmt: skip
    if ((signs_in and not _only_attests(job, rights)) or deployed) and "environment" not in job and not calls:
        yield workflow.found(
            line if signs_in else job.line,
            "no-environment",
            f"the job `{name}` {f'runs `{deployed}`' if deployed else 'can sign in'} outside of every environment",
            "name its environment, as in `environment: prod`: its rules say which branches, and who approves",
        )
    # A result of a scan can be written, and no code.
    writes = [each for each in _written(rights) if each not in {"id-token", "security-events"}]
    if of_pull_request and writes and (fetched := _fetches_code(job)):
        yield workflow.found(
            fetched,
            "writes-with-foreign-code",
            f"the job `{name}` may write ({', '.join(writes)}) and checks out what a pull request brings",
            "let one job run the code without rights, and hand its output to another job that may write",
        )
    if of_pull_request and _is_own_machine(job.get("runs-on")) and _FROM_HERE not in str(job.get("if", "")):
        yield workflow.found(
            job.line_of("runs-on"),
            "own-machine-for-forks",
            f"the job `{name}` runs what a fork sends on a machine of yours, which keeps what it leaves there",
            f"add `if: {_FROM_HERE}`, or run it on a machine of GitHub",
        )
    if "timeout-minutes" not in job and not calls:
        yield workflow.found(
            job.line, "no-timeout", f"the job `{name}` may run for six hours", "add `timeout-minutes: 30`"
        )
    # A workflow that is called has its own.
    if deployed and not calls and not {"concurrency"} & ({*job, *workflow.tree}):
        yield workflow.found(
            job.line,
            "no-concurrency",
            f"two runs of the job `{name}` may deploy at once",
            "add `concurrency: {group: deploy-prod, cancel-in-progress: false}` to the job or the workflow",
        )


def _only_attests(job: Mapping, rights: object) -> bool:
    """Whether a job's identity signs what was built, by an action, and signs in nowhere."""
    attests = isinstance(rights, dict) and rights.get("attestations") == "write"
    return attests and not any("run" in step for step in mappings(job.get("steps")))


def _is_own_machine(runs_on: object) -> bool:
    labels = runs_on.get("labels") if isinstance(runs_on, Mapping) else runs_on
    return "self-hosted" in as_list(labels)


def _chosen_by_an_administrator(job: Mapping) -> bool:
    """Whether a job signs in for a pull request only where somebody has said so, and never for a fork."""
    condition = str(job.get("if", ""))
    from_here = "head.repo.full_name == github.repository" in condition
    return from_here and "vars." in condition and "environment" in job and "||" not in condition


def _fetches_code(job: Mapping) -> int | None:
    for step in mappings(job.get("steps")):
        if str(step.get("uses", "")).startswith("actions/checkout@"):
            return step.line_of("uses")
    return None


def _secrets(workflow: _Workflow) -> Iterator[Weakness]:
    shared = workflow.tree.get("env")
    if isinstance(shared, Mapping):
        for key, value in shared.items():
            if _names(str(value)):
                yield workflow.found(
                    shared.line_of(key),
                    "secret-for-all-jobs",
                    f"`{key}` gives a secret to every step of every job",
                    "give it to the one step that needs it",
                )
    for number, line in enumerate(workflow.lines, start=1):
        code = line.split(" #")[0] if not line.lstrip().startswith("#") else ""
        if _INHERITED.search(code) or _ALL_SECRETS.search(code):
            yield workflow.found(
                number,
                "secret",
                "`secrets: inherit` hands every secret to the called workflow"
                if _INHERITED.search(code)
                else "an expression takes every secret, or one that a value names",
                "name what it needs",
            )
        for name in _names(code):
            yield workflow.found(
                number,
                "secret",
                f"`{name}` is a secret that lives until somebody changes it",
                "sign in by OIDC; where that cannot be, allow it by name: `lakewright pipelines check --allow-secret NAME`",
            )


def _names(text: str) -> list[str]:
    return [name for name in _SECRET.findall(text) if name.upper() not in _OF_THE_RUN]
