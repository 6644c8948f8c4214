"""A small bundle with a resource of each kind, and a workspace that is ready for it."""

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from bundle_deployer import Deployer
from bundle_deployer.loading import load

if TYPE_CHECKING:
    from workspace_fake.workspace import FakeWorkspace

ANA = "ana@example.com"
BUNDLE = """\
bundle: {name: shop, engine: direct}
include: [resources/*.yml]
targets:
  prod:
    mode: production
    default: true
    workspace: {root_path: /Workspace/Shared/.bundle/shop}
    permissions: [{level: CAN_MANAGE, group_name: users}]
"""
RESOURCES = {
    "catalog": """\
      schemas:
        gold:
          catalog_name: shop
          name: gold
          comment: sums
          grants: [{principal: readers, privileges: [USE_SCHEMA, SELECT]}]
      volumes:
        files: {catalog_name: shop, schema_name: "${resources.schemas.gold.name}", name: files, volume_type: MANAGED}
      registered_models:
        model:
          catalog_name: shop
          schema_name: ${resources.schemas.gold.name}
          name: churn
          grants: [{principal: readers, privileges: [EXECUTE]}]
""",
    "jobs": """\
      jobs:
        load:
          name: load
          parameters: [{name: day, default: today}]
          tasks:
            - task_key: load
              spark_python_task: {python_file: ../src/load.py, parameters: ["{{job.parameters.day}}"]}
              environment_key: main
          environments: [{environment_key: main, spec: {environment_version: "4"}}]
        all:
          name: all
          tasks:
            - task_key: load
              run_job_task: {job_id: "${resources.jobs.load.id}"}
""",
    "other": """\
      pipelines:
        events: {name: events, catalog: shop, schema: "${resources.schemas.gold.name}", serverless: true}
      experiments:
        churn: {name: /Shared/churn}
      secret_scopes:
        keys: {name: shop}
      sql_warehouses:
        main: {name: shop, cluster_size: 2X-Small, max_num_clusters: 1}
      dashboards:
        sales: {display_name: sales, serialized_dashboard: "{}", warehouse_id: "${resources.sql_warehouses.main.id}"}
      alerts:
        empty:
          display_name: empty
          query_text: SELECT 1 AS n
          warehouse_id: ${resources.sql_warehouses.main.id}
          evaluation: {source: {name: n}, comparison_operator: EQUAL, threshold: {value: {double_value: 0}}}
          schedule: {quartz_cron_schedule: 0 0 8 * * ?, timezone_id: UTC}
""",
}
LOAD = """\
import sys
print("loaded", sys.argv[1])
"""


class Shop:
    """The bundle in a folder, and who deploys it to a workspace."""

    def __init__(
        self, root: Path, workspace: "FakeWorkspace", *, parts: tuple[str, ...] = tuple(RESOURCES)
    ) -> None:
        self.root = root
        self.workspace = workspace
        self.token = workspace.add_user(ANA)
        workspace.add_group("readers")
        workspace.add_catalog("shop", grants={ANA: ["USE_CATALOG", "CREATE_SCHEMA"]})
        self.write("databricks.yml", BUNDLE)
        self.write("src/load.py", LOAD)
        for name in parts:
            self.write(
                f"resources/{name}.yml",
                "resources:\n" + dedent(RESOURCES[name]).replace("\n", "\n  ").join(["  ", ""]),
            )

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, old
        self.write(name, text.replace(old, new))

    def deployer(
        self, token: str | None = None, *, cache: Path | None = None, http_seconds: float = 20
    ) -> Deployer:
        """Return a deployer of the bundle as it is now."""
        client = self.workspace.client(token or self.token, http_seconds=http_seconds)
        return Deployer(load(self.root, "prod", client), client, cache)

    def actions(self) -> dict[str, str]:
        """Return what a deployment would do, without what it would leave alone."""
        return actions(self.deployer().plan())


def actions(plan: dict[str, dict[str, dict[str, str]]]) -> dict[str, str]:
    """Return the actions of a plan by the resource, without those that skip."""
    return {
        key.removeprefix("resources."): entry["action"]
        for key, entry in plan["plan"].items()
        if entry["action"] != "skip"
    }
