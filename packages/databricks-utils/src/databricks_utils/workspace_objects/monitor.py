"""The data-quality monitor of a table: Databricks profiles the table on a schedule and writes two tables of measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from databricks_utils.workspace_objects.api import Api, find
from databricks_utils.workspace_objects.outcome import Outcome

_MONITORS = "/api/data-quality/v1/monitors"
_CATALOG = "/api/2.1/unity-catalog"


@dataclass(frozen=True)
class TableMonitor:
    """A monitor that profiles a table by windows of time.

    Attributes:
        table: The table's three-part name.
        output_schema: `<catalog>.<schema>` of the tables that the monitor writes.
        timestamp_column: The column that says which window a row belongs to.
        schedule: When it profiles, as a quartz expression in UTC; None profiles only when somebody refreshes it.
        granularity: Length of a window: `1_DAY`, `1_WEEK` or `1_MONTH`.
        slices: Columns and conditions whose groups are profiled separately.
    """

    table: str
    output_schema: str
    timestamp_column: str
    schedule: str | None
    granularity: str = "1_MONTH"
    slices: tuple[str, ...] = ()

    def body(self, schema_id: str) -> dict[str, Any]:
        """Return the configuration as the service takes it.

        Args:
            schema_id: The id of the schema that the monitor writes to.
        """
        windows = {
            "timestamp_column": self.timestamp_column,
            "granularities": [f"AGGREGATION_GRANULARITY_{self.granularity}"],
        }
        cron = {"quartz_cron_expression": self.schedule, "timezone_id": "UTC"}
        return {
            "output_schema_id": schema_id,
            "time_series": windows,
            "schedule": cron if self.schedule else None,
            "slicing_exprs": list(self.slices),
            "skip_builtin_dashboard": True,
        }


def ensure_monitor(api: Api, wanted: TableMonitor) -> Outcome:
    """Make a table's monitor, or change it to what is wanted.

    Args:
        api: The workspace; its principal has MANAGE on the table, as its owner has, and may create tables in the output schema.
        wanted: The monitor.

    Returns:
        What was done; nothing if the table does not exist yet.

    Source: https://docs.databricks.com/api/workspace/dataquality
    """
    from databricks.sdk.errors import AlreadyExists, ResourceAlreadyExists

    table = find(api, f"{_CATALOG}/tables", wanted.table)
    schema = find(api, f"{_CATALOG}/schemas", wanted.output_schema)
    if table is None or schema is None:
        return Outcome.NOTHING_TO_STAND_ON
    body = wanted.body(str(schema["schema_id"]))
    given = {name: value for name, value in body.items() if value is not None}
    identity = {"object_type": "table", "object_id": str(table["table_id"])}
    standing = find(api, _MONITORS, *identity.values())
    if standing is None:
        try:
            api.do("POST", _MONITORS, body={**identity, "data_profiling_config": given})
        except (AlreadyExists, ResourceAlreadyExists):  # another run of the job was quicker
            standing = find(api, _MONITORS, *identity.values()) or {}
        else:
            return Outcome.CREATED
    changed = _changed(standing.get("data_profiling_config") or {}, body)
    if not changed:
        return Outcome.UNCHANGED
    mask = ",".join(f"data_profiling_config.{field}" for field in changed)
    place = "/".join((_MONITORS, *identity.values()))
    api.do("PATCH", place, query={"update_mask": mask}, body={**identity, "data_profiling_config": given})
    return Outcome.UPDATED


def _changed(standing: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """Return the fields that differ; what the service adds to a field, such as a pause status, is no difference."""
    return [field for field, value in wanted.items() if not _holds(standing.get(field), value)]


def _holds(standing: object, wanted: object) -> bool:
    if isinstance(wanted, dict):
        held = standing if isinstance(standing, dict) else {}
        return all(_holds(held.get(key), value) for key, value in wanted.items())
    return (standing or None) == (wanted or None)  # an empty list is left out of an answer
