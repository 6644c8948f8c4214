"""`--only`, `--from` and `--resume`, in memory: the executor sees which tasks run again."""

import json
import shutil
from importlib import resources
from typing import Any

import jsonschema
import pytest

from lakewright.runner.errors import PlanError
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.planning.resume import ResumeError
from lakewright.runner.record.summary import RecordError
from lakewright.runner.run_job import run_job

pytestmark = pytest.mark.unit
RESUME = RunOptions(resume=True)


@pytest.fixture
def chain(jobs: Any, breaks: Any) -> Any:
    """Run a → b → c; b breaks if wanted. `a` sets the task value n."""

    def run(*, broken: bool = False, tasks: Any = None, **more: Any) -> Any:
        work = {"a": lambda _: {"n": 5}, **({"b": breaks} if broken else {})}
        return jobs.run(*(tasks or chain_of(jobs)), work=work, **more)

    return run


def chain_of(jobs: Any) -> list[dict[str, Any]]:
    given = {"n": "{{tasks.a.values.n}}"}
    return [
        jobs.task("a"),
        jobs.task("b", after=("a",), base_parameters=given),
        jobs.task("c", after=("b",)),
    ]


def test_only_and_from_run_a_part_of_the_job(jobs: Any, executed: Any) -> None:
    tasks = [jobs.task("a"), jobs.task("b", after=("a",)), jobs.task("c", after=("b",))]
    only = jobs.run(*tasks, options=RunOptions(only=("b",)))
    assert executed(only) == ["b"]
    assert only.status == "success"
    assert executed(jobs.run(*tasks, options=RunOptions(start_from="b"))) == ["b", "c"]


def test_selecting_a_task_that_does_not_exist_names_the_nearest(chain: Any) -> None:
    with pytest.raises(PlanError, match="no task `bb`") as caught:
        chain(options=RunOptions(only=("bb",)))
    assert "`b`" in (caught.value.fix or "")


def test_a_part_of_the_job_in_which_a_task_failed_has_failed(jobs: Any, breaks: Any) -> None:
    tasks = (jobs.task("a"), jobs.task("b", after=("a",)), jobs.task("c", after=("b",)))
    run = jobs.run(*tasks, work={"a": breaks}, options=RunOptions(only=("a", "b")))
    assert run.status == "failed"


def test_resume_repeats_only_what_failed_and_passes_the_values_on(
    jobs: Any, chain: Any, executed: Any
) -> None:
    first = chain(broken=True)
    assert first.status == "failed"
    second = chain(options=RESUME)
    assert second.status == "success", second.as_dict()
    assert executed(second) == ["b", "c"]
    assert jobs.executor.parameters("b") == {"n": "5"}
    written = json.loads(second.path.read_text())
    assert written["resumed_from"] == first.run_id
    assert written["tasks"][0]["reused_from"] == first.run_id


def test_a_killed_run_is_marked_and_resumed_from_what_it_had_finished(chain: Any, executed: Any) -> None:
    first = chain(broken=True)
    record = json.loads(first.path.read_text())
    left = {**record, "status": "running", "reason": None, "ended_at": None, "tasks": record["tasks"][:1]}
    first.path.write_text(json.dumps(left))
    second = chain(options=RESUME)
    assert executed(second) == ["b", "c"]
    assert second.head.resumed_from == first.run_id
    marked = json.loads(first.path.read_text())
    assert (marked["status"], marked["ended_at"], marked["tasks"]) == ("killed", None, left["tasks"])
    schema = resources.files("lakewright.runner.record").joinpath("summary.schema.json").read_text()
    jsonschema.validate(marked, json.loads(schema))


def test_records_of_runs_that_ended_and_files_that_are_no_record_are_left_as_they_are(
    jobs: Any, breaks: Any
) -> None:
    first = jobs.run(*chain_of(jobs), jobs.task("running"), work={"a": breaks})
    kept = first.path.read_bytes()
    assert b'"running"' in kept
    broken = {"one": b'{"status": "running"', "two": b'["running"]', "three": b"\xff"}
    for name, text in broken.items():
        (jobs.root / ".lakewright/runs" / name).mkdir()
        (jobs.root / ".lakewright/runs" / name / "summary.json").write_bytes(text)
    assert jobs.run(jobs.task("a")).status == "success"
    assert first.path.read_bytes() == kept
    for name, text in broken.items():
        assert (jobs.root / ".lakewright/runs" / name / "summary.json").read_bytes() == text


