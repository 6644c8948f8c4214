"""The parameters of a job, and their values in a run."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from databricks_utils.nearest import choose_from
from lakewright.bundle import Bundle
from lakewright.bundle.jobs.dynamic import dynamic_references
from lakewright.bundle.jobs.value_references import find_reference, is_reference
from lakewright.runner.errors import PlanError
from lakewright.runner.planning.graph import JobPlan
from lakewright.runner.values.local_values import localise, place_of
from lakewright.runner.values.references import resolve
from lakewright.runner.values.scope import JobFacts, Scope
from lakewright.runner.values.text_form import text


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
                fix=choose_from(name, plan.parameters) or "declare it under the job's `parameters`",
            )


def refuse_missing(bundle: Bundle, plan: JobPlan, texts: Mapping[str, str]) -> None:
    """Refuse parameters with a reference that has no value in a local run.

    Args:
        bundle: The resolved bundle.
        plan: The job.
        texts: The parameters whose references will be resolved.

    Raises:
        PlanError: A parameter has such a reference.
    """
    for name, value in texts.items():
        for reference in dynamic_references([("", value)]):
            known = find_reference(reference.parts) if is_reference(reference.parts) else None
            if known is not None and known.missing:
                raise PlanError(
                    f"parameter `{name}` of job `{plan.key}` has no value here: {known.missing}",
                    detail=f"{name}: {value}",
                    location=place_of(bundle, f"{plan.path}.parameters"),
                    fix=f"give it one: --param {name}=…, or `job_parameters` of the task that runs the job",
                )


def job_parameters(
    bundle: Bundle,
    plan: JobPlan,
    job: JobFacts,
    *,
    given: Mapping[str, str] | None = None,
    data: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The values of a job's parameters.

    Args:
        bundle: The resolved bundle.
        plan: The job.
        job: What references in the parameters can see.
        given: Parameters of the command line; like the defaults, they may hold references.
        data: Values from a calling job. They are data and are passed on as they are.

    Raises:
        ReferenceConfigError: A reference has no value.
        PlanError: Parameters refer to each other in a circle.
    """
    values = dict(data or {})
    texts = {name: text(localise(bundle, default)) for name, default in plan.parameters.items()}
    texts = {name: value for name, value in {**texts, **(given or {})}.items() if name not in values}
    refuse_missing(bundle, plan, texts)
    location = place_of(bundle, f"{plan.path}.parameters")
    for name in _in_order(texts, location):
        # With the names that follow, so that the error about an unknown parameter can suggest them.
        scope = Scope(replace(job, parameters={**dict.fromkeys(texts, ""), **values}))
        values[name] = resolve(texts[name], scope, location=location)
    return {name: values[name] for name in {**plan.parameters, **values}}


def job_id(plan: JobPlan) -> int:
    """A number in place of the job's id, which only a workspace has; the same in every run."""
    return zlib.crc32(plan.key.encode())


def _in_order(texts: Mapping[str, str], location: str) -> list[str]:
    """The parameters, each after those that it refers to."""
    graph = {name: set(_parameters_in(value)) & set(texts) for name, value in texts.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise PlanError(
            "job parameters refer to each other in a circle",
            detail=" → ".join(reversed(error.args[1])),
            location=location,
            fix="give one of them a value of its own",
        ) from error


def _parameters_in(value: str) -> Iterable[str]:
    for reference in dynamic_references([("", value)]):
        if reference.parts[:2] == ("job", "parameters") and len(reference.parts) > 2:
            yield reference.parts[2]
