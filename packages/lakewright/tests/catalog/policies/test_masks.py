"""Column masks and row filters: what a principal sees, and every way around it that is refused.

A session without a principal is that of the lakehouse's owner: it sees everything, so it can prepare and compare.
"""

import itertools
import random

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]
REFUSED = "is not possible on a table with a row filter or a column mask"
TOKEN = "TOKEN"


RAW = [(1, "TOKENann", "DE", 10), (2, "TOKENbob", "TOKENfr", 778899), (3, "TOKENcid", "DE", 30)]
SHOWN = [(1, "***", "DE", 10), (3, "***", "DE", 30)]


@pytest.mark.over_connect
def test_a_principal_sees_masked_columns_and_the_rows_that_pass_the_filter(rows, seen, people):
    assert seen("SELECT * FROM people") == SHOWN
    assert rows("SELECT * FROM people") == RAW
    assert seen("SELECT count(*), max(name), sum(pay) FROM people") == [(2, "***", 40)]


def test_policies_hold_below_joins_subqueries_unions_and_views(spark, rows, seen, people):
    spark.sql("CREATE VIEW v AS SELECT id, upper(name) AS n FROM people")
    both = [(1, "***", "***"), (3, "***", "***")]
    assert seen("SELECT a.id, a.name, b.name FROM people a JOIN people b ON a.id = b.id") == both
    assert (
        seen("WITH p AS (SELECT * FROM people) SELECT x.id, x.name, y.name FROM p x JOIN p y USING (id)")
        == both
    )
    assert seen("SELECT * FROM people UNION ALL SELECT * FROM people") == sorted(SHOWN * 2, key=repr)
    assert seen("SELECT o.id, (SELECT max(p.name) FROM people p WHERE p.id = o.id) FROM people o") == [
        (1, "***"),
        (3, "***"),
    ]
    assert seen("SELECT id FROM people WHERE id IN (SELECT id FROM people WHERE name = '***')") == [
        (1,),
        (3,),
    ]
    assert seen("SELECT * FROM v") == [(1, "***"), (3, "***")]
    assert rows("SELECT n FROM v") == [("TOKENANN",), ("TOKENBOB",), ("TOKENCID",)]


def test_a_member_of_the_group_that_a_function_asks_for_sees_more(lakehouse, seen, people):
    file = lakehouse / "principals.json"
    file.write_text('{"version": 1, "users": ["bob"], "groups": {"HR": ["Bob"]}}', encoding="utf-8")
    try:
        assert seen("SELECT * FROM people") == RAW
    finally:
        file.unlink()
    assert seen("SELECT * FROM people") == SHOWN


QUERIES = [
    "SELECT * FROM people WHERE 1 / (pay - 778899) > 0",
    "SELECT * FROM people WHERE raise_error(name) IS NULL",
    "SELECT * FROM people WHERE assert_true(pay <> 778899, name) IS NULL",
    "SELECT * FROM people WHERE CAST(region AS INT) = 1",
    "SELECT CAST(name AS INT) FROM people",
    "SELECT * FROM people ORDER BY CAST(region AS INT)",
    "SELECT a.id FROM people a JOIN people b ON CAST(a.region AS INT) = b.id",
    "SELECT region FROM people GROUP BY region HAVING CAST(max(region) AS INT) > 1",
    "SELECT CASE WHEN pay = 778899 THEN raise_error(region) END FROM people",
    "SELECT * FROM people, LATERAL (SELECT CAST(region AS INT) AS c)",
    "SELECT input_file_name(), * FROM people",
    "SELECT _metadata.file_path FROM people",
    "SELECT max(region) FROM people WHERE region > 'E'",
    "EXPLAIN COST SELECT * FROM people WHERE pay > 100",
    "DESCRIBE EXTENDED people",
    "DESCRIBE EXTENDED people name",
    "DESCRIBE DETAIL people",
    "SHOW CREATE TABLE people",
    "SHOW PARTITIONS people",
    "DESCRIBE HISTORY people",
    "SELECT * FROM people TABLESAMPLE (100 PERCENT)",
    "SELECT id FROM people WHERE name LIKE 'TOKEN%'",
]