def test_resume_repeats_the_tasks_behind_a_repeated_one_though_they_had_succeeded(
    jobs: Any, breaks: Any, statuses: Any, executed: Any
) -> None:
    tasks = [
        jobs.task("a"),
        jobs.task("b", after=("a",), run_if="ALL_DONE"),
        jobs.task("c", after=("b",)),
        jobs.task("apart"),
    ]
    first = jobs.run(*tasks, work={"a": breaks, "c": breaks})
    assert statuses(first) == {"a": "failed", "b": "success", "c": "failed", "apart": "success"}
    second = jobs.run(*tasks, options=RESUME)
    assert second.status == "success", second.as_dict()
    assert set(executed(second)) == {"a", "b", "c"}


def test_resume_repeats_nothing_for_a_branch_not_taken_or_a_task_not_selected(
    jobs: Any, breaks: Any, executed: Any
) -> None:
    compare = {"left": "1", "op": "EQUAL_TO", "right": "1"}
    tasks = [
        jobs.task("before"),
        {"task_key": "check", "condition_task": compare},
        jobs.task("no", depends_on=[{"task_key": "check", "outcome": "false"}]),
        jobs.task("join", after=("no", "before"), run_if="NONE_FAILED"),
        jobs.task("last", after=("join",)),
    ]
    some = ("check", "no", "join", "last")
    assert jobs.run(*tasks, work={"last": breaks}, options=RunOptions(only=some)).status == "failed"
    second = jobs.run(*tasks, options=RunOptions(resume=True, only=some))
    assert executed(second) == ["last"]


def nested(jobs: Any, *tasks: Any) -> Any:
    call = {"task_key": "call", "run_job_task": {"job_id": "${resources.jobs.inner.id}"}}
    return jobs.bundle(call, others={"inner": {"name": "inner", "tasks": list(tasks)}})


def test_resume_inside_a_called_job_repeats_the_tasks_behind_a_repeated_one(
    jobs: Any, breaks: Any, executed: Any
) -> None:
    tasks = (
        jobs.task("a"),
        jobs.task("b", after=("a",), run_if="ALL_DONE"),
        jobs.task("c", after=("b",)),
    )
    assert jobs.run_bundle(nested(jobs, *tasks), work={"a": breaks, "c": breaks}).status == "failed"
    second = jobs.run_bundle(nested(jobs, *tasks), options=RESUME)
    assert set(executed(second)) == {"call/a", "call/b", "call/c", "call"}


def test_resume_also_keeps_what_succeeded_inside_a_called_job(jobs: Any, breaks: Any, executed: Any) -> None:
    given = {"n": "{{tasks.good.values.n}}"}
    tasks = (jobs.task("good"), jobs.task("bad", after=("good",), base_parameters=given))
    first = jobs.run_bundle(nested(jobs, *tasks), work={"good": lambda _: {"n": 1}, "bad": breaks})
    assert first.status == "failed"
    second = jobs.run_bundle(nested(jobs, *tasks), options=RESUME)
    assert second.status == "success", second.as_dict()
    assert executed(second) == ["call/bad", "call"]
    assert jobs.executor.parameters("call/bad") == {"n": "1"}


def test_resume_is_refused_where_a_called_job_has_changed(jobs: Any, breaks: Any) -> None:
    jobs.run_bundle(nested(jobs, jobs.task("a")), work={"a": breaks})
    with pytest.raises(ResumeError) as caught:
        jobs.run_bundle(nested(jobs, jobs.task("a", timeout_seconds=5)), options=RESUME)
    assert "task `inner.a` has changed" in (caught.value.detail or "")


def test_resume_is_refused_where_a_job_called_in_a_loop_has_changed(jobs: Any, breaks: Any) -> None:
    def bundle(**more: Any) -> Any:
        call = {"task_key": "call", "run_job_task": {"job_id": "${resources.jobs.inner.id}"}}
        loop = {"task_key": "loop", "for_each_task": {"inputs": "[1]", "task": call}}
        return jobs.bundle(loop, others={"inner": {"tasks": [jobs.task("a", **more)]}})

    jobs.run_bundle(bundle(), work={"a": breaks})
    with pytest.raises(ResumeError) as caught:
        jobs.run_bundle(bundle(timeout_seconds=5), options=RESUME)
    assert "task `inner.a` has changed" in (caught.value.detail or "")


def test_resume_after_two_failures_still_knows_the_first_results(chain: Any, executed: Any) -> None:
    chain(broken=True)
    chain(broken=True, options=RESUME)
    assert executed(chain(options=RESUME)) == ["b", "c"]


