"""Rules for pipelines of GitLab that change infrastructure: who may sign in as Terraform, and who has read the plan."""

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from typing import Any

from lakewright.pipelines.commands import changes_infrastructure, deploys_bundle, plans_infrastructure
from lakewright.pipelines.reading import as_list
from lakewright.pipelines.weakness import Weakness


def check_infrastructure(
    jobs: AnyMapping[str, AnyMapping[str, Any]],
    scripts: AnyMapping[str, str],
    places: AnyMapping[str, tuple[str, int]],
) -> Iterator[Weakness]:
    """Yield what is unsafe in the jobs of one pipeline that change infrastructure.

    Args:
        jobs: The jobs of the pipeline, with what they extend.
        scripts: All commands of each job.
        places: File and line of each job.
    """
    deploying = [name for name, script in scripts.items() if deploys_bundle(script)]
    for name, script in scripts.items():
        command = changes_infrastructure(script)
        if command is None:
            continue
        file, line = places[name]
        if deploying:
            yield Weakness(
                file,
                line,
                "shared-identity",
                f"the job `{name}` runs `{command}` in the pipeline in which `{deploying[0]}` deploys the bundle: GitLab's token names"
                " project and branch or tag, not the job, so each of them can sign in as the other",
                "move it into the pipeline of a GitLab project of its own, such as `.gitlab/infrastructure.yml`",
            )
        if not _by_hand(jobs[name]):
            yield Weakness(
                file,
                line,
                "no-approval",
                f"the job `{name}` runs `{command}` although nobody has read the plan",
                "add `when: manual` to each of its rules, and protect its environment",
            )
        if plans_infrastructure(script):
            yield Weakness(
                file,
                line,
                "no-approval",
                f"the job `{name}` plans and runs `{command}` at once: nobody reads the plan in between",
                "plan in a job before it, and hand the sum of the plan on as an artifact",
            )


def _by_hand(job: AnyMapping[str, Any]) -> bool:
    rules = [rule for rule in as_list(job.get("rules")) if isinstance(rule, dict)]
    starting = [rule.get("when", job.get("when")) for rule in rules if rule.get("when") != "never"]
    return bool(starting) and all(when == "manual" for when in starting)
