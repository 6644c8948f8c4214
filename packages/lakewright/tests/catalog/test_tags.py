"""Tags of catalogs, schemas, tables, views, volumes and columns: who may set them, what becomes of them, where they are shown."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.over_connect, pytest.mark.drawn(1)]


@pytest.fixture
def ground(spark, schema):
    """A schema with a table, a view and a volume."""
    spark.sql(
        f"CREATE TABLE {schema}.t (id INT, Name STRING) TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"
    )
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT id FROM {schema}.t")
    spark.sql(f"CREATE VOLUME {schema}.files")
    return schema


@pytest.fixture
def tags(rows, catalog):
    """Give the rows of one of the relations of tags, without the catalog's name."""
    return lambda relation: [
        row[1:] for row in rows(f"SELECT * FROM {catalog}.information_schema.{relation}")
    ]


def test_a_tag_is_set_read_and_taken_away_on_every_kind_of_object(spark, ground, catalog, tags):
    for statement in (
        f"ALTER CATALOG {catalog} SET TAGS ('cost center' = 'x', 'alone')",
        f"SET TAG ON SCHEMA {ground} `team` = `hr`",
        f"ALTER SCHEMA {ground} SET TAGS ('team' = 'it')",
        f"ALTER TABLE {ground}.t SET TAGS (\"a\" = 'it''s', 'A' = '')",
        f"SET TAG ON VIEW {ground}.v a",
        f"ALTER VIEW {ground}.v SET TAGS ('b' = '1')",
        f"ALTER VOLUME {ground}.files SET TAGS ('v' = '1')",
        f"SET TAG ON VOLUME {ground}.files w = 'two words'",
        f"ALTER TABLE {ground}.t ALTER COLUMN name SET TAGS ('pii' = 'name', 'x' = 'y')",
        f"SET TAG ON COLUMN {ground}.t.`id` key",
        f"ALTER VIEW {ground}.v ALTER COLUMN ID SET TAGS ('of' = 'view')",
    ):
        spark.sql(statement)
    assert tags("catalog_tags") == [("alone", ""), ("cost center", "x")]
    assert tags("schema_tags") == [("s", "team", "it")]
    assert tags("table_tags") == [
        ("s", "t", "A", ""),
        ("s", "t", "a", "it's"),
        ("s", "v", "a", ""),
        ("s", "v", "b", "1"),
    ]
    assert tags("volume_tags") == [("s", "files", "v", "1"), ("s", "files", "w", "two words")]
    columns = [("s", "t", "Name", "pii", "name"), ("s", "t", "Name", "x", "y"), ("s", "t", "id", "key", "")]
    assert tags("column_tags") == [*columns, ("s", "v", "id", "of", "view")]
    spark.sql(f"ALTER TABLE {ground}.t UNSET TAGS ('a', 'never')")
    spark.sql(f"UNSET TAG ON COLUMN {ground}.t.name x")
    spark.sql(f"UNSET TAG ON CATALOG {catalog} alone")
    heading = "".join(f"-- line {n} of the licence, which is long\n" for n in range(20)) + "/* and more */ "
    spark.sql(f"{heading} ALTER TABLE {ground}.t SET TAGS ('licensed')")
    spark.sql(f"ALTER /* {'x' * 500} */ TABLE {ground}.t UNSET TAGS ('licensed')")
    assert tags("table_tags")[0] == ("s", "t", "A", "")
    assert ("s", "t", "Name", "x", "y") not in tags("column_tags")
    assert tags("catalog_tags") == [("cost center", "x")]


