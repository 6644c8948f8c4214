"""A deployment plan of the Databricks CLI: run the CLI or read its JSON, strictly, into one model."""

from lakewright.databricks_cli.errors import CliError
from lakewright.deploy.plan.errors import PlanError
from lakewright.deploy.plan.model import Action, Change, Engine, Entry, Plan
from lakewright.deploy.plan.reading import read_plan
from lakewright.deploy.plan.running import run_plan

__all__ = ["Action", "Change", "CliError", "Engine", "Entry", "Plan", "PlanError", "read_plan", "run_plan"]
