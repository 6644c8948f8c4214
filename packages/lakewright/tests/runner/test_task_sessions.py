"""Which session a task's process has, which settings it does not see, and what an unended statement means."""

import os
from pathlib import Path
from typing import Any

import pytest

from lakewright.engine.variables import (
    CONNECT_MODE_VARIABLE,
    NO_PROXY_VARIABLE,
    REMOTE_VARIABLE,
    TOKEN_VARIABLE,
)
from lakewright.runner.child_notebooks import child_spec, sessions_below
from lakewright.runner.processes import base_environment
from lakewright.runner.results import Status
from lakewright.runner.run import run_job
from lakewright.runner.session_address import with_new_session
from lakewright.runner.task_spec import TaskSpec

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


def test_sessions_of_notebooks_near_and_far_are_found_and_no_other_attempts(tmp_path: Path) -> None:
    (tmp_path / "t.result.sessions").write_text("one\n")
    (tmp_path / "t.result.child1.sessions").write_text("two\n")
    (tmp_path / "t.2.result.sessions").write_text("other\n")
    assert sorted(sessions_below(tmp_path / "t.result.json")) == ["one", "two"]


def test_a_task_reads_no_profile_of_the_databricks_command() -> None:
    given = {"DATABRICKS_CONFIG_FILE": "/home/me/.databrickscfg", "DATABRICKS_TOKEN": "x"}
    environment = base_environment(given, extra={})
    assert environment["DATABRICKS_CONFIG_FILE"] == os.devnull
    assert "DATABRICKS_TOKEN" not in environment


class SilentEngine:
    """An engine that lives and does not answer on its port."""

    pid = 0

    def __init__(self) -> None:
        self.asked = 0

    def environment(self, principal: str | None = None) -> dict[str, str]:
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
    """Another engine each time it is asked: what ran in the one before has ended with it."""

    def token(self) -> str:
        self.asked += 1
        return f"token {self.asked}"


KILLED = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


def test_a_task_whose_statements_may_still_run_is_not_tried_again(project: Any) -> None:
    task = project.task("t", KILLED, max_retries=1)
    result = run_job(project.bundle(task), "main", engine=SilentEngine()).tasks["t"]
    assert result.attempt == 1
    assert result.status is Status.FAILED
    assert "SIGKILL" in (result.reason or "")
    assert "not tried again" in (result.reason or "")
    assert "engine stop" in (result.problem.fix or "")


def test_a_task_whose_engine_is_gone_is_tried_again(project: Any) -> None:
    task = project.task("t", KILLED, max_retries=1)
    result = run_job(project.bundle(task), "main", engine=RestartedEngine()).tasks["t"]
    assert result.attempt == 2
    assert "not tried again" not in (result.reason or "")
