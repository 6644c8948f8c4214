"""Tasks that cannot run here, and the status of a run that has some, in memory."""

from pathlib import Path
from typing import Any

import pytest

from lakewright.bundle import Kind, Location, Verdict
from lakewright.runner.errors import PlanError
from lakewright.runner.record.result import Status
from lakewright.runner.record.run_status import exit_code

pytestmark = pytest.mark.unit
LOCAL = Verdict(Kind.LOCAL, "runs here")


def judge(verdicts: dict[str, Verdict]) -> Any:
    return lambda _job, task: verdicts.get(task["task_key"], LOCAL)


@pytest.fixture
def chain(jobs: Any) -> Any:
    """Run a → b → c."""
    tasks = [jobs.task("a"), jobs.task("b", after=("a",)), jobs.task("c", after=("b",))]
    return lambda verdicts: jobs.run_bundle(jobs.bundle(*tasks), classify=judge(verdicts))


def test_a_task_that_needs_a_workspace_is_left_out_loudly_with_those_behind_it(
    chain: Any, statuses: Any
) -> None:
    summary = chain({"b": Verdict(Kind.CLOUD, "a pipeline runs in a workspace")})
    assert statuses(summary) == {"a": "success", "b": "cloud", "c": "skipped"}
    assert "`b`" in (summary.tasks["c"].reason or "")
    assert summary.status == "success"


def test_what_the_project_itself_leaves_to_workspaces_holds_up_neither_tasks_nor_calling_jobs(
    jobs: Any, statuses: Any
) -> None:
    inner = [jobs.task("a"), jobs.task("monitor", after=("a",))]
    call = {"task_key": "call", "run_job_task": {"job_id": "${resources.jobs.inner.id}"}}
    bundle = jobs.bundle(call, jobs.task("b", after=("call",)), others={"inner": {"tasks": inner}})
    left_out = Verdict(Kind.CLOUD, "needs a workspace", left_out=True)
    summary = jobs.run_bundle(bundle, classify=judge({"monitor": left_out}))
    assert statuses(summary) == {
        "call/a": "success",
        "call/monitor": "cloud",
        "call": "success",
        "b": "success",
    }
    assert summary.tasks["call/monitor"].result_state == "excluded"
    assert summary.status == "success"


def test_a_run_that_leaves_everything_to_workspaces_fails(chain: Any) -> None:
    left_out = Verdict(Kind.CLOUD, "x", left_out=True)
    summary = chain({"a": left_out, "b": left_out, "c": left_out})
    assert (summary.status, summary.reason) == ("failed", "nothing was executed")


def test_a_run_in_which_nothing_was_executed_fails(chain: Any) -> None:
    summary = chain({"a": Verdict(Kind.CLOUD, "x")})
    assert (summary.status, summary.reason) == ("failed", "nothing was executed")
    assert exit_code(summary) == 1


def condition() -> dict[str, Any]:
    return {"task_key": "check", "condition_task": {"left": "1", "op": "EQUAL_TO", "right": "1"}}


def test_a_condition_before_tasks_that_need_a_workspace_is_no_success(jobs: Any, statuses: Any) -> None:
    after = jobs.task("a", depends_on=[{"task_key": "check", "outcome": "true"}])
    bundle = jobs.bundle(condition(), after)
    summary = jobs.run_bundle(bundle, classify=judge({"a": Verdict(Kind.CLOUD, "x")}))
    assert statuses(summary) == {"check": "success", "a": "cloud"}
    assert summary.status == "failed"
    assert "nothing was executed but conditions" in (summary.reason or "")
    assert jobs.run(condition()).status == "success"


@pytest.mark.parametrize("kind", ["loop", "call"])
def test_a_loop_or_a_call_in_which_nothing_was_executed_is_no_success(
    jobs: Any, kind: str, statuses: Any
) -> None:
    cloud = jobs.task("cloud")
    call = {"task_key": "call", "run_job_task": {"job_id": "${resources.jobs.inner.id}"}}
    loop = {"task_key": "loop", "for_each_task": {"inputs": "[1, 2]", "task": {**call, "task_key": "each"}}}
    tasks = {"loop": loop, "call": call}
    after = jobs.task("after", after=(kind,))
    bundle = jobs.bundle(condition(), tasks[kind], after, others={"inner": {"tasks": [condition(), cloud]}})
    summary = jobs.run_bundle(bundle, classify=judge({"cloud": Verdict(Kind.CLOUD, "x")}))
    found = statuses(summary)
    assert found[kind] == found["after"] == "skipped"
    assert "cloud" in (summary.tasks[kind].reason or "")
    assert summary.status == "failed"
    assert exit_code(summary) == 1


def test_a_loop_of_which_a_part_was_executed_is_named_and_its_successors_are_skipped(jobs: Any) -> None:
    inner = {
        "parameters": [{"name": "x", "default": ""}],
        "tasks": [jobs.task("here"), jobs.task("cloud", after=("here",))],
    }
    each = {"task_key": "each", "run_job_task": {"job_id": "${resources.jobs.inner.id}"}}
    loop = {"task_key": "loop", "for_each_task": {"inputs": "[1]", "task": each}}
    bundle = jobs.bundle(loop, jobs.task("after", after=("loop",)), others={"inner": inner})
    summary = jobs.run_bundle(bundle, classify=judge({"cloud": Verdict(Kind.CLOUD, "x")}))
    assert summary.status == "success"
    assert summary.tasks["loop"].status is summary.tasks["after"].status is Status.SKIPPED


def test_a_broken_task_is_a_config_failure_with_its_place(chain: Any) -> None:
    place = Location(Path("x.yml"), 3, 1)
    summary = chain({"a": Verdict(Kind.CONFIG, "names another catalog", place)})
    assert summary.tasks["a"].status is Status.CONFIG
    assert summary.tasks["a"].problem.location == "x.yml:3:1"
    assert summary.status == "failed"


def test_a_failure_that_the_job_handles_is_a_success_with_failures(
    jobs: Any, breaks: Any, statuses: Any
) -> None:
    fix = jobs.task("fix", after=("a",), run_if="AT_LEAST_ONE_FAILED")
    summary = jobs.run(jobs.task("a"), fix, work={"a": breaks})
    assert statuses(summary) == {"a": "failed", "fix": "success"}
    assert summary.status == "success_with_failures"
    assert exit_code(summary) == 1


def test_a_dependency_without_a_key_is_refused(jobs: Any) -> None:
    with pytest.raises(PlanError):
        jobs.run(jobs.task("a", depends_on=[{}]))
