"""Conditions, loops, jobs in jobs, wheels, selection and resuming."""

import json
import zipfile
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lakewright.bundle import Kind, Location, Verdict
from lakewright.runner.errors import PlanError
from lakewright.runner.planning.forecast import forecast
from lakewright.runner.planning.job_choice import choose_job
from lakewright.runner.planning.options import RunOptions
from lakewright.runner.planning.resume import ResumeError
from lakewright.runner.record.result import Status
from lakewright.runner.record.run_status import exit_code
from lakewright.runner.record.summary import RecordError
from lakewright.runner.run_job import run_job

pytestmark = pytest.mark.unit


LOCAL = Verdict(Kind.LOCAL, "runs here")


def statuses(summary: Any) -> dict[str, str]:
    return {key: result.status.value for key, result in summary.tasks.items()}


def condition(key: str, left: str, op: str, right: str, **more: Any) -> dict[str, Any]:
    return {"task_key": key, "condition_task": {"left": left, "op": op, "right": right}, **more}


def test_a_condition_on_a_task_value_chooses_the_branch(project: Any) -> None:
    load = project.task("load", 'dbutils.jobs.taskValues.set("rows", 12)')
    check = condition(
        "check", "{{tasks.load.values.rows}}", "GREATER_THAN", "10", depends_on=[{"task_key": "load"}]
    )
    yes = project.task("yes", "pass")
    no = project.task("no", "pass")
    yes["depends_on"] = [{"task_key": "check", "outcome": "true"}]
    no["depends_on"] = [{"task_key": "check", "outcome": "false"}]
    summary = project.run(load, check, yes, no)
    assert statuses(summary) == {"load": "success", "check": "success", "yes": "success", "no": "skipped"}
    assert summary.status == "success"
    assert "other branch of `check`" in (summary.tasks["no"].reason or "")


def test_a_condition_that_compares_text_as_numbers_is_a_config_error_with_its_place(project: Any) -> None:
    summary = project.run(condition("check", "many", "LESS_THAN", "10"))
    assert summary.tasks["check"].status is Status.CONFIG
    assert "many" in (summary.tasks["check"].reason or "")
    assert exit_code(summary) == 1


def test_an_unknown_reference_is_a_config_error_and_the_task_is_not_started(project: Any) -> None:
    task = project.task("n", "pass", base_parameters={"x": "{{job.parameters.dya}}"})
    summary = project.run(task, parameters=[{"name": "day", "default": "1"}])
    assert summary.tasks["n"].status is Status.CONFIG
    assert not summary.tasks["n"].executed
    assert "did you mean `day`" in (summary.tasks["n"].problem.fix or "")
    assert summary.tasks["n"].problem.location == "resources.jobs.main.tasks[0].notebook_task"


def loop(project: Any, inputs: Any, *cells: str, **more: Any) -> dict[str, Any]:
    inner = project.task(
        "each", *cells, base_parameters={"item": "{{input}}", **more.pop("base_parameters", {})}
    )
    inner.pop("depends_on")
    return {"task_key": "loop", "for_each_task": {"inputs": inputs, "task": inner, **more}}


def test_a_loop_runs_its_task_for_each_element_with_its_own_values(project: Any) -> None:
    source = project.task("source", 'dbutils.jobs.taskValues.set("items", [{"k": "a"}, {"k": "b"}])')
    body = loop(
        project,
        "{{tasks.source.values.items}}",
        'print("item", dbutils.widgets.get("key"), dbutils.widgets.get("item"))',
        base_parameters={"key": "{{input.k}}"},
        concurrency=2,
    )
    summary = project.run(source, {**body, "depends_on": [{"task_key": "source"}]})
    assert summary.status == "success", summary.as_dict()
    assert 'item a {"k": "a"}' in project.log("loop[0]")
    assert 'item b {"k": "b"}' in project.log("loop[1]")
    assert statuses(summary) == {
        "source": "success",
        "loop[0]": "success",
        "loop[1]": "success",
        "loop": "success",
    }