def test_no_row_message_or_plan_shows_a_hidden_value(bob, people):
    for query in QUERIES:
        try:
            text = repr(bob.sql(query).collect())
        except (PySparkException, Py4JJavaError) as problem:
            text = str(problem)
        assert TOKEN not in text, query
        assert "778899" not in text or "778899" in query, query


EXPRESSIONS = [
    "CAST({c} AS INT)",
    "raise_error({c})",
    "assert_true(length({c}) < 3, {c})",
    "to_date({c})",
    "from_json({c}, 'a INT', map('mode', 'FAILFAST'))",
    "element_at(array(1), CAST(length({c}) AS INT))",
    "{c}",
]
DRAWN = 40  # of 210: each takes a third of a second
PLACES = [
    "SELECT {e} FROM people",
    "SELECT id FROM people WHERE {e} IS NULL",
    "SELECT id FROM people ORDER BY {e}",
    "SELECT count(*) FROM people GROUP BY {e}",
    "SELECT x FROM VALUES (1) AS o(x) JOIN people ON {e} IS NULL",
    "SELECT max(id) FROM people HAVING max({e}) IS NULL",
    "SELECT row_number() OVER (PARTITION BY id ORDER BY {e}) FROM people",
    "SELECT sum(id) FILTER (WHERE {e} IS NULL) FROM people",
    "SELECT (SELECT max({e}) FROM people)",
    "SELECT x FROM VALUES (1) AS o(x) WHERE EXISTS (SELECT 1 FROM people WHERE {e} IS NULL AND id = x)",
    "SELECT DISTINCT {e} FROM (SELECT * FROM people LIMIT 5)",
    "SELECT CASE WHEN id > 0 THEN {e} END FROM people",
    "SELECT * FROM people, LATERAL (SELECT {e} AS c)",
    "SELECT a.id FROM people a LEFT ANTI JOIN (SELECT id, {e} AS e FROM people) b ON a.id = b.id AND b.e IS NULL",
    "EXPLAIN FORMATTED SELECT {e} FROM people",
]


def test_no_expression_at_any_place_shows_a_hidden_value(bob, people):
    every = list(itertools.product(PLACES, EXPRESSIONS, ("name", "region")))
    for place, expression, column in random.sample(every, DRAWN):
        query = place.format(e=expression.format(c=column))
        try:
            text = repr(bob.sql(query).collect())
        except (PySparkException, Py4JJavaError) as problem:
            text = str(problem)
        assert TOKEN not in text, query
        assert "778899" not in text, query


WAYS = [
    ("SELECT * FROM people VERSION AS OF 1", "time travel"),
    ("SELECT * FROM people TIMESTAMP AS OF '{when}'", "time travel"),
    ("SELECT * FROM table_changes('{t}', 1)", "change data feed"),
    ("CREATE TABLE copy SHALLOW CLONE people", "a clone"),
    ("CREATE TABLE copy DEEP CLONE people", "a clone"),
    ("ALTER TABLE people ADD CONSTRAINT c CHECK (pay > 0)", "a CHECK constraint"),
    ("ALTER TABLE people DROP COLUMN name", "DROP COLUMN"),
    ("ALTER TABLE people RENAME COLUMN region TO r", "RENAME COLUMN"),
    ("SHOW PARTITIONS people", "SHOW PARTITIONS"),
    ("DESCRIBE HISTORY people", "DESCRIBE HISTORY"),
    ("SELECT * FROM delta.`{at}`", "by its path"),
    ("SELECT * FROM parquet.`{at}`", "by their path"),
    ("SELECT * FROM parquet.`file:{at}/region=DE`", "by their path"),
    ("SELECT * FROM text.`{at}/_delta_log/*.json`", "by their path"),
    ("SELECT * FROM binaryFile.`{at}/../{name}`", "by their path"),
    ("VACUUM people RETAIN 0 HOURS DRY RUN", "VACUUM … DRY RUN"),
    ("VACUUM delta.`{at}` DRY RUN", "VACUUM … DRY RUN"),
    ("ALTER TABLE people SET LOCATION '{at}2'", "SET LOCATION"),
]
BY_PATH = ("RENAME COLUMN region TO r", "ADD CONSTRAINT c CHECK (name <> 'TOKENann')", "DROP COLUMN name")


