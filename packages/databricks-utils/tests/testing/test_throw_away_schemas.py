"""A test run has schemas of its own, which are the only ones that it drops."""

import pytest

from databricks_utils.catalog import CatalogHelper
from databricks_utils.catalog.layers import LAYERS
from databricks_utils.config import ConfigLoader
from databricks_utils.context import Context
from databricks_utils.medallion.landing.samples import deliver
from databricks_utils.testing import (
    NotThrowAwayError,
    create_throw_away_schemas,
    drop_throw_away_schemas,
    is_throw_away,
    keep_throw_away_schemas,
)


def opened(folder, prefix):
    config = ConfigLoader.load("local", folder, {"catalog.schema_prefix": prefix})
    return Context(config, CatalogHelper(config))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("test_1_", True),
        ("dev_alice_test_42_", True),
        ("", False),
        ("dev_alice_", False),
        ("test_", False),
        ("test_x_", False),
        ("latest_1_", False),
        ("test_1_more_", False),
    ],
)
def test_only_a_prefix_of_a_test_run_is_accepted(lakehouse_project, prefix, expected):
    context = opened(lakehouse_project / "config", prefix)
    assert is_throw_away(context) is expected
    if not expected:
        no_session = None  # it is refused before any statement
        for step in (create_throw_away_schemas, keep_throw_away_schemas, drop_throw_away_schemas):
            with pytest.raises(NotThrowAwayError, match="not one of a test run") as refusal:
                step(no_session, context)
            assert "test_{{job.run_id}}_" in refusal.value.fix


@pytest.mark.integration
def test_two_runs_have_their_own_schemas_and_drop_only_those(spark, catalog, lakehouse_project, tmp_path):
    contexts = [opened(lakehouse_project / "config", f"test_{number}_") for number in (1, 2)]
    for context in (*contexts, contexts[0]):  # a repeated task changes nothing
        create_throw_away_schemas(spark, context)
    assert contexts[0].landing.is_dir()
    (tmp_path / "samples" / "flights").mkdir(parents=True)
    (tmp_path / "samples" / "flights" / "f.csv").write_text("a\n1\n")
    assert deliver(tmp_path / "samples", contexts[0].landing) == []
    spark.sql(f"CREATE TABLE {contexts[0].table('bronze', 't')} (a INT)")
    dropped = drop_throw_away_schemas(spark, contexts[0], models=[contexts[0].catalog.model_name("none")])
    assert set(dropped) == {contexts[0].catalog.schema_name(layer) for layer in LAYERS}
    left = {row[0] for row in spark.sql(f"SHOW SCHEMAS IN {catalog.catalog}").collect()}
    assert not any(name.startswith("test_1_") for name in left)
    assert contexts[1].catalog.schema_name("bronze").split(".")[1] in left
    assert catalog.schema_name("bronze").split(".")[1] in left
    assert not contexts[0].landing.exists()
    assert drop_throw_away_schemas(spark, contexts[0]) == ()
    drop_throw_away_schemas(spark, contexts[1])


@pytest.mark.integration
def test_the_schemas_of_a_failed_run_stay_until_it_succeeds_or_the_next_run_starts(
    spark, catalog, lakehouse_project
):
    running, failed, resumed, later = (
        opened(lakehouse_project / "config", f"test_{number}_") for number in (4, 5, 6, 7)
    )
    other = opened(lakehouse_project / "config", "dev_alice_test_5_")

    for context in (running, failed, resumed, other):
        create_throw_away_schemas(spark, context)
    spark.sql(f"CREATE TABLE {failed.table('bronze', 't')} (a INT)")
    kept = keep_throw_away_schemas(spark, failed, models=[failed.catalog.model_name("none")])
    assert set(kept) == {failed.catalog.schema_name(layer) for layer in LAYERS}
    for context in (resumed, other):
        keep_throw_away_schemas(spark, context)
    spark.sql(f"INSERT INTO {failed.table('bronze', 't')} VALUES (1)")  # it can go on
    drop_throw_away_schemas(spark, resumed)
    create_throw_away_schemas(spark, later)
    names = {row[0] for row in spark.sql(f"SHOW SCHEMAS IN {catalog.catalog}").collect()}
    assert not any(name.startswith("test_5_") for name in names)
    assert {
        context.catalog.schema_name("bronze").split(".")[1] for context in (running, other, later)
    } <= names
    for context in (running, other, later):
        drop_throw_away_schemas(spark, context)


@pytest.mark.integration
def test_a_schema_that_no_test_run_has_made_is_not_used(spark, catalog, lakehouse_project):
    context = opened(lakehouse_project / "config", "test_3_")
    spark.sql(f"CREATE SCHEMA {context.catalog.schema_name('bronze')} COMMENT 'data of the project'")
    with pytest.raises(NotThrowAwayError, match="no test run has made it"):
        create_throw_away_schemas(spark, context)
    foreign = context.catalog.schema_name("bronze")
    assert foreign not in drop_throw_away_schemas(spark, context)
    left = {row[0] for row in spark.sql(f"SHOW SCHEMAS IN {catalog.catalog}").collect()}
    assert {name for name in left if name.startswith("test_3_")} == {foreign.split(".")[1]}
    spark.sql(f"DROP SCHEMA {foreign}")
