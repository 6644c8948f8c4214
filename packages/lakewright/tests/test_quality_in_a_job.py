"""Notebook 02 of the template in the job of docs/reference/quality.md: each outcome takes its branch, and a stopped run is posted once.

Then `lakewright quality trend` shows what these runs have measured.
"""

import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from webhook_server import SECRET, receiving

from databricks_utils.quality import Measurement, RuleCount, Severity, record_metrics
from databricks_utils.testing import write_drop
from lakewright.commands.quarantine.opened import open_here
from lakewright.engine import stop_engine

pytestmark = [pytest.mark.integration, pytest.mark.slow]

ROOT = Path(__file__).parents[3]
NOTEBOOK = "notebooks/02_transform_silver_gold.py"
NOTHING = "# Databricks notebook source\nprint('ran')\n"
HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: shop-{name}\nversion: 1.0.0\nstatus: active\nschema:\n  - name: orders\n"
SHARE = "    customProperties: [{property: maxQuarantinedShare, value: 0.4}]\n"
PROPERTIES = "    properties: [{name: number, logicalType: integer, primaryKey: true}, {name: customer, logicalType: string}]\n"
FILES = {
    "databricks.yml": "bundle: {name: shop}\ninclude: [resources/*.yml]\ntargets: {dev: {default: true}}\n",
    "pyproject.toml": '[tool.lakewright]\nmedallion = "shop_of_alerts.medallion:open_medallion"\n',
    "config/defaults.yaml": """
        project: shop
        catalog: {schema: shop}
        alerts: {webhook_url: secret://alerts/webhook, from_outcome: quarantined}
    """,
    "config/local.yaml": "catalog: {name: local_analytics}\n",
    "src/shop_of_alerts/__init__.py": "",
    "src/shop_of_alerts/tables.py": """
        from databricks_utils.contracts import contracts_of

        ORDERS = contracts_of("shop_of_alerts").entity("orders")
    """,
    "src/shop_of_alerts/medallion.py": """
        from databricks_utils.medallion import Medallion

        def open_medallion(spark, context):
            return Medallion.of_package(spark, context, "shop_of_alerts")
    """,
    "contracts/landing/orders.odcs.yaml": HEAD.format(name="landing")
    + PROPERTIES.replace(", primaryKey: true", ""),
    "contracts/silver/orders.odcs.yaml": HEAD.format(name="silver") + SHARE + PROPERTIES,
    "notebooks/publish.py": NOTHING,
    "notebooks/look.py": NOTHING,
    "notebooks/tell.py": NOTHING,
}


def tasks_of_the_page():
    """The tasks that the page about quality shows."""
    page = (ROOT / "docs/reference/quality.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(tasks:\n.*?)```", page, re.DOTALL)
    return block


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A shop whose only job has the tasks of the page, and whose notebook 02 is that of the template."""
    with pytest.MonkeyPatch.context() as patch:
        project = tmp_path_factory.mktemp("shop")
        job = "resources:\n  jobs:\n    transformation:\n      name: transformation\n      parameters:\n"
        job += '        - {name: run_id, default: "{{job.run_id}}"}\n'
        notebook = (ROOT / "examples/flights" / NOTEBOOK).read_text(encoding="utf-8")
        files = {
            **FILES,
            "resources/transformation.job.yml": job + textwrap.indent(tasks_of_the_page(), " " * 6),
            NOTEBOOK: notebook.replace("from flights.medallion", "from shop_of_alerts.medallion"),
        }
        for name, text in files.items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        patch.chdir(project)
        opened = open_here(None, "")
        opened.context.catalog.ensure_schemas(opened.spark)
        yield opened
        opened.spark.stop()
        stop_engine(project)


def deliver(shop, name, *numbers):
    """Deliver an order for each number, and load it into bronze."""
    records = [{"number": number, "customer": "ann"} for number in numbers]
    write_drop(shop.context.landing / "orders" / f"{name}.csv", ("number", "customer"), records)
    shop.medallion().ingest()


def lakewright(*arguments, address=""):
    """Run a command as a person does; neither its output nor a log contains the webhook's address."""
    environment = {**os.environ, "DBX_SECRET__ALERTS__WEBHOOK": address, "COLUMNS": "200"}
    command = [sys.executable, "-m", "lakewright", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200, env=environment)
    logs = [
        path.read_text(encoding="utf-8", errors="replace")
        for path in Path(".lakewright/runs").rglob("*.*")
        if path.is_file()
    ]
    assert not [text for text in (done.stdout, done.stderr, *logs) if SECRET in text]
    return done


