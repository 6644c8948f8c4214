"""A step that has nothing to do ends at once: what it read, what it wrote, its code and its configuration are as they were.

`run_step` runs the work of a step, unless all of them are those of the step's last finished run; then it returns that run's result.
The runs are in the table `ops.steps`; without its rows every step runs again.
"""

from databricks_utils.steps.definition import define_step
from databricks_utils.steps.register import FinishedRun, StepRegister
from databricks_utils.steps.step import Outcome, Step, run_step
from databricks_utils.steps.table_step import table_step

__all__ = ["FinishedRun", "Outcome", "Step", "StepRegister", "define_step", "run_step", "table_step"]
