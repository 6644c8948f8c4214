"""Run a step, unless nothing that it depends on has changed since its last finished run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from databricks_utils.steps.register import FinishedRun

ResultT = TypeVar("ResultT")
States = Mapping[str, str]
_NAMED = 5


@dataclass(frozen=True)
class Step:
    """What a step depends on.

    Attributes:
        name: The step, and what it works on, e.g. `features flight_features`.
        definition: Code, configuration and packages; see `define_step`.
        inputs: Returns the states of what the step reads, by name, e.g. of `table_states`.
        outputs: Returns the states of what it writes. A change that another writer made there lets the step run.
    """

    name: str
    definition: Mapping[str, str]
    inputs: Callable[[], States]
    outputs: Callable[[], States]


@dataclass(frozen=True)
class Outcome(Generic[ResultT]):
    """The result of a step.

    Attributes:
        result: What the work returned, now or in the last finished run.
        unchanged: That nothing has changed, and since when, as text; empty if the step ran.
        reasons: What has changed since the last finished run, in words; empty if nothing has, or if there was none.
    """

    result: ResultT
    unchanged: str = ""
    reasons: tuple[str, ...] = ()


class Register(Protocol):
    """The finished runs of steps; `StepRegister` keeps them in a table."""

    def last(self, step: str) -> FinishedRun | None:
        """Return the last finished run of a step; None if there is none."""

    def add(self, run: FinishedRun) -> None:
        """Add a finished run."""


def run_step(
    register: Register,
    step: Step,
    work: Callable[[], ResultT],
    result_type: type[ResultT],
    *,
    always: bool = False,
) -> Outcome[ResultT]:
    """Run a step's work, unless its inputs, outputs and definition are those of its last finished run.

    The states of the inputs are read before the work, so that what changes during the work lets the step run again.

    Args:
        register: The finished runs.
        step: What the step depends on.
        work: Does it; what it returns is kept as JSON. An error leaves no finished run.
        result_type: The type of the result: JSON's own types, or dataclasses of them.
        always: Run the work whether or not something has changed.
    """
    last, adapter = register.last(step.name), TypeAdapter(result_type)
    inputs = step.inputs()
    reasons = tuple(_reasons(last, step, inputs)) if last else ()
    if last and not reasons and not always:
        unchanged = f"nothing has changed since {last}"
        return Outcome(adapter.validate_json(last.result), unchanged)
    result = work()
    stored = json.dumps(adapter.dump_python(result, mode="json"))  # pydantic's own JSON has no NaN
    register.add(FinishedRun(step.name, step.definition, inputs, step.outputs(), stored))
    return Outcome(result, reasons=reasons)


def _reasons(last: FinishedRun, step: Step, inputs: States) -> Iterator[str]:
    """Yield in words what differs from the last run; the outputs are looked at only if nothing else differs."""
    differs = False
    for now, then in ((step.definition, last.definition), (inputs, last.inputs)):
        changes = list(_changes(now, then))
        yield from changes
        differs = differs or bool(changes)
    if not differs:
        yield from (f"{change} since the step wrote it" for change in _changes(step.outputs(), last.outputs))


def _changes(now: States, then: States) -> Iterator[str]:
    names = sorted({*now, *then})
    changed = [name for name in names if now.get(name) != then.get(name)]
    for name in changed[:_NAMED]:
        yield f"{name} {'is new' if name not in then else 'changed' if name in now else 'is gone'}"
    if len(changed) > _NAMED:
        yield f"{len(changed) - _NAMED} more changed"