def test_a_way_around_is_refused_by_name(spark, bob, people, refused):
    at = spark.sql("DESCRIBE DETAIL people").first().location.removeprefix("file:")
    when = spark.sql("DESCRIBE HISTORY people").first().timestamp
    # Some ways need more rights than others, and no right leads past a policy.
    spark.sql("ALTER TABLE people OWNER TO bob")
    for statement, message in WAYS:
        text = refused(statement.format(t=people, at=at, name=at.rpartition("/")[2], when=when), bob)
        assert REFUSED in text, statement
        assert message in text, statement
    for session, change in itertools.product((spark, bob), BY_PATH):
        text = refused(f"ALTER TABLE delta.`{at}` {change}", session)
        assert "is not altered by its path" in text, change
        assert "use the table's name" in text
    assert "LOCATION_OVERLAP" in refused(f"CREATE TABLE mine USING delta LOCATION '{at}'", bob)


def test_another_connector_of_delta_shows_nothing(bob, people, refused):
    for key, value in (("v2.enableMode", "STRICT"), ("changelogV2.enabled", "true")):
        bob.conf.set(f"spark.databricks.delta.{key}", value)
    try:
        assert "TOKENbob" not in refused("SELECT name FROM people WHERE raise_error(name) IS NULL", bob)
        text = refused("SELECT * FROM people", bob)
        assert REFUSED in text
    finally:
        for key in ("v2.enableMode", "changelogV2.enabled"):
            bob.conf.unset(f"spark.databricks.delta.{key}")


def test_readers_of_a_dataframe_are_refused_as_statements_are(spark, bob, people):
    at = spark.sql("DESCRIBE DETAIL people").first().location
    ways = {
        "version": lambda: bob.read.option("versionAsOf", 0).table("people").collect(),
        "feed": lambda: (
            bob.read.option("readChangeFeed", "true").option("startingVersion", 0).table("people").collect()
        ),
        "path": lambda: bob.read.format("delta").load(at).collect(),
        "files": lambda: bob.read.parquet(at).collect(),
        "stream of the path": lambda: (
            bob.readStream.format("delta").load(at).writeStream.format("memory").start()
        ),
    }
    for name, read in ways.items():
        with pytest.raises((PySparkException, Py4JJavaError)) as problem:
            read()
        assert REFUSED in str(problem.value), name
    assert bob.table("people").inputFiles() == []


def test_another_analyzer_and_excluded_rules_show_nothing(bob, people):
    bob.conf.set("spark.sql.optimizer.excludedRules", "lakewright.HiddenFiles")
    assert bob.sql("SELECT max(name) FROM people").first()[0] == "***"
    bob.conf.set("spark.sql.analyzer.singlePassResolver.enabled", "true")
    with pytest.raises((PySparkException, Py4JJavaError)):
        bob.sql("SELECT name FROM people").collect()


def test_what_a_principal_writes_is_what_it_sees_and_the_table_stays_as_it_is(spark, bob, rows, people):
    spark.sql("CREATE TABLE other AS SELECT 1 AS id, 'x' AS v UNION ALL SELECT 2, 'y'")
    bob.sql("CREATE TABLE mine AS SELECT name FROM people")
    bob.sql(
        "MERGE INTO other t USING people s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.name "
        "WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.name)"
    )
    bob.sql("UPDATE other SET v = (SELECT max(name) FROM people) WHERE id = 2")
    bob.sql("INSERT INTO people VALUES (4, 'TOKENdan', 'DE', 40)")
    bob.sql("OPTIMIZE people")
    bob.sql("ANALYZE TABLE people COMPUTE STATISTICS FOR ALL COLUMNS")
    assert rows("SELECT * FROM mine") == [("***",), ("***",)]
    assert rows("SELECT * FROM other") == [(1, "***"), (2, "***"), (3, "***")]
    assert rows("SELECT * FROM people") == [*RAW, (4, "TOKENdan", "DE", 40)]


