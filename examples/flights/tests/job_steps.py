"""The steps of the jobs, run one by one in an environment of a test."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from databricks_utils.context import Context, open_context
from databricks_utils.testing import run_notebook, run_wheel_task

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


@dataclass(frozen=True)
class Steps:
    """An environment `local` with its own schemas, and the steps that write them."""

    spark: Any
    config_folder: Path
    schema_prefix: str

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of every job."""
        prefix = self.schema_prefix
        given = {"env": "local", "config_path": str(self.config_folder), "schema_prefix": prefix}
        return {**given, "git_sha": "abc", "run_id": "1"}

    @property
    def context(self) -> Context:
        """The context of the steps."""
        return open_context("local", self.config_folder, schema_prefix=self.schema_prefix)

    def table(self, layer, name):
        """Return a table."""
        return self.spark.table(self.context.table(layer, name))

    def notebook(self, name, **more):
        """Run a notebook, and return the task values that it set."""
        return run_notebook(NOTEBOOKS / f"{name}.py", self.spark, {**self.parameters, **more})

    def task(self, main, **more):
        """Run an entry point of the wheel."""
        run_wheel_task(main, {**self.parameters, **more})
