"""Monitors and endpoints: made once, changed where they differ, left alone otherwise, against a workspace that keeps what it is given."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from databricks.sdk.errors import NotFound, ResourceAlreadyExists

from databricks_utils.context import open_context
from databricks_utils.workspace_objects import (
    EndpointBusyError,
    NoWorkspaceError,
    Outcome,
    ServedModel,
    TableMonitor,
    ensure_endpoint,
    ensure_monitor,
    workspace_api,
)

pytestmark = pytest.mark.unit

MONITOR = TableMonitor(
    table="prod.shop_gold.predictions",
    output_schema="prod.shop_ops",
    timestamp_column="predicted_at",
    schedule="0 0 8 * * ?",
    slices=("carrier",),
)
SERVED = ServedModel(
    endpoint="shop-prod", model="prod.shop_models.late", version="3", tags={"project": "shop"}
)


class Workspace:
    """Keeps objects by path, as the service does, and counts what changed them."""

    def __init__(self, **objects: dict[str, Any]) -> None:
        self.objects = objects
        self.changes: list[tuple[str, str]] = []
        self.quicker: dict[str, Any] | None = None

    def with_table(self) -> "Workspace":
        base = "/api/2.1/unity-catalog"
        self.objects[f"{base}/tables/prod.shop_gold.predictions"] = {"table_id": "t1"}
        self.objects[f"{base}/schemas/prod.shop_ops"] = {"schema_id": "s1"}
        return self

    def do(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        if method == "GET":
            if path not in self.objects:
                raise NotFound(f"{path} does not exist")
            return self.objects[path]
        assert body is not None
        if method == "POST":
            path = f"{path}/" + (body.get("name") or f"{body['object_type']}/{body['object_id']}")
            if self.quicker is not None:
                self.objects[path] = self.quicker
                raise ResourceAlreadyExists(f"{path} exists")
            kept = {key: value for key, value in body.items() if value not in ([], None)}
        elif path.endswith("/config"):
            path = path.removesuffix("/config")
            kept = {**self.objects[path], "pending_config": body, "state": {"config_update": "IN_PROGRESS"}}
        else:
            assert query is not None
            fields = [
                field.removeprefix("data_profiling_config.") for field in query["update_mask"].split(",")
            ]
            given = body["data_profiling_config"]
            standing = self.objects[path]["data_profiling_config"]
            kept = {
                **body,
                "data_profiling_config": {**standing, **{name: given.get(name) for name in fields}},
            }
        self.changes.append((method, path))
        self.objects[path] = kept
        return kept


def test_without_a_table_there_is_nothing_to_monitor_and_nothing_is_made():
    workspace = Workspace()
    assert ensure_monitor(workspace, MONITOR) is Outcome.NOTHING_TO_STAND_ON
    assert workspace.changes == []


def test_a_monitor_is_made_once():
    workspace = Workspace().with_table()
    assert ensure_monitor(workspace, MONITOR) is Outcome.CREATED
    made = workspace.objects["/api/data-quality/v1/monitors/table/t1"]
    assert made["data_profiling_config"] == {
        "output_schema_id": "s1",
        "time_series": {
            "timestamp_column": "predicted_at",
            "granularities": ["AGGREGATION_GRANULARITY_1_MONTH"],
        },
        "schedule": {"quartz_cron_expression": "0 0 8 * * ?", "timezone_id": "UTC"},
        "slicing_exprs": ["carrier"],
        "skip_builtin_dashboard": True,
    }
    assert ensure_monitor(workspace, MONITOR) is Outcome.UNCHANGED
    assert len(workspace.changes) == 1


def test_what_the_service_adds_to_a_monitor_is_no_difference():
    workspace = Workspace().with_table()
    without_slices = replace(MONITOR, slices=())
    ensure_monitor(workspace, without_slices)
    made = workspace.objects["/api/data-quality/v1/monitors/table/t1"]["data_profiling_config"]
    made["schedule"]["pause_status"] = "UNPAUSED"
    made["status"] = "DATA_PROFILING_STATUS_ACTIVE"
    made.pop("slicing_exprs")
    assert ensure_monitor(workspace, without_slices) is Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"schedule": "0 0 9 * * ?"}, "schedule"),
        ({"schedule": None}, "schedule"),
        ({"granularity": "1_DAY"}, "time_series"),
        ({"slices": ()}, "slicing_exprs"),
    ],
)
def test_only_what_differs_of_a_monitor_is_changed(other, field):
    workspace = Workspace().with_table()
    ensure_monitor(workspace, MONITOR)
    wanted = replace(MONITOR, **other)
    assert ensure_monitor(workspace, wanted) is Outcome.UPDATED
    now = workspace.objects["/api/data-quality/v1/monitors/table/t1"]["data_profiling_config"]
    assert now[field] == wanted.body("s1")[field]
    assert ensure_monitor(workspace, wanted) is Outcome.UNCHANGED


def test_a_monitor_that_another_run_made_meanwhile_is_taken_as_it_is():
    workspace = Workspace().with_table()
    workspace.quicker = {"data_profiling_config": MONITOR.body("s1")}
    assert ensure_monitor(workspace, MONITOR) is Outcome.UNCHANGED


def test_an_endpoint_is_made_once_and_stops_when_nobody_asks():
    workspace = Workspace()
    assert ensure_endpoint(workspace, SERVED) is Outcome.CREATED
    made = workspace.objects["/api/2.0/serving-endpoints/shop-prod"]
    assert made["config"]["served_entities"] == [
        {
            "entity_name": "prod.shop_models.late",
            "entity_version": "3",
            "workload_size": "Small",
            "scale_to_zero_enabled": True,
        }
    ]
    assert made["tags"] == [{"key": "project", "value": "shop"}]
    assert ensure_endpoint(workspace, SERVED) is Outcome.UNCHANGED
    assert len(workspace.changes) == 1


def test_an_endpoint_is_changed_to_another_version_once():
    workspace = Workspace()
    ensure_endpoint(workspace, SERVED)
    newer = replace(SERVED, version="4")
    assert ensure_endpoint(workspace, newer) is Outcome.UPDATED
    assert ensure_endpoint(workspace, newer) is Outcome.UNCHANGED, "the change is on its way"


def test_an_endpoint_that_is_being_changed_refuses_a_third_version():
    workspace = Workspace()
    ensure_endpoint(workspace, SERVED)
    ensure_endpoint(workspace, replace(SERVED, version="4"))
    with pytest.raises(EndpointBusyError) as refused:
        ensure_endpoint(workspace, replace(SERVED, version="5"))
    assert "run the task again" in str(refused.value.fix)
    with pytest.raises(EndpointBusyError):
        ensure_endpoint(workspace, SERVED)


def test_the_name_of_an_endpoint_cannot_lead_to_another_path():
    workspace = Workspace()
    assert ensure_endpoint(workspace, replace(SERVED, endpoint="../jobs")) is Outcome.CREATED
    with pytest.raises(NotFound):
        workspace.do("GET", "/api/2.0/jobs")


def test_in_the_environment_local_there_is_no_workspace(tmp_path: Path):
    (tmp_path / "defaults.yaml").write_text("project: shop\ncatalog: {schema: shop}\n", encoding="utf-8")
    (tmp_path / "local.yaml").write_text("catalog: {name: local_shop}\n", encoding="utf-8")
    with pytest.raises(NoWorkspaceError) as refused:
        workspace_api(open_context("local", tmp_path))
    assert "workspace_tasks" in str(refused.value.fix)
