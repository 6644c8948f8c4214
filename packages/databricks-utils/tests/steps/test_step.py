"""A step ends at once if nothing that it depends on has changed, and runs after every kind of change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from databricks_utils.moments import as_micros
from databricks_utils.steps import Outcome, Step, run_step
from databricks_utils.steps.earlier import earlier_result, standing_result
from databricks_utils.steps.register import FinishedRun

pytestmark = pytest.mark.unit
States = Mapping[str, str]


@dataclass
class Runs:
    """Finished runs in memory."""

    runs: list[FinishedRun] = field(default_factory=list)

    def last(self, step: str) -> FinishedRun | None:
        return next((run for run in reversed(self.runs) if run.step == step), None)

    def add(self, run: FinishedRun) -> None:
        self.runs.append(run)


@dataclass
class World:
    """What a step depends on, and how often it worked."""

    definition: dict[str, str] = field(default_factory=lambda: {"code `f`": "1", "configuration": "1"})
    inputs: dict[str, str] = field(default_factory=lambda: {"bronze": "1"})
    outputs: dict[str, str] = field(default_factory=lambda: {"silver": "1"})
    worked: int = 0

    def step(self, name: str = "transform") -> Step:
        return Step(name, dict(self.definition), lambda: dict(self.inputs), lambda: dict(self.outputs))

    def run(self, runs: Runs, work: Callable[[], int] | None = None, **options: bool) -> Outcome[int]:
        def count() -> int:
            self.worked += 1
            self.outputs["silver"] = f"written {self.worked}"
            return self.worked

        return run_step(runs, self.step(), work or count, int, **options)


def test_the_second_run_does_not_work_and_returns_the_first_result() -> None:
    runs, world = Runs(), World()
    assert world.run(runs) == Outcome(1)
    assert world.run(runs).result == 1
    assert world.worked == len(runs.runs) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda world: world.definition.update({"code `f`": "2"}), "code `f` changed"),
        (lambda world: world.definition.update({"rule `new`": "1"}), "rule `new` is new"),
        (lambda world: world.definition.pop("configuration"), "configuration is gone"),
        (lambda world: world.inputs.update({"bronze": "2"}), "bronze changed"),
        (lambda world: world.inputs.update({"weather": "1"}), "weather is new"),
        (
            lambda world: world.outputs.update({"silver": "restored"}),
            "silver changed since the step wrote it",
        ),
        (lambda world: world.outputs.pop("silver"), "silver is gone since the step wrote it"),
    ],
)
def test_each_change_is_named_and_lets_it_work(change: Callable[[World], object], reason: str) -> None:
    runs, world = Runs(), World()
    world.run(runs)
    change(world)
    assert world.run(runs).reasons == (reason,)
    assert world.worked == 2
    assert world.run(runs).unchanged


def test_of_many_changes_the_first_are_named() -> None:
    runs, world = Runs(), World()
    world.run(runs)
    world.inputs = {f"table {number}": "1" for number in range(9)}
    assert world.run(runs).reasons[-1] == "5 more changed"


def test_what_changes_during_the_work_lets_it_work_again() -> None:
    runs, world = Runs(), World()

    def slow() -> int:
        world.inputs["bronze"] = "came meanwhile"
        return 0

    world.run(runs, slow)
    assert world.run(runs).reasons == ("bronze changed",)


def test_an_error_leaves_no_finished_run() -> None:
    runs, world = Runs(), World()

    def broken() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        world.run(runs, broken)
    assert world.run(runs).result == 1


def test_a_step_can_be_made_to_work() -> None:
    runs, world = Runs(), World()
    world.run(runs)
    assert world.run(runs, always=True).result == 2
    assert world.run(runs).result == 2


def test_two_steps_do_not_share_their_runs() -> None:
    runs, world = Runs(), World()
    world.run(runs)
    assert run_step(runs, world.step("features"), lambda: 7, int) == Outcome(7)


def test_the_commit_and_the_time_of_the_last_run_are_named() -> None:
    moment = as_micros(datetime(2026, 7, 1, 6, 30, tzinfo=UTC))
    run = FinishedRun("transform", {}, {"bronze": "1"}, {"silver": "1"}, "1", "4f2c09aab1cd77", moment)
    runs, world = Runs([run]), World(definition={})
    assert world.run(runs).unchanged == "nothing has changed since 2026-07-01 06:30 UTC (4f2c09aab1cd)"


@dataclass(frozen=True)
class Window:
    """A result with everything that results hold."""

    start: date
    area: float
    counts: tuple[int, ...]
    named: Mapping[str, str]
    inner: "Window | None" = None


def test_a_result_comes_back_as_it_was_also_without_a_value() -> None:
    runs, world = Runs(), World()
    window = Window(date(2024, 1, 1), float("nan"), (1, 2), {"a": "b"}, Window(date(2024, 2, 1), 0.5, (), {}))
    for _ in range(2):
        outcome = run_step(runs, world.step(), lambda: (window,), tuple[Window, ...])
    assert outcome.unchanged
    assert repr(outcome.result) == repr((window,))


def test_an_earlier_result_stands_only_if_what_the_step_wrote_is_as_it_was() -> None:
    runs, world = Runs(), World()
    assert standing_result(runs.last("transform"), world.step(), int) is None
    world.run(runs)
    last = runs.last("transform")
    assert standing_result(last, world.step(), int) == 1
    world.inputs["bronze"] = "2"
    assert standing_result(last, world.step(), int) == 1, "the step itself compares what of it counts"
    world.outputs["silver"] = "rolled back"
    assert earlier_result(last, world.step(), int) == 1
    assert standing_result(last, world.step(), int) is None
    world.outputs["silver"] = "written 1"
    world.definition["configuration"] = "2"
    assert standing_result(last, world.step(), int) is None
