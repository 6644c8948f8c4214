"""`lakewright quarantine` on a small project: what is kept out is shown with its reasons, and comes in once when the reason has gone."""

import csv
import importlib
import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from databricks_utils.quality import CheckFailedError
from databricks_utils.testing import write_drop
from lakewright.commands.quarantine import command
from lakewright.commands.quarantine.opened import open_here
from lakewright.engine import stop_engine
from lakewright.project_medallion import NoMedallionError, open_project_medallion

HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: shop-{name}\nversion: 1.0.0\nstatus: active\nschema:\n  - name: {name}\n"
SHARE = "    customProperties: [{property: maxQuarantinedShare, value: 1}]\n"
FILES = {
    "databricks.yml": "bundle: {name: shop}\n",
    "pyproject.toml": '[tool.lakewright]\nmedallion = "shop_of_quarantine.medallion:open_medallion"\n',
    "config/defaults.yaml": "project: shop\ncatalog: {schema: shop}\n",
    "config/local.yaml": "catalog: {name: local_analytics}\n",
    "src/shop_of_quarantine/__init__.py": "",
    "src/shop_of_quarantine/tables.py": """
        from databricks_utils.contracts import contracts_of
        from databricks_utils.quality import Rule

        KNOWN = Rule("customer_is_known", "country IS NOT NULL", "there is no such customer")

        def typed(records, customers):
            return records.join(customers.select("customer", "country"), "customer", "left")

        contracts = contracts_of("shop_of_quarantine")
        CUSTOMERS = contracts.entity("customers")
        ORDERS = contracts.entity("orders", typed, needs=("customers",), rules=(KNOWN,))
    """,
    "src/shop_of_quarantine/medallion.py": """
        from databricks_utils.medallion import Medallion

        def open_medallion(spark, context):
            return Medallion.of_package(spark, context, "shop_of_quarantine")
    """,
    "contracts/landing/customers.odcs.yaml": HEAD.format(name="customers")
    + "    properties: [{name: customer, logicalType: string}, {name: country, logicalType: string}]\n",
    "contracts/landing/orders.odcs.yaml": HEAD.format(name="orders")
    + "    properties: [{name: number, logicalType: integer}, {name: customer, logicalType: string}]\n",
    "contracts/silver/customers.odcs.yaml": HEAD.format(name="customers")
    + "    properties: [{name: customer, logicalType: string, primaryKey: true}, {name: country, logicalType: string}]\n",
    "contracts/silver/orders.odcs.yaml": HEAD.format(name="orders")
    + SHARE
    + "    properties: [{name: number, logicalType: integer, primaryKey: true}, {name: customer, logicalType: string}]\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A shop whose order 2 is of a customer that is not known yet, whose order 3 has no number, and whose order 4 is cut off."""
    with pytest.MonkeyPatch.context() as patch:
        project = write(tmp_path_factory.mktemp("shop"), FILES)
        patch.chdir(project)
        opened = open_here(None, "")
        orders = [
            {"number": "1", "customer": "ann"},
            {"number": "2", "customer": "bob"},
            {"number": "x", "customer": "ann"},
        ]
        deliver(opened, "customers", {"customer": "ann", "country": "NL"})
        deliver(opened, "orders", *orders, "4", columns=("number", "customer"))
        yield opened
        opened.spark.stop()
        stop_engine(project)


def deliver(opened, source, *records, columns=("customer", "country"), name="1"):
    medallion = opened.medallion()
    medallion._ensure_schemas()
    write_drop(opened.context.landing / source / f"{name}.csv", columns, records)
    medallion.ingest()
    medallion.refine()


def lakewright(*arguments):
    """Run the command in a process of its own, as a person does."""
    command_line = [sys.executable, "-m", "lakewright", *map(str, arguments)]
    return subprocess.run(command_line, capture_output=True, text=True, check=False, timeout=120)


def run(*arguments):
    done = lakewright("quarantine", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.integration
def test_what_is_kept_out_is_shown_judged_and_let_in_once(shop):
    lines = [line.split() for line in run("show").splitlines()]
    assert ["customers", "│", "0", "│"] in lines
    assert next(line for line in lines if line[0] == "orders")[2] == "3"

    shown = run("show", "orders", "--rule", "customer_is_known")
    assert "local_analytics.shop_quarantine.orders: " in shown
    assert "there is no such customer" in shown
    assert "run quarantine-" in shown
    assert "shop-orders 1.0.0, shop-orders 1.0.0" in shown
    assert "lakewright quarantine judge orders" in shown
    assert "more; -n shows more" in run("show", "orders", "-n", "1")

    (record,) = (
        found
        for found in map(json.loads, run("show", "orders", "-o", "json").splitlines())
        if [failure["rule"] for failure in found["_failures"]]
        == ["number_is_a_whole_number", "key_is_complete"]
    )
    assert record["_source_file"] == "1.csv"
    raw = list(csv.DictReader(run("show", "orders", "-o", "csv").splitlines()))
    assert {"number": "2", "customer": "bob"} in raw
    assert len(raw) == 2  # the malformed line is counted, on the error stream

    assert "0 of 3 quarantined records are valid now" in run("judge", "orders")
    deliver(shop, "customers", {"customer": "bob", "country": "BE"}, name="2")
    judged = run("judge", "orders")
    assert "1 of 3 quarantined records are valid now" in judged
    assert "lakewright quarantine replay orders" in judged
    assert json.loads(run("judge", "orders", "-o", "json"))["arriving"] == 1
    assert "1 records arrived in local_analytics.shop_silver.orders" in run("replay", "orders")
    assert "0 records arrived" in run("replay", "orders")
    silver = shop.spark.table(shop.context.table("silver", "orders"))
    assert sorted(row["number"] for row in silver.collect()) == [1, 2]
    refused = lakewright("quarantine", "show", "oders")
    assert refused.returncode == 2
    assert "no quarantine for `oders`" in refused.stderr
    assert "`orders`" in refused.stderr
    the_data_are_tested_and_a_contract_is_drafted_of_them()


def the_data_are_tested_and_a_contract_is_drafted_of_them():
    """On the same engine: what was delivered breaks its contract, what is in silver keeps it."""
    done = lakewright("contract", "test", "-o", "json")
    assert done.returncode == 2
    results = {item["name"]: item["status"] for item in json.loads(done.stdout)["tables"]}
    assert results == {
        "landing.customers": "passed",
        "landing.orders": "failed",
        "silver.customers": "passed",
        "silver.orders": "passed",
    }
    drafted = lakewright("contract", "import", "local_analytics.shop_silver.customers")
    assert drafted.returncode == 0
    assert "id: customers" in drafted.stdout
    assert "# guess:" in drafted.stdout


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "does not say which function"),
        ('[tool.lakewright]\nmedallion = "shop"\n', "not of the form module:function"),
        (
            '[tool.lakewright]\nmedallion = "no_such_shop.medallion:open"\n',
            "cannot be imported: No module named",
        ),
        (
            '[tool.lakewright]\nmedallion = "json:open_medallion"\n',
            "cannot be imported: module 'json' has no",
        ),
    ],
)
def test_a_project_without_a_medallion_is_told_what_to_write(tmp_path, text, words):
    write(tmp_path, {"pyproject.toml": text})
    with pytest.raises(NoMedallionError, match=words) as refused:
        open_project_medallion(tmp_path, None, None)
    assert refused.value.fix


@pytest.mark.unit
def test_csv_and_a_rule_need_a_table():
    done = CliRunner().invoke(command, ["show", "-o", "csv"])
    assert done.exit_code == 2
    assert "name a table" in done.output


@pytest.mark.unit
def test_a_replay_that_a_failed_check_stops_says_what_has_arrived(monkeypatch):
    class Stopped:
        def medallion(self):
            return self

        def chosen(self, table):
            return table

        def judge_again(self, *, only):
            error = CheckFailedError("a check fails")
            error.add_note(f"{only[0]}: 3 records were judged")
            raise error

    replay = importlib.import_module(
        "lakewright.commands.quarantine.replay"
    )  # the package's name is the command
    monkeypatch.setattr(replay, "open_here", lambda *_: Stopped())
    done = CliRunner().invoke(command, ["replay", "orders"])
    assert isinstance(done.exception, CheckFailedError)
    assert "orders: 3 records were judged" in done.output
