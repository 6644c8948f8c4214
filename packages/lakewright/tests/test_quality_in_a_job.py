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
from click.testing import CliRunner
from webhook_server import SECRET, receiving

from databricks_utils.testing import write_drop
from lakewright.commands.quality import command
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


def lakewright(*arguments, address):
    """Run a command as a person does; neither its output nor a log contains the webhook's address."""
    source = os.pathsep.join(filter(None, [str(Path("src").resolve()), os.environ.get("PYTHONPATH", "")]))
    environment = {
        **os.environ,
        **{"DBX_SECRET__ALERTS__WEBHOOK": address, "PYTHONPATH": source, "COLUMNS": "200"},
    }
    command_line = [sys.executable, "-m", "lakewright", *map(str, arguments)]
    done = subprocess.run(
        command_line, capture_output=True, text=True, check=False, timeout=200, env=environment
    )
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


def test_each_outcome_takes_its_branch_and_is_posted_as_configured(shop, monkeypatch):
    refused = lakewright("quality", "trend", address="")
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

    the_trends_of_the_runs_are_shown(shop, monkeypatch)


def the_trends_of_the_runs_are_shown(shop, monkeypatch):
    """On the same engine, with the session of this process."""
    monkeypatch.setattr(sys.modules["lakewright.commands.quality.trend"], "open_here", lambda *_: shop)

    def trend(*arguments):
        return CliRunner().invoke(command, ["trend", *arguments])

    shown = trend("orders", "--rule", "key_is_complete").output
    assert "3 of 4 failed, 75 %, quarantined" in shown
    assert "unknown with fewer than five earlier runs" in shown

    lines = [json.loads(line) for line in trend("--fail-on-unusual", "-o", "json").output.splitlines()]
    assert {(line["table"], line["is_unusual"], len(line["runs"])) for line in lines} == {
        ("local_analytics.shop_silver.orders", False, 3)
    }