def test_the_owner_changes_a_protected_table_and_its_bytes_are_raw(spark, rows, people, lakehouse):
    spark.sql("UPDATE people SET pay = pay + 1 WHERE id = 1")
    spark.sql("DELETE FROM people WHERE id = 3")
    spark.sql(
        "MERGE INTO people t USING (SELECT 1 AS id) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET pay = 5"
    )
    spark.sql("OPTIMIZE people")
    assert rows("SELECT * FROM people") == [(1, "TOKENann", "DE", 5), RAW[1]]
    spark.sql("RESTORE TABLE people TO VERSION AS OF 1")
    assert rows("SELECT * FROM people") == RAW
    at = spark.sql("DESCRIBE DETAIL people").first().location
    assert sorted(row.name for row in spark.read.format("delta").load(at).collect()) == [
        name for _, name, *_ in RAW
    ]


def test_a_dataframe_that_is_kept_does_not_outlive_a_change(spark, bob, people):
    spark.sql("ALTER TABLE people ALTER COLUMN name DROP MASK")
    used, unused = bob.table("people"), bob.table("people").where("id > 0")
    assert used.first().name.startswith(TOKEN)
    spark.sql("ALTER TABLE people ALTER COLUMN name SET MASK hide")
    for kept in (used, unused):
        with pytest.raises((PySparkException, Py4JJavaError)) as problem:
            kept.first()
        assert "LAKEWRIGHT_POLICY_CHANGED" in str(problem.value)
        assert "build the DataFrame again" in str(problem.value)
    assert bob.table("people").first().name == "***"


def test_what_one_session_caches_another_sees_through_its_policies(spark, bob, people):
    spark.table("people").createOrReplaceGlobalTempView("of_the_owner")
    assert {row.name for row in bob.table("global_temp.of_the_owner").collect()} == {"***"}
    spark.catalog.dropGlobalTempView("of_the_owner")
    spark.table("people").cache().count()
    assert {row.name for row in bob.table("people").collect()} == {"***"}
    spark.catalog.clearCache()
    bob.table("people").cache().count()
    assert {row.name for row in spark.table("people").collect()} == {name for _, name, *_ in RAW}
    spark.catalog.clearCache()


def test_a_function_that_fails_or_is_gone_shows_nothing_and_can_be_taken_away(
    spark, bob, rows, people, refused
):
    spark.sql(
        "CREATE OR REPLACE FUNCTION hide(n STRING) RETURNS STRING RETURN CAST(CAST(n AS INT) AS STRING)"
    )
    failed = refused("SELECT name FROM people", bob)
    assert "LAKEWRIGHT_POLICY_FAILED" in failed
    assert TOKEN not in failed
    spark.sql(
        "CREATE OR REPLACE FUNCTION hide(n STRING) RETURNS STRING RETURN (SELECT max(name) FROM people)"
    )
    assert "which has policies itself" in refused("SELECT name FROM people", bob)
    spark.sql("DROP FUNCTION hide")
    assert "UC_DEPENDENCY_DOES_NOT_EXIST" in refused("SELECT id FROM people", bob)
    assert rows("SELECT * FROM people") == RAW
    spark.sql("ALTER TABLE people ALTER COLUMN name DROP MASK")
    spark.sql("ALTER TABLE people DROP ROW FILTER")
    assert sorted(map(tuple, bob.sql("SELECT * FROM people").collect())) == RAW