def test_a_wrong_tag_is_refused_with_what_is_wrong(spark, ground, refused):
    spark.sql(f"SET TAG ON TABLE {ground}.t there = 'x'")
    many = ", ".join(f"'k{n}' = ''" for n in range(50))
    cases = {
        f"ALTER TABLE {ground}.t SET TAGS ({many})": "51 tags are more than the 50",
        f"ALTER TABLE {ground}.t SET TAGS ('')": "it is empty",
        f"ALTER TABLE {ground}.t SET TAGS ('a.b')": "it contains '.'",
        f"ALTER TABLE {ground}.t SET TAGS ('a=b' = 'x')": "it contains '='",
        f"ALTER TABLE {ground}.t SET TAGS (' a')": "begins or ends with a space",
        f"ALTER TABLE {ground}.t SET TAGS ('{'k' * 256}')": "256 characters",
        f"ALTER TABLE {ground}.t SET TAGS ('k' = '{'v' * 1001}')": "1001 characters",
        f"ALTER TABLE {ground}.t SET TAGS ('k', 'k' = '1')": "stands there twice",
        f"SET TAG ON TABLE {ground}.t there = 'y'": "is there already",
        f"UNSET TAG ON TABLE {ground}.t There": "it has: there; keys differ by their case",
        f"UNSET TAG ON COLUMN {ground}.t.id there": "there is no tag 'there'",
        f"ALTER VIEW {ground}.v CHANGE COLUMN id SET TAGS ('k')": "expected UNSET TAGS, found `CHANGE`",
        f"ALTER VIEW {ground}.v ALTER id SET TAGS ('k')": "expected UNSET TAGS, found `ALTER`",
        f"SET TAG ON COLUMN {ground}.t.none k": "COLUMN_NOT_FOUND",
        f"ALTER TABLE {ground}.t ALTER COLUMN name.x SET TAGS ('k')": "a field of a column",
        f"ALTER SCHEMA {ground} ALTER COLUMN x SET TAGS ('k')": "COLUMN_NOT_FOUND",
        f"ALTER TABLE {ground}.none SET TAGS ('k')": "TABLE_OR_VIEW_NOT_FOUND",
        f"ALTER FUNCTION {ground}.f SET TAGS ('k')": "a tag on FUNCTION runs on Databricks",
        "SET TAG ON EXTERNAL METADATA m k": "a tag on EXTERNAL runs on Databricks",
        f"SET TAG ON {ground}.t k": "expected CATALOG, SCHEMA",
        f"ALTER TABLE {ground}.t SET TAGS ()": "expected",
        "CREATE GOVERNED TAG pii": "GOVERNED TAG runs on Databricks",
    }
    for statement, message in cases.items():
        assert message in refused(statement), statement


def test_a_tag_takes_apply_tag_on_the_object_with_use_above_it(
    spark, ground, *, catalog, another_session, refused, tags
):
    ann = another_session("ann")
    statement = f"ALTER TABLE {ground}.t SET TAGS ('k' = '1')"
    assert f"does not have USE CATALOG on Catalog '{catalog}'" in refused(statement, ann)
    for privilege in ("USE CATALOG", "USE SCHEMA", "SELECT", "MODIFY", "MANAGE", "BROWSE"):
        spark.sql(f"GRANT {privilege} ON CATALOG {catalog} TO ann")
    for refusable in (statement, f"SET TAG ON COLUMN {ground}.t.id k", f"UNSET TAG ON TABLE {ground}.t k"):
        assert f"does not have APPLY TAG on Table '{ground}.t'" in refused(refusable, ann)
    spark.sql(f"GRANT APPLY TAG ON TABLE {ground}.t TO ann")
    ann.sql(statement)
    assert "does not have APPLY TAG on Schema" in refused(f"SET TAG ON SCHEMA {ground} k", ann)
    spark.sql(f"ALTER VIEW {ground}.v OWNER TO ann")
    ann.sql(f"SET TAG ON VIEW {ground}.v mine")
    assert tags("table_tags") == [("s", "t", "k", "1"), ("s", "v", "mine", "")]


def test_tags_are_shown_to_those_who_may_know_of_the_object(spark, ground, catalog, another_session):
    spark.sql(f"ALTER TABLE {ground}.t SET TAGS ('k' = '1')")
    spark.sql(f"ALTER TABLE {ground}.t ALTER COLUMN id SET TAGS ('k' = '1')")
    ann = another_session("ann")
    for privilege in ("USE CATALOG", "USE SCHEMA"):
        spark.sql(f"GRANT {privilege} ON CATALOG {catalog} TO ann")
    for relation in ("table_tags", "column_tags"):
        assert ann.sql(f"SELECT * FROM {catalog}.information_schema.{relation}").collect() == []
    spark.sql(f"GRANT BROWSE ON CATALOG {catalog} TO ann")
    for relation in ("table_tags", "column_tags"):
        assert len(ann.sql(f"SELECT * FROM {catalog}.information_schema.{relation}").collect()) == 1