def run_job(address):
    """Run the job; return its exit code, the tasks that were executed, and everything that was printed."""
    done = lakewright("run", "transformation", address=address)
    summary = json.loads(Path(".lakewright/runs/latest/summary.json").read_text(encoding="utf-8"))
    executed = {task["key"]: task["status"] for task in summary["tasks"] if task["status"] != "skipped"}
    return done.returncode, executed, done.stdout + done.stderr


def test_each_outcome_takes_its_branch_and_is_posted_as_configured(shop):
    refused = lakewright("quality", "trend")
    assert refused.returncode == 2
    assert "no run has measured the tables of this project yet" in refused.stderr
    assert "lakewright run transformation" in refused.stderr

    with receiving() as (url, bodies):
        deliver(shop, "1", *"1234")
        code, executed, printed = run_job(url)
        assert (code, bodies) == (0, []), printed
        assert executed == {"transform": "success", "is_clean": "success", "publish": "success"}

        deliver(shop, "2", *"567x")
        code, executed, printed = run_job(url)
        assert (code, [body["outcome"] for body in bodies]) == (0, ["quarantined"]), printed
        assert executed == {"transform": "success", "is_clean": "success", "look_at_quarantine": "success"}
        assert {rule["rule"] for rule in bodies[0]["rules"]} == {
            "number_is_a_whole_number",
            "key_is_complete",
        }

        deliver(shop, "3", "8", *"xyz")
        code, executed, printed = run_job(url)
        assert (code, [body["outcome"] for body in bodies[1:]]) == (1, ["stopped"]), printed
        assert executed == {"transform": "failed", "tell": "success"}
        assert (
            "3 of 4 rows of local_analytics.shop_silver.orders are invalid, 75.0%; the limit is 40.0%"
            in printed
        )
        assert bodies[1]["stopped_by"].startswith("quality: 3 of 4 rows of")
        assert all(body["run_id"] not in ("", "unknown") for body in bodies)

    code, executed, printed = run_job(url)  # nobody listens any more
    assert (code, executed) == (1, {"transform": "failed", "tell": "success"})
    assert "3 of 4 rows of local_analytics.shop_silver.orders are invalid" in printed
    the_trends_of_the_runs_are_shown(shop)


def the_trends_of_the_runs_are_shown(shop):
    shown = lakewright("quality", "trend", "orders", "--rule", "key_is_complete").stdout
    assert "3 of 4 failed, 75 %, quarantined" in shown
    assert "unknown with fewer than five earlier runs" in shown

    name, silver = shop.context.table("ops", "quality_metrics"), shop.context.table("silver", "late_orders")
    for run, failed in enumerate((10, 12, 9, 11, 10, 60)):
        count = RuleCount("is_in_time", "row", Severity.ERROR, 1000, failed)
        found = Measurement(silver, (count,), 1.5, "", "abc")
        record_metrics(shop.spark, name, [found], run_id=f"r{run}", git_sha="sha", measured_at=run + 1)
    done = lakewright("quality", "trend", "--fail-on-unusual", "-o", "json")
    assert done.returncode == 2, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["table"], line["rule"], line["failed"]) for line in lines if line["is_unusual"]] == [
        (silver, "is_in_time", 60)
    ]
    assert lines[0]["is_unusual"]
    assert lakewright("quality", "trend", "shop_silver.orders", "--fail-on-unusual").returncode == 0
    misspelled = lakewright("quality", "trend", "late_order")
    assert misspelled.returncode == 2
    assert "did you mean `late_orders`" in misspelled.stderr
    stranger = lakewright("quality", "trend", "--as", "stranger")
    assert stranger.returncode == 2
    assert "Traceback" not in stranger.stderr