def test_what_cannot_be_a_policy_is_refused_when_it_is_set(spark, people, refused):
    spark.sql(
        "CREATE TABLE t (a STRING, b INT, g INT GENERATED ALWAYS AS (b + 1), s STRUCT<x: STRING>, p STRING) PARTITIONED BY (p)"
    )
    spark.sql("CREATE TABLE checked (a STRING)")
    spark.sql("ALTER TABLE checked ADD CONSTRAINT short CHECK (length(a) < 9)")
    spark.sql("CREATE VIEW v AS SELECT 'x' AS a")
    spark.sql("CREATE FUNCTION reads(n STRING) RETURNS STRING RETURN (SELECT max(a) FROM t WHERE a = n)")
    spark.sql("CREATE FUNCTION calls(n STRING) RETURNS STRING RETURN reads(n)")
    spark.sql("CREATE FUNCTION none(n INT) RETURNS INT RETURN CAST(NULL AS INT)")
    cases = {
        "t ALTER COLUMN a SET MASK nowhere": "ASSIGNED_COLUMN_MASK_FUNCTION_NOT_FOUND",
        "t ALTER COLUMN a SET MASK here": "WRONG_NUMBER_OF_COLUMNS",
        "t ALTER COLUMN a SET MASK here USING COLUMNS (a)": "USING_COLUMN_NAME_SAME_AS_TARGET_COLUMN",
        "t ALTER COLUMN a SET MASK here USING COLUMNS (p, P)": "DUPLICATE_USING_COLUMN_NAME",
        "t ALTER COLUMN a SET MASK here USING COLUMNS (s.x)": "MULTI_PART_USING_COLUMN_NAME",
        "t ALTER COLUMN s.x SET MASK hide": "MULTI_PART_TARGET_COLUMN_NAME",
        "t ALTER COLUMN s SET MASK hide": "DATATYPE_MISMATCH",
        "t ALTER COLUMN z SET MASK hide": "COLUMN_NOT_FOUND",
        "t ALTER COLUMN b SET MASK none": "GENERATED_COLUMN",
        "t ALTER COLUMN a SET MASK reads": "which has policies itself",
        "t ALTER COLUMN a SET MASK calls": "which has policies itself",
        "t SET ROW FILTER hide ON (a)": "does not return BOOLEAN",
        "t SET ROW FILTER here ON (upper(a), 'x')": "UNSUPPORTED_CONSTANT_AS_PARAMETER",
        "t SET ROW FILTER here": "expected ON",
        "checked ALTER COLUMN a SET MASK hide": "COLUMN_MASKS_FEATURE_NOT_SUPPORTED.CHECK_CONSTRAINT",
        "checked SET ROW FILTER here ON (a, 'x')": "ROW_LEVEL_SECURITY_FEATURE_NOT_SUPPORTED.CHECK_CONSTRAINT",
        "v ALTER COLUMN a SET MASK hide": "COLUMN_MASKS_FEATURE_NOT_SUPPORTED.VIEWS",
    }
    for statement, message in cases.items():
        assert message in refused(f"ALTER TABLE {statement}"), statement


def test_setting_a_policy_needs_manage_on_the_table_and_execute_on_the_function(
    spark, bob, people, schema, refused
):
    assert f"does not have MANAGE on Table '{people}'" in refused("ALTER TABLE people DROP ROW FILTER", bob)
    spark.sql("GRANT MANAGE ON TABLE people TO bob")
    message = refused("ALTER TABLE people ALTER COLUMN name SET MASK hide", bob)
    assert f"does not have EXECUTE on Function '{schema}.hide'" in message
    spark.sql("GRANT EXECUTE ON FUNCTION hide TO bob")
    bob.sql("ALTER TABLE people ALTER COLUMN name SET MASK hide")


