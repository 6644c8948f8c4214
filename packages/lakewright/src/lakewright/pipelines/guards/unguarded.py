"""Releases that a job deploys without what refuses a wrong one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lakewright.pipelines.commands import before_deployment
from lakewright.pipelines.reading import mappings
from lakewright.pipelines.weakness import Weakness

# The folder of a release, for the build of the bundle: a job that sets it deploys what another job has built.
RELEASE = "LAKEWRIGHT_RELEASE"
_GUARDS = {
    "lakewright release verify": "other wheels than those that were tested can reach the target",
    "lakewright plan-gate": "a deployment that deletes data is not refused",
}
_SCRIPTS = ("run", "bash", "script", "pwsh", "powershell", "inlineScript")


@dataclass(frozen=True)
class _Missing:
    guard: str
    consequence: str

    def weakness(self, file: str, line: int, job: str) -> Weakness:
        return Weakness(
            file,
            line,
            "unguarded-release",
            f"{job} deploys a release without `{self.guard}`: {self.consequence}",
            f"run `{self.guard}` in the same job, before `databricks bundle deploy`",
        )


def check_steps_of_release(file: str, text: str, tree: object) -> Iterator[Weakness]:
    """Yield the jobs of GitHub or Azure DevOps that deploy a release without its checks.

    Args:
        file: The file's path from the project's folder.
        text: The file's text.
        tree: What `read_yaml` made of it.
    """
    if RELEASE not in text:
        return
    for job in mappings(tree):
        steps = job.get("steps")
        before = ""
        for step in mappings(steps) if isinstance(steps, list) else ():
            key = next((key for key in _SCRIPTS if isinstance(step.get(key), str)), None)
            if key is None:
                continue
            before += f"\n{step[key]}"
            if before_deployment(before) is not None:
                for missing in missing_guards(before):
                    yield missing.weakness(file, step.line_of(key), "this job")
                break


def check_job_of_release(file: str, line: int, name: str, script: str) -> Iterator[Weakness]:
    """Yield what a job of GitLab lacks, given all its commands, if it deploys a release."""
    for missing in missing_guards(script):
        yield missing.weakness(file, line, f"the job `{name}`")


def missing_guards(script: str) -> list[_Missing]:
    """Return the checks that do not come before the deployment in a script; none if it deploys nothing."""
    before = before_deployment(script)
    if before is None:
        return []
    return [
        _Missing(guard, consequence)
        for guard, consequence in _GUARDS.items()
        if not re.search(rf"\b{guard.replace(' ', chr(92) + 's+')}\b", before)
    ]