def test_a_loop_with_a_failing_element_fails_and_names_it(project: Any) -> None:
    summary = project.run(loop(project, "[1, 0]", 'print(1 / int(dbutils.widgets.get("item")))'))
    assert statuses(summary) == {"loop[0]": "success", "loop[1]": "failed", "loop": "failed"}
    assert summary.tasks["loop"].reason == "iteration 1 of 2 failed"
    assert "ZeroDivisionError" in (summary.tasks["loop"].problem.detail or "")


def test_a_loop_over_nothing_is_a_success(project: Any) -> None:
    assert project.run(loop(project, "[]", "1 / 0")).tasks["loop"].status is Status.SUCCESS


@pytest.mark.parametrize("inputs", ["not json", '{"a": 1}', "3"])
def test_inputs_that_are_no_list_are_refused(project: Any, inputs: str) -> None:
    result = project.run(loop(project, inputs, "pass")).tasks["loop"]
    assert result.status is Status.CONFIG
    assert "list" in (result.reason or "")


def test_a_task_inside_a_loop_is_tried_again_by_itself(project: Any) -> None:
    code = """
        from pathlib import Path
        mark = Path("seen")
        if not mark.exists():
            mark.touch()
            raise ValueError("first time")
    """
    body = loop(project, "[1]", code)
    body["for_each_task"]["task"]["max_retries"] = 1
    summary = project.run(body)
    assert summary.tasks["loop[0]"].attempt == 2
    assert summary.status == "success"


def nested(project: Any, **tasks: Any) -> Any:
    bundle = project.bundle(
        {
            "task_key": "call",
            "run_job_task": {
                "job_id": "${resources.jobs.inner.id}",
                "job_parameters": {"own": "{{job.parameters.day}}!"},
            },
        },
        parameters=[{"name": "day", "default": "monday"}],
    )
    bundle.jobs["inner"] = {
        "name": "inner",
        "parameters": [{"name": "day", "default": "none"}, {"name": "own", "default": ""}],
        "tasks": list(tasks.values()),
    }
    return bundle


def test_a_job_runs_another_job_and_hands_its_parameters_down(project: Any) -> None:
    bundle = nested(
        project, a=project.task("a", 'print(dbutils.widgets.get("day"), dbutils.widgets.get("own"))')
    )
    summary = run_job(bundle, "main")
    assert statuses(summary) == {"call/a": "success", "call": "success"}
    assert "monday monday!" in project.log("call.a")


def test_a_failure_in_a_called_job_fails_the_caller_and_names_the_task(project: Any) -> None:
    summary = run_job(nested(project, a=project.task("a", "1 / 0")), "main")
    assert (
        summary.tasks["call"].reason == "task `a` of job `inner` failed: ZeroDivisionError: division by zero"
    )
    assert summary.tasks["call"].problem.location == "notebooks/a.py:2 (cell 1)"


def test_jobs_that_start_one_another_are_refused(project: Any) -> None:
    back = {"task_key": "back", "run_job_task": {"job_id": "${resources.jobs.main.id}"}}
    summary = run_job(nested(project, back=back), "main")
    assert "circle" in (summary.tasks["call/back"].reason or "")


def test_an_unknown_job_id_names_the_jobs_there_are(project: Any) -> None:
    summary = project.run({"task_key": "call", "run_job_task": {"job_id": "${resources.jobs.mian.id}"}})
    assert "`main`" in (summary.tasks["call"].problem.fix or "")


PYPROJECT = """
[project]
name = "my-package"
version = "1"
[project.scripts]
score = "my_package.jobs:score"
"""


def wheel_task(entry_point: str = "score", **body: Any) -> dict[str, Any]:
    return {
        "task_key": "w",
        "python_wheel_task": {"package_name": "my_package", "entry_point": entry_point, **body},
    }


