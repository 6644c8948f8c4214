"""Entry point `quality_monitor` of the wheel: let Databricks profile the predictions. It needs a workspace."""

from databricks_utils.context import task_context
from databricks_utils.observability import report_note
from databricks_utils.testing import is_throw_away
from databricks_utils.workspace_objects import TableMonitor, ensure_monitor, workspace_api

from flights.scoring import predictions


def main() -> None:
    """Make the monitor of gold.predictions, or change it to the schedule of this target; without a schedule there is none."""
    context = task_context("Let Databricks profile the predictions.", schedule="")
    if not context.parameters["schedule"] or is_throw_away(context):
        report_note("no monitor: this target has no schedule for it, or this is a test run")
        return
    wanted = TableMonitor(
        table=context.table("gold", predictions.TABLE),
        output_schema=context.catalog.schema_name("ops"),
        timestamp_column="predicted_at",
        schedule=context.parameters["schedule"],
        slices=("carrier", "model_version"),
    )
    outcome = ensure_monitor(workspace_api(context), wanted)
    print(f"monitor of {wanted.table}: {outcome}")
    report_note(f"monitor of {wanted.table}: {outcome}")