def test_a_run_that_failed_before_its_first_task_does_not_hide_the_results_of_the_one_before(
    jobs: Any, chain: Any, executed: Any
) -> None:
    first = chain(broken=True)

    class NoEngine:
        def expect(self, count: int) -> None:
            raise OSError("the engine did not start")

    with pytest.raises(OSError, match="did not start"):
        run_job(jobs.bundle(*chain_of(jobs)), "main", executor=NoEngine())
    again = chain(options=RESUME)
    assert executed(again) == ["b", "c"]
    assert json.loads(again.path.read_text())["resumed_from"] != first.run_id


def test_a_failed_run_with_other_parameters_is_passed_over_and_what_it_executed_is_repeated(
    jobs: Any, breaks: Any, executed: Any
) -> None:
    tasks = [jobs.task("a"), jobs.task("apart"), jobs.task("b", after=("a",))]
    parameters = [{"name": "day", "default": "1"}]
    first = jobs.run(*tasks, work={"b": breaks}, parameters=parameters)
    other = RunOptions(parameters={"day": "2"}, only=("a",))
    assert jobs.run(*tasks, work={"a": breaks}, options=other, parameters=parameters).status == "failed"
    again = jobs.run(*tasks, options=RESUME, parameters=parameters)
    assert again.head.resumed_from == first.run_id
    assert set(executed(again)) == {"a", "b"}


def test_a_part_of_the_job_that_was_run_since_counts_with_its_newest_results(
    jobs: Any, chain: Any, executed: Any
) -> None:
    first = chain(broken=True)
    work = {"a": lambda _: {"n": 6}}
    assert jobs.run(*chain_of(jobs), work=work, options=RunOptions(only=("a",))).status == "success"
    again = chain(options=RESUME)
    assert again.head.resumed_from == first.run_id
    assert executed(again) == ["b", "c"]
    assert jobs.executor.parameters("b") == {"n": "6"}


def test_what_a_killed_run_was_executing_is_repeated(jobs: Any, chain: Any, executed: Any) -> None:
    chain(broken=True)
    second = jobs.run(*chain_of(jobs), options=RunOptions(only=("a",)))
    record = json.loads(second.path.read_text())
    left = [task for task in record["tasks"] if task["key"] != "a"]
    second.path.write_text(json.dumps({**record, "status": "running", "ended_at": None, "tasks": left}))
    assert executed(chain(options=RESUME)) == ["a", "b", "c"]


def test_resume_is_refused_where_the_rest_was_run_by_itself(jobs: Any, chain: Any) -> None:
    chain(broken=True)
    assert chain(options=RunOptions(start_from="b")).status == "success"
    with pytest.raises(ResumeError, match="nothing is left to do"):
        chain(options=RESUME)


def test_a_resumed_run_counts_its_repairs(jobs: Any, breaks: Any) -> None:
    tasks = [jobs.task("a"), jobs.task("b", after=("a",), base_parameters={"n": "{{job.repair_count}}"})]
    seen = []
    for options in (RunOptions(), RESUME, RESUME):
        summary = jobs.run(*tasks, work={"b": breaks}, options=options)
        seen.append(jobs.executor.parameters("b")["n"])
    assert seen == ["0", "1", "2"]
    schema = resources.files("lakewright.runner.record").joinpath("summary.schema.json").read_text()
    jsonschema.validate(json.loads(summary.path.read_text()), json.loads(schema))


@pytest.mark.parametrize("options", [RunOptions(start_from="b"), RunOptions(only=("b",))])
def test_a_part_of_the_job_sees_the_task_values_of_the_last_run(
    jobs: Any, chain: Any, executed: Any, options: RunOptions
) -> None:
    first = chain()
    part = chain(options=options)
    assert "a" not in executed(part)
    assert jobs.executor.parameters("b") == {"n": "5"}
    assert first.run_id in (part.tasks["a"].reason or "")
    assert next(a for a in jobs.executor.seen if a.label == "b").values["a"] == {"n": 5}


def test_a_part_of_the_job_without_an_earlier_run_says_which_task_to_run_too(chain: Any) -> None:
    part = chain(options=RunOptions(start_from="b"))
    problem = part.tasks["b"].problem
    assert "not part of this run" in problem.summary
    assert "`a`" in problem.fix