def test_tags_go_with_what_they_are_on(spark, ground, *, tags, refused, lakehouse, catalog):
    spark.sql(f"ALTER TABLE {ground}.t SET TAGS ('k' = '1')")
    spark.sql(f"ALTER TABLE {ground}.t ALTER COLUMN name SET TAGS ('pii' = 'name')")
    spark.sql(f"ALTER TABLE {ground}.t ALTER COLUMN id SET TAGS ('pii' = 'id')")
    record = (lakehouse / "_catalog" / catalog / "s" / "t.json").read_text(encoding="utf-8")
    assert '"format" : 3' in record
    spark.sql(f"ALTER TABLE {ground}.t RENAME COLUMN name TO full_name")
    spark.sql(f"ALTER TABLE {ground}.t RENAME TO {ground}.u")
    assert tags("column_tags") == [("s", "u", "full_name", "pii", "name"), ("s", "u", "id", "pii", "id")]
    assert "already exists" in refused(f"ALTER TABLE {ground}.u RENAME COLUMN full_name TO id")
    assert tags("column_tags") == [("s", "u", "full_name", "pii", "name"), ("s", "u", "id", "pii", "id")]
    spark.sql(f"ALTER TABLE {ground}.u DROP COLUMN full_name")
    described = dict(row[:2] for row in spark.sql(f"DESCRIBE EXTENDED {ground}.u").collect())
    assert "tags of former columns=Name (pii = name), full_name (pii = name)" in described["Table Properties"]
    spark.sql(f"ALTER TABLE {ground}.u ADD COLUMN full_name STRING")
    assert tags("column_tags") == [("s", "u", "id", "pii", "id")]
    spark.sql(f"ALTER TABLE {ground}.u ALTER COLUMN full_name SET TAGS ('pii' = 'other')")
    spark.sql(f"ALTER TABLE {ground}.u RENAME COLUMN full_name TO name")
    assert tags("column_tags") == [("s", "u", "id", "pii", "id"), ("s", "u", "name", "pii", "other")]
    spark.sql(f"RESTORE TABLE {ground}.u TO VERSION AS OF 0")
    assert tags("column_tags") == [("s", "u", "id", "pii", "id"), ("s", "u", "name", "pii", "other")]
    spark.sql(f"CREATE OR REPLACE TABLE {ground}.u AS SELECT 1 AS other")
    for name in ("id", "name", "full_name"):
        assert "COLUMN_NOT_FOUND" in refused(f"SET TAG ON COLUMN {ground}.u.{name} k")
        spark.sql(f"ALTER TABLE {ground}.u ALTER COLUMN {name} UNSET TAGS ('pii')")
    assert "COLUMN_NOT_FOUND" in refused(f"ALTER TABLE {ground}.u ALTER COLUMN name UNSET TAGS ('pii')")
    assert tags("column_tags") == []
    assert tags("table_tags") == [("s", "u", "k", "1")]
    spark.sql(f"ALTER SCHEMA {ground} SET TAGS ('team' = 'it')")
    spark.sql(f"COMMENT ON SCHEMA {ground} IS 'kept apart'")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {ground} TO ann")
    assert tags("schema_tags") == [("s", "team", "it")]
    spark.sql(f"DROP TABLE {ground}.u")
    spark.sql(f"CREATE TABLE {ground}.u (id INT)")
    assert tags("table_tags") == []


def test_a_view_may_select_a_column_that_is_called_set(spark, ground, rows):
    spark.sql(f"CREATE TABLE {ground}.setc AS SELECT 'x' AS set")
    spark.sql(f"ALTER VIEW {ground}.v AS SELECT set tags FROM {ground}.setc")
    assert rows(f"SELECT tags FROM {ground}.v") == [("x",)]


def test_a_tag_that_is_set_while_columns_are_altered_is_kept(spark, ground, tags):
    spark.sql(f"SET TAG ON COLUMN {ground}.t.name first")
    from concurrent.futures import ThreadPoolExecutor

    def rename():
        for n in range(4):
            spark.sql(f"ALTER TABLE {ground}.t RENAME COLUMN {f'c{n}' if n else 'name'} TO c{n + 1}")

    with ThreadPoolExecutor(2) as pool:
        done = pool.submit(rename)
        keys = []
        while not done.done() and len(keys) < 45:
            keys.append(f"k{len(keys)}")
            spark.sql(f"SET TAG ON COLUMN {ground}.t.id {keys[-1]}")
        done.result()
    found = [row[2:4] for row in tags("column_tags")]
    assert sorted(found) == sorted([("c4", "first"), *(("id", key) for key in keys)])