def test_a_wheel_runs_from_the_source_tree_without_being_built(project: Any) -> None:
    project.write("pyproject.toml", PYPROJECT)
    project.write("src/my_package/__init__.py", "def loose():\n    print('loose')\n")
    project.write("src/my_package/jobs.py", "import sys\ndef score():\n    print('argv', sys.argv)\n")
    summary = project.run(
        wheel_task(named_parameters={"day": "1"}), parameters=[{"name": "env", "default": "dev"}]
    )
    assert summary.status == "success", summary.as_dict()
    assert "argv ['score', '--day=1', '--env=dev']" in project.log("w")
    assert project.run(wheel_task(parameters=["a", "b"])).status == "success"
    assert "argv ['score', 'a', 'b']" in project.log("w")
    assert project.run(wheel_task("loose")).status == "success"


def test_an_entry_point_that_the_wheel_lacks_names_the_nearest(project: Any) -> None:
    project.write("pyproject.toml", PYPROJECT)
    project.write("src/my_package/__init__.py", "")
    found = project.run(wheel_task("scor")).tasks["w"].problem
    assert "no entry point `scor`" in found.summary
    assert "`score`" in (found.fix or "")


def test_a_wheel_that_is_only_built_runs_from_the_wheel(project: Any) -> None:
    (project.root / "dist").mkdir()
    with zipfile.ZipFile(project.root / "dist" / "my_package-1-py3-none-any.whl", "w") as archive:
        archive.writestr("my_package/__init__.py", "def main():\n    print('from the wheel')\n")
        archive.writestr(
            "my_package-1.dist-info/entry_points.txt", "[console_scripts]\ngo = my_package:main\n"
        )
    summary = project.run({**wheel_task("go"), "libraries": [{"whl": "dist/*.whl"}]})
    assert summary.status == "success", summary.as_dict()
    assert "from the wheel" in project.log("w")


def chain(project: Any, *, broken: bool = False) -> list[dict[str, Any]]:
    return [
        project.task("a", 'print("a ran")\ndbutils.jobs.taskValues.set("n", 5)'),
        project.task(
            "b",
            "1 / 0" if broken else 'print("b got", dbutils.jobs.taskValues.get("a", "n", default="none"))',
            after=["a"],
        ),
        project.task("c", 'print("c ran")', after=["b"]),
    ]


def test_only_and_from_run_a_part_of_the_job(project: Any) -> None:
    only = project.run(*chain(project), options=RunOptions(only=("b",)))
    assert [key for key, result in only.tasks.items() if result.executed] == ["b"]
    assert only.status == "success"
    later = project.run(*chain(project), options=RunOptions(start_from="b"))
    assert [key for key, result in later.tasks.items() if result.executed] == ["b", "c"]


def test_selecting_a_task_that_does_not_exist_names_the_nearest(project: Any) -> None:
    with pytest.raises(PlanError, match="no task `bb`") as caught:
        project.run(*chain(project), options=RunOptions(only=("bb",)))
    assert "`b`" in (caught.value.fix or "")


def test_a_part_of_the_job_in_which_a_task_failed_has_failed(project: Any) -> None:
    tasks = (
        project.task("a", "1 / 0"),
        project.task("b", "print('b')", after=["a"]),
        project.task("c", "print('c')", after=["b"]),
    )
    run = project.run(*tasks, options=RunOptions(only=("a", "b")))
    assert run.status == "failed"


def test_resume_repeats_only_what_failed_and_hands_the_values_over(project: Any) -> None:
    first = project.run(*chain(project, broken=True))
    assert first.status == "failed"
    second = project.run(*chain(project), options=RunOptions(resume=True))
    assert second.status == "success", second.as_dict()
    assert [key for key, result in second.tasks.items() if result.executed] == ["b", "c"]
    assert "b got 5" in project.log("b")
    written = json.loads(second.path.read_text())
    assert written["resumed_from"] == first.run_id
    assert written["tasks"][0]["reused_from"] == first.run_id