def test_policies_take_constants_structs_and_columns_in_quotes(spark, bob, people):
    spark.sql(
        "CREATE TABLE `my-t` (`a b` STRUCT<x: STRING, y: INT>, c STRING, d INT NOT NULL) "
        "TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"
    )
    spark.sql("INSERT INTO `my-t` VALUES (struct('TOKEN', 1), 'it''s', 7)")
    spark.sql(
        "CREATE FUNCTION field(v STRUCT<x: STRING, y: INT>, t STRING, n DOUBLE, o STRING) "
        "RETURNS STRUCT<x: STRING, y: INT> RETURN named_struct('x', concat(t, n, o), 'y', v.y)"
    )
    spark.sql("CREATE FUNCTION none(n INT) RETURNS INT RETURN CAST(NULL AS INT)")
    spark.sql("ALTER TABLE `my-t` ALTER COLUMN `a b` SET MASK field USING COLUMNS ('q''s', -1.5, c)")
    spark.sql("ALTER TABLE `my-t` ALTER COLUMN d SET MASK none")
    assert [tuple(row) for row in bob.sql("SELECT `a b`.x, `a b`.y, d FROM `my-t`").collect()] == [
        ("q's-1.5it's", 1, None)
    ]
    assert bob.sql("SELECT count(*) FROM `my-t` WHERE d IS NULL").first()[0] == 1


def test_policies_stay_with_the_table_when_it_is_renamed_or_replaced_and_go_when_it_is_dropped(
    spark, seen, people, bob, refused
):
    spark.sql("ALTER TABLE people RENAME TO folk")
    assert seen("SELECT * FROM folk") == SHOWN
    spark.sql("CREATE OR REPLACE TABLE folk AS SELECT 'TOKEN' AS name, 'DE' AS region, 1 AS x")
    assert seen("SELECT * FROM folk") == [("***", "DE", 1)]
    spark.sql("CREATE OR REPLACE TABLE folk AS SELECT 'TOKEN' AS other, 'DE' AS region")
    assert "ROW_COLUMN_ACCESS.COLUMN_NOT_FOUND" in refused("SELECT * FROM folk", bob)
    spark.sql("DROP TABLE folk")
    spark.sql("CREATE TABLE folk AS SELECT 'TOKEN' AS name")
    assert seen("SELECT * FROM folk") == [("TOKEN",)]


def test_the_record_of_a_protected_table_is_refused_by_a_version_that_would_forget_it(
    people, lakehouse, catalog
):
    text = (lakehouse / "_catalog" / catalog / "s" / "people.json").read_text(encoding="utf-8")
    assert '"format" : 2' in text
    assert '"row_filter"' in text


def test_policies_are_declared_with_a_new_table_and_hold_from_its_first_row(
    spark, bob, seen, people, refused
):
    spark.sql("CREATE FUNCTION two(a STRING, b STRING, c STRING) RETURNS STRING RETURN concat(b, c)")
    pair = "STRUCT<a: STRING, b: MAP<STRING, INT>>"
    spark.sql(f"CREATE FUNCTION none(v {pair}) RETURNS {pair} RETURN CAST(NULL AS {pair})")
    spark.sql(
        f"CREATE TABLE made (id INT, p {pair} MASK none, d DECIMAL(9, 2), `my_name` STRING COMMENT 'MASK x' MASK hide, "
        "mask STRING, other STRING NOT NULL MASK two "
        "USING COLUMNS ('it''s', mask)) WITH ROW FILTER here ON (mask, 'DE') TBLPROPERTIES ('a' = 'MASK b')"
    )
    spark.sql("INSERT INTO made SELECT 1, named_struct('a', 'TOKEN', 'b', map()), 1, 'TOKEN', 'DE', 'TOKEN'")
    spark.sql("INSERT INTO made SELECT 2, NULL, 1, 'TOKEN', 'FR', 'TOKEN'")
    assert seen("SELECT id, p, my_name, mask, other FROM made") == [(1, None, "***", "DE", "it'sDE")]
    properties = {row.key for row in spark.sql("SHOW TBLPROPERTIES made").collect()}
    assert "a" in properties
    assert "lakewright.policies" not in properties
    spark.sql(
        "CREATE OR REPLACE TABLE made WITH ROW FILTER here ON (mask, 'FR') AS SELECT 'TOKEN' AS `my_name`, 'FR' AS mask"
    )
    assert "ROW_COLUMN_ACCESS.COLUMN_NOT_FOUND" in refused(
        "SELECT * FROM made", bob
    )  # the mask of `other` is kept
    spark.sql("ALTER TABLE made ALTER COLUMN other DROP MASK")
    spark.sql("ALTER TABLE made ALTER COLUMN p DROP MASK")
    assert seen("SELECT * FROM made") == [("***", "FR")]


