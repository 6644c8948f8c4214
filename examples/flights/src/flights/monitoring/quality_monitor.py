"""Entry point `quality_monitor` of the wheel: let Databricks profile the predictions. It needs a workspace."""

from databricks_utils.context import task_context
from databricks_utils.observability import report_note
from databricks_utils.testing import is_throw_away
from databricks_utils.workspace_objects import TableMonitor, ensure_monitor, workspace_api

from flights.scoring import predictions


def main() -> None:
    """Make the monitor of gold.predictions, or change it to what this target wants; a test run and a target without one get none."""
    context = task_context("Let Databricks profile the predictions.", schedule="")
    schedule = context.parameters["schedule"]
    if not schedule or is_throw_away(context):
        report_note("no monitor: this target wants none, or this is a test run")
        return
    wanted = TableMonitor(
        table=context.table("gold", predictions.TABLE),
        output_schema=context.catalog.schema_name("ops"),
        timestamp_column="predicted_at",
        schedule=None if schedule == "manual" else schedule,
        slices=("carrier", "model_version"),
    )
    outcome = ensure_monitor(workspace_api(context), wanted)
    print(f"monitor of {wanted.table}: {outcome}")
    report_note(f"monitor of {wanted.table}: {outcome}")