def test_a_killed_run_is_marked_and_resumed_from_what_it_had_finished(project: Any) -> None:
    first = project.run(*chain(project, broken=True))
    record = json.loads(first.path.read_text())
    left = {**record, "status": "running", "reason": None, "ended_at": None, "tasks": record["tasks"][:1]}
    first.path.write_text(json.dumps(left))
    second = project.run(*chain(project), options=RunOptions(resume=True))
    assert [key for key, result in second.tasks.items() if result.executed] == ["b", "c"]
    assert second.head.resumed_from == first.run_id
    marked = json.loads(first.path.read_text())
    assert (marked["status"], marked["ended_at"], marked["tasks"]) == ("killed", None, left["tasks"])
    schema = resources.files("lakewright.runner.record").joinpath("summary.schema.json").read_text()
    jsonschema.validate(marked, json.loads(schema))


def test_records_of_runs_that_ended_and_what_is_no_record_are_left_as_they_are(project: Any) -> None:
    first = project.run(*chain(project, broken=True), project.task("running", "print(1)"))
    kept = first.path.read_bytes()
    assert b'"running"' in kept
    broken = {"one": b'{"status": "running"', "two": b'["running"]', "three": b"\xff"}
    for name, text in broken.items():
        (project.root / ".lakewright/runs" / name).mkdir()
        (project.root / ".lakewright/runs" / name / "summary.json").write_bytes(text)
    assert project.run(project.task("a", "print(1)")).status == "success"
    assert first.path.read_bytes() == kept
    for name, text in broken.items():
        assert (project.root / ".lakewright/runs" / name / "summary.json").read_bytes() == text


def test_resume_repeats_what_came_after_a_repeated_task_though_it_had_succeeded(project: Any) -> None:
    def tasks(a: str, c: str) -> list[dict[str, Any]]:
        return [
            project.task("a", a),
            project.task("b", "pass", after=["a"], run_if="ALL_DONE"),
            project.task("c", c, after=["b"]),
            project.task("apart", "pass"),
        ]

    first = project.run(*tasks("1 / 0", "1 / 0"))
    assert statuses(first) == {"a": "failed", "b": "success", "c": "failed", "apart": "success"}
    second = project.run(*tasks("pass", "pass"), options=RunOptions(resume=True))
    assert second.status == "success", second.as_dict()
    assert {key for key, result in second.tasks.items() if result.executed} == {"a", "b", "c"}


def test_resume_inside_a_called_job_repeats_what_came_after_a_repeated_task(project: Any) -> None:
    def job(a: str, c: str) -> Any:
        return nested(
            project,
            a=project.task("a", a),
            b=project.task("b", "pass", after=["a"], run_if="ALL_DONE"),
            c=project.task("c", c, after=["b"]),
        )

    assert run_job(job("1 / 0", "1 / 0"), "main").status == "failed"
    second = run_job(job("pass", "pass"), "main", options=RunOptions(resume=True))
    executed = {key for key, result in second.tasks.items() if result.executed}
    assert executed == {"call/a", "call/b", "call/c", "call"}


def test_resume_repeats_nothing_for_a_branch_that_was_not_taken_or_a_task_not_selected(project: Any) -> None:
    def tasks(last: str) -> list[dict[str, Any]]:
        no = project.task("no", "pass")
        no["depends_on"] = [{"task_key": "check", "outcome": "false"}]
        join = project.task("join", "pass", after=["no", "before"], run_if="NONE_FAILED")
        before = project.task("before", "pass")
        return [
            before,
            condition("check", "1", "EQUAL_TO", "1"),
            no,
            join,
            project.task("last", last, after=["join"]),
        ]

    some = ("check", "no", "join", "last")
    assert project.run(*tasks("1 / 0"), options=RunOptions(only=some)).status == "failed"
    second = project.run(*tasks("pass"), options=RunOptions(resume=True, only=some))
    assert [key for key, result in second.tasks.items() if result.executed] == ["last"]


def test_resume_also_keeps_what_succeeded_inside_a_called_job(project: Any) -> None:
    good = project.task("good", 'dbutils.jobs.taskValues.set("n", 1)')
    assert (
        run_job(nested(project, good=good, bad=project.task("bad", "1 / 0", after=["good"])), "main").status
        == "failed"
    )
    fixed = project.task("bad", 'print("n is", dbutils.jobs.taskValues.get("good", "n"))', after=["good"])
    second = run_job(nested(project, good=good, bad=fixed), "main", options=RunOptions(resume=True))
    assert second.status == "success", second.as_dict()
    assert [key for key, result in second.tasks.items() if result.executed] == ["call/bad", "call"]
    assert "n is 1" in project.log("call.bad")


