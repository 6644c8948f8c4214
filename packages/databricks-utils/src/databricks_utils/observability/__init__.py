"""Reports of a run about itself and its data."""

from databricks_utils.observability.run_report import (
    report_accounting,
    report_model,
    report_note,
    report_rows,
)

__all__ = ["report_accounting", "report_model", "report_note", "report_rows"]
