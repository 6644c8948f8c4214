"""`lakewright contract import` and `contract test` on a project's lakehouse, beside a session that uses it."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from databricks_utils.catalog import CatalogHelper
from databricks_utils.config import ConfigLoader
from lakewright.commands.contract import command

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def project(spark, lakehouse_project):
    """The project of the test's session, with a table in silver and files in landing."""
    (lakehouse_project / "databricks.yml").write_text("bundle: {name: shop}\n", encoding="utf-8")
    config = ConfigLoader.load("local", lakehouse_project / "config")
    names = CatalogHelper(config)
    spark.sql(
        f"CREATE OR REPLACE TABLE {names.table_name('silver', 'orders')} USING DELTA AS "
        "SELECT id, id / 2D AS price, concat(id, '@example.com') AS e_mail, 'f' AS _source_file FROM range(20)"
    )
    folder = Path(names.volume_path(config.storage.landing_volume, "orders"))
    folder.mkdir(parents=True)
    lines = ["id,price,e_mail", *(f"{n},{n}.50,{n}@example.com" for n in range(20))]
    (folder / "orders.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    yield lakehouse_project, folder
    spark.sql(f"DROP TABLE {names.table_name('silver', 'orders')}")


@pytest.fixture
def run(project, monkeypatch):
    root, _ = project
    monkeypatch.chdir(root)
    monkeypatch.setenv("TZ", "UTC")

    def invoke(*arguments):
        return CliRunner().invoke(command, [str(argument) for argument in arguments])

    return invoke


def test_drafts_of_a_table_and_of_files_are_kept_to_by_their_data_and_a_broken_one_is_found(
    run, project, spark
):
    root, folder = project
    silver, landing = (
        root / "contracts" / "silver" / "orders.odcs.yaml",
        root / "contracts" / "landing" / "orders.odcs.yaml",
    )
    done = run("import", "silver.orders", "--out", silver)
    assert done.exit_code == 0, done.output
    assert "drafted orders: 3 columns, " in done.output
    assert "next: lakewright contract lint" in done.output
    assert "note: left out, since the medallion adds them: _source_file" in done.output
    assert run("import", folder, "--out", landing).exit_code == 0
    linted = run("lint")
    assert linted.exit_code == 0
    assert "  not confirmed: orders: id: primaryKey, logicalType, required" in linted.output

    passed = run("test")
    assert passed.exit_code == 0, passed.output
    assert "passed landing.orders: 20 rows" in passed.output
    assert "passed silver.orders: 20 rows" in passed.output
    assert "2 passed" in passed.output

    text = silver.read_text(encoding="utf-8")
    broken = text.replace("maximum: 9.5", "maximum: 1").replace("physicalType: bigint", "physicalType: int")
    silver.write_text(broken, encoding="utf-8")
    failed = run("test", "silver.orders")
    assert failed.exit_code == 2
    assert "column `id`: INT in the contract, BIGINT in the table" in failed.output
    assert "17 rows (85.00%): price is greater than 1 (rule price_is_not_too_large)" in failed.output
    assert "example.com" not in failed.output

    (root / "contracts" / "gold").mkdir()
    (root / "contracts" / "gold" / "none.odcs.yaml").write_text(
        text.replace("name: orders", "name: none"), encoding="utf-8"
    )
    (root / "contracts" / "odd").mkdir()
    (root / "contracts" / "odd" / "x.odcs.yaml").write_text(text, encoding="utf-8")
    (root / "contracts" / "gold" / "wrong.odcs.yaml").write_text("kind: x", encoding="utf-8")
    (root / "contracts" / "loose.odcs.yaml").write_text(text, encoding="utf-8")
    done = run("test", "-o", "json")
    assert done.exit_code == 2
    found = json.loads(done.stdout)
    assert {table["name"]: (table["status"], table["reason"]) for table in found["tables"]} == {
        "gold.none": ("failed", "the table does not exist"),
        "gold.wrong": ("failed", "its contract cannot be read"),
        "landing.orders": ("passed", ""),
        "orders": ("skipped", "its file is in no folder of a layer, as contracts/silver/orders.odcs.yaml"),
        "odd.orders": ("failed", "catalog: there is no layer `odd`"),
        "silver.orders": ("failed", ""),
    }
    assert (found["passed"], found["failed"], found["skipped"]) == (1, 4, 1)
    assert found["tables"][0]["fix"].startswith("run the job that writes it")

    alone = run("test", root / "contracts" / "loose.odcs.yaml")
    assert alone.exit_code == 1
    assert alone.exception.summary == "no table was tested"


def test_the_draft_goes_to_stdout_and_what_is_to_do_to_stderr(run, project):
    _, folder = project
    done = run("import", folder / "orders.csv.gz", "--sample", "10")
    assert done.exit_code == 0
    assert done.stdout.startswith("# A draft from the file orders.csv.gz")
    assert "drafted orders: 3 columns" not in done.stdout
    assert "drafted orders: 3 columns" in done.stderr
    assert "about 10 of 20 rows" in done.stdout