def test_resume_is_refused_where_a_called_job_has_changed(project: Any) -> None:
    run_job(nested(project, a=project.task("a", "1 / 0")), "main")
    changed = nested(project, a=project.task("a", "pass", timeout_seconds=5))
    with pytest.raises(ResumeError) as caught:
        run_job(changed, "main", options=RunOptions(resume=True))
    assert "task `inner.a` has changed" in (caught.value.detail or "")


def test_a_record_that_cannot_be_written_ends_the_run_with_its_place(project: Any) -> None:
    task = project.task(
        "n",
        "import shutil, pathlib\nrun = pathlib.Path('../.lakewright/runs').resolve()\nshutil.rmtree(run)\nrun.touch()",
    )
    with pytest.raises(RecordError, match="cannot be written") as caught:
        project.run(task)
    assert "make room" in (caught.value.fix or "")


def test_resume_after_two_failures_still_knows_the_first_results(project: Any) -> None:
    project.run(*chain(project, broken=True))
    project.run(*chain(project, broken=True), options=RunOptions(resume=True))
    third = project.run(*chain(project), options=RunOptions(resume=True))
    assert [key for key, result in third.tasks.items() if result.executed] == ["b", "c"]


def test_resume_is_refused_where_there_is_nothing_to_resume(project: Any) -> None:
    with pytest.raises(ResumeError, match="no failed run"):
        project.run(*chain(project), options=RunOptions(resume=True))
    project.run(*chain(project))
    with pytest.raises(ResumeError, match="no failed run") as caught:
        project.run(*chain(project), options=RunOptions(resume=True))
    assert "succeeded" in (caught.value.detail or "")


def test_resume_is_refused_where_the_job_has_changed_and_says_what(project: Any) -> None:
    project.run(*chain(project, broken=True))
    tasks = chain(project)
    tasks[2]["max_retries"] = 3
    with pytest.raises(ResumeError) as caught:
        project.run(*tasks, options=RunOptions(resume=True))
    assert "task `c` has changed" in (caught.value.detail or "")


def test_resume_is_refused_with_other_parameters(project: Any) -> None:
    parameters = [{"name": "day", "default": "1"}]
    project.run(*chain(project, broken=True), parameters=parameters)
    with pytest.raises(ResumeError) as caught:
        project.run(
            *chain(project), parameters=parameters, options=RunOptions(resume=True, parameters={"day": "2"})
        )
    assert "day: then '1', now '2'" in (caught.value.detail or "")


def test_whoever_fixes_the_code_makes_a_commit_and_may_resume_although_the_job_names_it(project: Any) -> None:
    def run(commit: str, **options: Any) -> Any:
        sha = commit.removesuffix("-dirty")
        job = {"parameters": [{"name": "git_sha", "default": sha}, {"name": "day", "default": "1"}]}
        tasks = chain(project, broken=not options)
        tasks[2]["notebook_task"]["base_parameters"] = {"commit": sha}
        return project.run(*tasks, options=RunOptions(git_sha=commit, **options), **job)

    assert run("a" * 40).status == "failed"
    with pytest.raises(ResumeError, match="other parameters") as caught:
        run("b" * 40, resume=True, parameters={"day": "2"})
    assert "git_sha" not in (caught.value.detail or "")
    resumed = run("c" * 40 + "-dirty", resume=True)
    assert resumed.status == "success"
    assert not resumed.tasks["a"].executed


def test_a_forecast_is_of_the_tasks_that_are_selected(project: Any) -> None:
    bundle = project.bundle(*chain(project))

    def keys(**options: Any) -> list[str]:
        return [item.key for item in forecast(bundle, "main", judge({}), RunOptions(**options))]

    assert keys() == ["a", "b", "c"]
    assert keys(only=("b",)) == ["b"]
    assert keys(start_from="b") == ["b", "c"]
    with pytest.raises(PlanError):
        keys(only=("nope",))