def test_a_part_of_the_job_does_not_take_a_redacted_value_for_the_value(
    jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBX_SECRET__KV__KEY", "hunter2-from-env")
    tasks = [jobs.task("a"), jobs.task("b", after=("a",), base_parameters={"k": "{{tasks.a.values.key}}"})]
    work = {"a": lambda _: {"key": "hunter2-from-env", "n": 1}}
    assert jobs.run(*tasks, work=work).status == "success"
    part = jobs.run(*tasks, options=RunOptions(start_from="b"))
    assert "`n`" in (part.tasks["b"].problem.detail or "")
    assert "REDACTED" not in str(jobs.executor.seen)


def test_resume_is_refused_where_there_is_nothing_to_resume(chain: Any) -> None:
    with pytest.raises(ResumeError, match="no failed run"):
        chain(options=RESUME)
    chain()
    with pytest.raises(ResumeError, match="no failed run") as caught:
        chain(options=RESUME)
    assert "succeeded" in (caught.value.detail or "")


def test_resume_is_refused_where_the_job_has_changed_and_says_what(jobs: Any, chain: Any) -> None:
    chain(broken=True)
    tasks = chain_of(jobs)
    tasks[2]["max_retries"] = 3
    with pytest.raises(ResumeError) as caught:
        chain(tasks=tasks, options=RESUME)
    assert "task `c` has changed" in (caught.value.detail or "")


def test_resume_is_refused_with_other_parameters(chain: Any) -> None:
    parameters = [{"name": "day", "default": "1"}]
    chain(broken=True, parameters=parameters)
    with pytest.raises(ResumeError) as caught:
        chain(parameters=parameters, options=RunOptions(resume=True, parameters={"day": "2"}))
    assert "day: then '1', now '2'" in (caught.value.detail or "")


def test_a_fix_is_a_new_commit_and_the_job_may_be_resumed_although_it_names_the_commit(
    jobs: Any, chain: Any
) -> None:
    def run(commit: str, **options: Any) -> Any:
        sha = commit.removesuffix("-dirty")
        tasks = chain_of(jobs)
        tasks[2]["notebook_task"]["base_parameters"] = {"commit": sha}
        parameters = [{"name": "git_sha", "default": sha}, {"name": "day", "default": "1"}]
        given = RunOptions(git_sha=commit, **options)
        return chain(broken=not options, tasks=tasks, options=given, parameters=parameters)

    assert run("a" * 40).status == "failed"
    with pytest.raises(ResumeError, match="other parameters") as caught:
        run("b" * 40, resume=True, parameters={"day": "2"})
    assert "git_sha" not in (caught.value.detail or "")
    resumed = run("c" * 40 + "-dirty", resume=True)
    assert resumed.status == "success"
    assert not resumed.tasks["a"].executed


def test_resume_repeats_a_task_whose_value_was_a_secret(
    jobs: Any, breaks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBX_SECRET__KV__KEY", "hunter2-from-env")
    tasks = [
        jobs.task("a"),
        jobs.task("p"),
        jobs.task("b", after=("a", "p"), base_parameters={"key": "{{tasks.a.values.key}}"}),
    ]
    work = {"a": lambda _: {"key": "hunter2-from-env"}, "p": lambda _: {"key": 1}}
    assert jobs.run(*tasks, work={**work, "b": breaks}).status == "failed"
    again = jobs.run(*tasks, work=work, options=RESUME)
    assert again.status == "success"
    assert again.tasks["a"].executed
    assert not again.tasks["p"].executed
    assert jobs.executor.parameters("b") == {"key": "hunter2-from-env"}


def test_a_record_that_cannot_be_written_ends_the_run_with_its_place(jobs: Any) -> None:
    def spoil(_: Any) -> None:
        runs = jobs.root / ".lakewright/runs"
        shutil.rmtree(runs)
        runs.touch()

    with pytest.raises(RecordError, match="cannot be written") as caught:
        jobs.run(jobs.task("n"), work={"n": spoil})
    assert caught.value.fix == (
        "make room on the disk, or make the folder writable, then: lakewright run main --resume"
    )


def test_an_undeclared_parameter_is_refused(chain: Any) -> None:
    with pytest.raises(PlanError) as caught:
        chain(parameters=[{"name": "day"}], options=RunOptions(parameters={"dya": "1"}))
    assert "`day`" in (caught.value.fix or "")


def test_a_secret_that_is_a_common_word_leaves_the_record_readable(
    jobs: Any, breaks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBX_SECRET__KV__USER", "alpha")
    monkeypatch.setenv("DBX_SECRET__KV__WORD", "success")
    assert jobs.run(jobs.task("alpha"), work={"alpha": breaks}).status == "failed"
    record = json.loads(jobs.run(jobs.task("alpha")).path.read_text(encoding="utf-8"))
    assert [record["status"], record["tasks"][0]["key"], record["tasks"][0]["status"]] == [
        "success",
        "alpha",
        "success",
    ]
    assert list(record["task_hashes"]) == ["alpha"]
