"""Which session a task's process has, which settings it does not see, and what an unended statement means."""

import os
import signal
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lakewright.engine.environment_variables import (
    CONNECT_MODE_VARIABLE,
    NO_PROXY_VARIABLE,
    REMOTE_VARIABLE,
    TOKEN_VARIABLE,
)
from lakewright.runner.execution.process_executor import ProcessExecutor
from lakewright.runner.execution.run_resources import RunResources
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.handover.session_address import with_new_session
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.child_notebooks import child_spec, sessions_below
from lakewright.runner.process.environment import base_environment
from lakewright.runner.process.interpreter import ProcessExit
from lakewright.runner.record.result import Status
from lakewright.runner.run_job import run_job

pytestmark = pytest.mark.unit


def spec(folder: Path, **environment: str) -> TaskSpec:
    places = dict.fromkeys(("project", "root", "cwd", "folder", "values_file", "report_file"), str(folder))
    result = str(folder / "t.result.json")
    return TaskSpec("notebook", "t", 1, **places, result_file=result, environment=environment)


def test_a_notebook_that_a_task_starts_has_a_session_of_its_own(tmp_path: Path) -> None:
    parent = spec(tmp_path, **with_new_session({REMOTE_VARIABLE: "sc://127.0.0.1:1"}), OTHER="kept")
    child = child_spec(parent, tmp_path / "child.py", {"a": "1"})
    before, after = parent.environment[REMOTE_VARIABLE], child.environment[REMOTE_VARIABLE]
    assert before.startswith("sc://127.0.0.1:1/;session_id=")
    assert after.startswith("sc://127.0.0.1:1/;session_id=")
    assert before != after
    assert after.count("session_id=") == 1
    assert child.environment["OTHER"] == "kept"


def test_a_new_session_keeps_the_addresss_other_options_and_needs_an_engine() -> None:
    remote = with_new_session({REMOTE_VARIABLE: "sc://h:1/;user_id=x;session_id=old"})[REMOTE_VARIABLE]
    assert remote.startswith("sc://h:1/;user_id=x;session_id=")
    assert "old" not in remote
    assert with_new_session({"A": "1"}) == {"A": "1"}


def test_sessions_of_notebooks_below_are_found_and_those_of_other_attempts_are_not(tmp_path: Path) -> None:
    (tmp_path / "t.result.sessions").write_text("one\n")
    (tmp_path / "t.result.child1.sessions").write_text("two\n")
    (tmp_path / "t.2.result.sessions").write_text("other\n")
    assert sorted(sessions_below(tmp_path / "t.result.json")) == ["one", "two"]
    (tmp_path / "t.result.child1.child1.sessions").write_text("three\n")
    (tmp_path / "t.result.child10.sessions").write_text("other\n")
    assert sorted(sessions_below(tmp_path / "t.result.child1.json")) == ["three", "two"]


def test_a_task_reads_no_profile_of_the_databricks_command() -> None:
    given = {"DATABRICKS_CONFIG_FILE": "/home/me/.databrickscfg", "DATABRICKS_TOKEN": "x"}
    environment = base_environment(given, extra={})
    assert environment["DATABRICKS_CONFIG_FILE"] == os.devnull
    assert "DATABRICKS_TOKEN" not in environment


class SilentEngine:
    """An engine that runs and does not answer on its port."""

    pid = 0
    spark = java = ""

    def __init__(self) -> None:
        self.asked = 0

    def environment(self, principal: str | None = None, *, enforced: bool = True) -> dict[str, str]:
        return {
            REMOTE_VARIABLE: "sc://127.0.0.1:9",
            TOKEN_VARIABLE: self.token(),
            NO_PROXY_VARIABLE: "127.0.0.1",
            CONNECT_MODE_VARIABLE: "1",
        }

    def token(self) -> str:
        return "one"

    def is_alive(self) -> bool:
        return True


class RestartedEngine(SilentEngine):
    """Another engine at each call: the statements of the one before have ended with it."""

    def token(self) -> str:
        self.asked += 1
        return f"token {self.asked}"


class DyingInterpreters:
    """Interpreters whose processes are killed, and whose interrupts get no answer."""

    def take(self) -> Any:
        return SimpleNamespace(run=lambda spec, watch: ProcessExit(-signal.SIGKILL))

    def release(self, interpreter: Any) -> None:
        pass

    def warm(self) -> None:
        pass


def run_on(engine: Any, project: Any) -> Any:
    """The result of a task that is killed on that engine, with one retry."""
    bundle = project.bundle(project.task("t", "pass", max_retries=1))
    here = RunResources(
        bundle=bundle,
        job="main",
        run_id="r",
        folder=project.root / "run",
        classic=False,
        interpreters=DyingInterpreters(),
        redactor=Redactor(()),
        secrets={},
        engine=lambda: engine,
        cancelled=threading.Event(),
    )
    here.folder.mkdir()
    return run_job(bundle, "main", executor=ProcessExecutor(here, max_processes=1)).tasks["t"]


def test_a_task_whose_statements_may_still_run_is_not_tried_again(project: Any) -> None:
    result = run_on(SilentEngine(), project)
    assert result.attempt == 1
    assert result.status is Status.FAILED
    assert "SIGKILL" in (result.reason or "")
    assert "not retried" in (result.reason or "")
    assert result.problem.fix == "end them with `lakewright engine stop`, then: lakewright run main --resume"


def test_a_task_whose_engine_has_ended_is_tried_again(project: Any) -> None:
    result = run_on(RestartedEngine(), project)
    assert result.attempt == 2
    assert "not retried" not in (result.reason or "")