def test_a_forecast_of_a_job_without_tasks_says_so(project: Any) -> None:
    with pytest.raises(PlanError) as caught:
        forecast(project.bundle(), "main", judge({}))
    assert "no tasks" in caught.value.summary
    assert "tasks:" in (caught.value.fix or "")


def test_a_dependency_without_a_key_is_shown_in_a_forecast_and_refused_in_a_run(project: Any) -> None:
    first, *rest = chain(project)
    broken = {**first, "depends_on": [{}]}
    assert forecast(project.bundle(broken, *rest), "main", judge({}))
    with pytest.raises(PlanError):
        project.run(broken, *rest)


def test_an_undeclared_parameter_is_refused(project: Any) -> None:
    with pytest.raises(PlanError) as caught:
        project.run(
            *chain(project), parameters=[{"name": "day"}], options=RunOptions(parameters={"dya": "1"})
        )
    assert "`day`" in (caught.value.fix or "")


def judge(kinds: dict[str, Verdict]) -> Any:
    return lambda _job, task: kinds.get(task["task_key"], LOCAL)


def test_a_task_that_needs_a_workspace_is_left_out_loudly_with_those_behind_it(project: Any) -> None:
    bundle = project.bundle(*chain(project))
    summary = run_job(
        bundle, "main", classify=judge({"b": Verdict(Kind.CLOUD, "a pipeline runs in a workspace")})
    )
    assert statuses(summary) == {"a": "success", "b": "cloud", "c": "skipped"}
    assert "`b`" in (summary.tasks["c"].reason or "")
    assert summary.status == "success"


def test_a_run_in_which_nothing_was_executed_fails(project: Any) -> None:
    bundle = project.bundle(*chain(project))
    summary = run_job(bundle, "main", classify=judge({"a": Verdict(Kind.CLOUD, "x")}))
    assert (summary.status, summary.reason) == ("failed", "nothing was executed")
    assert exit_code(summary) == 1


def test_a_broken_task_is_a_config_failure_with_its_place(project: Any) -> None:
    bundle = project.bundle(*chain(project))
    summary = run_job(
        bundle,
        "main",
        classify=judge({"a": Verdict(Kind.CONFIG, "names another catalog", Location(Path("x.yml"), 3, 1))}),
    )
    assert summary.tasks["a"].status is Status.CONFIG
    assert summary.tasks["a"].problem.location == "x.yml:3:1"
    assert summary.status == "failed"


def test_a_forecast_covers_nested_jobs_and_loops_and_runs_nothing(project: Any) -> None:
    bundle = nested(project, loop=loop(project, "[1]", "1 / 0"))
    found = forecast(bundle, "main", judge({"each": Verdict(Kind.CLOUD, "why")}))
    assert [(item.key, item.verdict) for item in found] == [
        ("call", "LOCAL"),
        ("call/loop", "LOCAL"),
        ("call/loop[…] each", "CLOUD"),
    ]
    assert not (project.root / ".lakewright").exists()


def test_a_missing_notebook_is_a_config_failure_that_names_the_nearest(project: Any) -> None:
    project.notebook("notebooks/01_ingest", "pass")
    summary = project.run({"task_key": "n", "notebook_task": {"notebook_path": "notebooks/01_ingst"}})
    assert summary.tasks["n"].status is Status.CONFIG
    assert "`01_ingest.py`" in (summary.tasks["n"].problem.fix or "")


def test_the_job_need_not_be_named_where_it_goes_without_saying(project: Any) -> None:
    bundle = project.bundle()
    assert choose_job(bundle, None) == "main"
    bundle.jobs["other"] = {}
    with pytest.raises(PlanError, match="which job"):
        choose_job(bundle, None)
    with pytest.raises(PlanError) as caught:
        choose_job(bundle, "mian")
    assert "`main`" in (caught.value.fix or "")
    bundle.jobs["main_pipeline"] = {}
    assert choose_job(bundle, None) == "main_pipeline"
