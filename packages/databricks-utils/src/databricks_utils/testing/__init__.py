"""pytest fixtures for projects (`databricks_utils.pytest_plugin`), test data and an example configuration."""

from databricks_utils.testing.example import example_config_folder
from databricks_utils.testing.exams.drift_exam import assert_drift_noticed
from databricks_utils.testing.exams.entity_exam import assert_rules_notice
from databricks_utils.testing.exams.future import Known, assert_blind_to_the_future
from databricks_utils.testing.exams.gate_exam import assert_gate_can_tell
from databricks_utils.testing.exams.known_problem import assert_learns, known_problem
from databricks_utils.testing.exams.monitor_exam import assert_monitoring_notices
from databricks_utils.testing.exams.months import assert_earlier_months_stand
from databricks_utils.testing.exams.second_delivery import assert_each_record_once
from databricks_utils.testing.job_steps import run_notebook, run_wheel_task
from databricks_utils.testing.judged_records import Judged, judge_records
from databricks_utils.testing.landing import delivered_records, first_records, write_drop
from databricks_utils.testing.project import throw_away_project
from databricks_utils.testing.throw_away_schemas import (
    NotThrowAwayError,
    create_throw_away_schemas,
    drop_throw_away_schemas,
    is_throw_away,
    keep_throw_away_schemas,
)
from databricks_utils.testing.tiny_rows import TinyRows, tiny_rows

__all__ = [
    "Judged",
    "Known",
    "NotThrowAwayError",
    "TinyRows",
    "assert_blind_to_the_future",
    "assert_drift_noticed",
    "assert_each_record_once",
    "assert_earlier_months_stand",
    "assert_gate_can_tell",
    "assert_learns",
    "assert_monitoring_notices",
    "assert_rules_notice",
    "create_throw_away_schemas",
    "delivered_records",
    "drop_throw_away_schemas",
    "example_config_folder",
    "first_records",
    "is_throw_away",
    "judge_records",
    "keep_throw_away_schemas",
    "known_problem",
    "run_notebook",
    "run_wheel_task",
    "throw_away_project",
    "tiny_rows",
    "write_drop",
]