def test_what_cannot_be_declared_with_a_table_is_refused_and_makes_none(bob, rows, people, refused):
    assert "does not have MANAGE" in refused("CREATE OR REPLACE TABLE people (a STRING MASK hide)", bob)
    assert "does not have EXECUTE" in refused("CREATE TABLE bobs (a STRING MASK hide)", bob)
    assert "NOT_FOUND" in refused("CREATE TABLE k (a STRING MASK nowhere)")
    assert rows("SHOW TABLES LIKE 'k'") == []


def test_a_column_a_table_and_an_alias_may_be_called_mask(spark, people, rows):
    spark.sql("CREATE TABLE mask (mask STRING, x INT)")
    spark.sql("INSERT INTO mask VALUES ('a', 1)")
    spark.sql("CREATE TABLE k AS SELECT x mask FROM (SELECT x mask, x FROM mask) AS mask")
    spark.sql("ALTER TABLE mask ADD COLUMN (more STRING COMMENT 'MASK hide')")
    spark.sql("CREATE OR REPLACE TABLE k2 (mask STRING, CONSTRAINT mask PRIMARY KEY (mask))")
    assert rows("SELECT * FROM k") == [(1,)]


def test_a_comparison_of_an_open_column_with_a_constant_reaches_the_files_and_no_other_does(
    bob, seen, people
):
    def scan(condition):
        plan = bob.sql(f"EXPLAIN FORMATTED SELECT * FROM people WHERE {condition}").first()[0]
        return "\n".join(
            line for line in plan.splitlines() if line.startswith(("PartitionFilters", "PushedFilters"))
        )

    assert "EqualTo(id,1)" in scan("id = 1 AND length(name) > 1")
    assert "region" in scan("region IN ('DE', 'FR')")
    assert "GreaterThan(pay,5)" in scan("5 < pay")
    assert "name" not in scan("name = '***'")
    assert "EqualTo" not in scan("id + 1 = 2")
    assert seen("SELECT id FROM people WHERE region <> 'DE' OR id = 2") == []
    assert seen(
        "SELECT id FROM people WHERE id IN (1, 2) AND pay > 5 AND name = '***' AND 1 / (pay - 778899) < 0"
    ) == [(1,)]


def test_policies_are_shown_and_a_shown_table_makes_an_equal_one(spark, seen, people, rows):
    catalog, schema = people.split(".")[0], people.rsplit(".", 1)[0]
    spark.sql("CREATE FUNCTION two(a INT, b STRING, c STRING) RETURNS INT RETURN length(b) + length(c)")
    spark.sql("ALTER TABLE people ALTER COLUMN pay SET MASK two USING COLUMNS ('it''s', region)")
    statement = spark.sql("SHOW CREATE TABLE people").first()[0]
    assert f"name STRING MASK {schema}.hide" in statement
    assert f"WITH ROW FILTER {schema}.here ON (`region`, 'DE')" in statement
    before = seen("SELECT * FROM people")
    spark.sql("ALTER TABLE people RENAME TO folk")
    spark.sql(statement)
    spark.sql("INSERT INTO people SELECT * FROM folk")
    assert seen("SELECT * FROM people") == before
    spark.sql("DROP TABLE folk")
    information = f"{catalog}.information_schema"
    assert rows(
        f"SELECT table_name, column_name, mask_name, mask_col_usage FROM {information}.column_masks"
    ) == [
        ("people", "name", "hide", None),
        ("people", "pay", "two", "region"),
    ]
    assert rows(f"SELECT table_name, filter_name FROM {information}.row_filters") == [("people", "here")]
