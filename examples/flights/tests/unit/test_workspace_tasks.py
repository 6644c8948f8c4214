"""What the tasks ask of a workspace, and when they ask for nothing; `databricks_utils.workspace_objects` does the rest."""

import pytest
from databricks_utils.workspace_objects import NoWorkspaceError, Outcome, TableMonitor
from job_steps import Steps

from flights.monitoring import quality_monitor

pytestmark = pytest.mark.unit


@pytest.fixture
def tasks(lakehouse_project):
    """Return the tasks, without Spark."""
    return Steps(None, lakehouse_project / "config", "")


@pytest.fixture
def asked(monkeypatch):
    """Return what the tasks ask for; nothing is sent."""
    wanted = []

    def ensure(_, what):
        wanted.append(what)
        return Outcome.CREATED

    monkeypatch.setattr(quality_monitor, "workspace_api", lambda _: None)
    monkeypatch.setattr(quality_monitor, "ensure_monitor", ensure)
    return wanted


@pytest.mark.parametrize(("given", "schedule"), [("manual", None), ("0 0 8 * * ?", "0 0 8 * * ?")])
def test_the_predictions_are_profiled_by_the_month_of_their_making(tasks, asked, given, schedule):
    tasks.task(quality_monitor.main, schedule=given)
    context = tasks.context
    assert asked == [
        TableMonitor(
            table=context.table("gold", "predictions"),
            output_schema=context.catalog.schema_name("ops"),
            timestamp_column="predicted_at",
            schedule=schedule,
            slices=("carrier", "model_version"),
        )
    ]


def test_a_target_without_a_schedule_and_a_test_run_get_no_monitor(tasks, asked):
    tasks.task(quality_monitor.main, schedule="")
    tasks.task(quality_monitor.main, schedule="manual", schema_prefix="test_1_")
    assert asked == []


def test_a_laptop_has_no_monitor(tasks):
    with pytest.raises(NoWorkspaceError):
        tasks.task(quality_monitor.main, schedule="manual")
