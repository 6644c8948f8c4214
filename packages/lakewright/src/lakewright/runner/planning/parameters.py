"""The parameters of a job, and their values in a run."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from lakewright.bundle import Bundle
from lakewright.runner.choices import choose_from
from lakewright.runner.errors import PlanError
from lakewright.runner.planning.graph import JobPlan
from lakewright.runner.planning.local_values import localise, place_of
from lakewright.runner.planning.references import resolve
from lakewright.runner.planning.scope import JobFacts, Scope, TaskFacts


def refuse_undeclared(plan: JobPlan, given: Iterable[str]) -> None:
    """Refuse parameters that the job does not declare.

    Raises:
        PlanError: The job does not declare a given parameter.
    """
    for name in given:
        if name not in plan.parameters:
            raise PlanError(
                f"job `{plan.key}` declares no parameter `{name}`",
                location=f"{plan.path}.parameters",
                fix=choose_from(name, plan.parameters)
                if plan.parameters
                else "declare it under the job's `parameters`",
            )


def job_parameters(
    bundle: Bundle, plan: JobPlan, given: Mapping[str, str], *, started_at: datetime
) -> dict[str, str]:
    """The values of a job's parameters: given ones over defaults, references in them resolved."""
    defaults = {name: str(localise(bundle, value)) for name, value in plan.parameters.items()}
    merged = {**defaults, **given}
    scope = Scope(JobFacts(job_id(plan), 0, plan.name, merged, started_at), TaskFacts("", 0))
    location = place_of(bundle, f"{plan.path}.parameters")
    return {name: str(resolve(value, scope, location=location)) for name, value in merged.items()}


def job_id(plan: JobPlan) -> int:
    """A number that stands for the job's id, which only a workspace has: the same in every run."""
    return zlib.crc32(plan.key.encode())
