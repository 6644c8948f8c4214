"""Policies that tags choose: for whom, for which tables and columns, and what holds when several apply."""

import itertools

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]
REFUSED = "is not possible on a table with a row filter or a column mask"
TOKEN = "TOKEN"
RAW = [(1, "TOKENann", "DE", 10), (2, "TOKENbob", "TOKENfr", 778899), (3, "TOKENcid", "DE", 30)]
SHOWN = [(1, "***", "DE", 10), (3, "***", "DE", 30)]
MASK = (
    "CREATE OR REPLACE POLICY names ON CATALOG {c} COLUMN MASK hide TO `account users` EXCEPT hr "
    "FOR TABLES MATCH COLUMNS has_tag_value('pii', 'name') AS n ON COLUMN n"
)
FILTER = (
    "CREATE OR REPLACE POLICY regions ON SCHEMA {c}.s ROW FILTER here TO bob FOR TABLES "
    "WHEN has_tag('guarded') MATCH COLUMNS has_tag('region') r USING COLUMNS (r, 'DE')"
)


def _shown(run):
    """Give what a run shows: its value, or the message of its refusal."""
    try:
        return repr(run())
    except (PySparkException, Py4JJavaError) as problem:
        return str(problem)


@pytest.fixture
def people(spark, catalog, schema):
    """A table whose name is masked and whose rows are filtered by policies of its catalog and its schema."""
    spark.sql(f"USE {schema}")
    spark.sql(
        "CREATE TABLE people (id INT, name STRING, region STRING, pay INT) "
        "TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.enableChangeDataFeed' = 'true')"
    )
    spark.sql(
        "INSERT INTO people VALUES (1, 'TOKENann', 'DE', 10), (2, 'TOKENbob', 'TOKENfr', 778899), (3, 'TOKENcid', 'DE', 30)"
    )
    spark.sql("CREATE FUNCTION hide(n STRING) RETURNS STRING RETURN '***'")
    spark.sql("CREATE FUNCTION blank(n STRING) RETURNS STRING RETURN ''")
    spark.sql("CREATE FUNCTION here(r STRING, w STRING) RETURNS BOOLEAN RETURN r = w")
    spark.sql(MASK.format(c=catalog))
    spark.sql(FILTER.format(c=catalog))
    spark.sql(f"ALTER CATALOG {catalog} SET TAGS ('guarded' = 'yes')")
    spark.sql("ALTER TABLE people ALTER COLUMN name SET TAGS ('pii' = 'name')")
    spark.sql("ALTER TABLE people ALTER COLUMN region SET TAGS ('region')")
    yield f"{schema}.people"
    spark.sql("USE spark_catalog.default")


@pytest.fixture
def session_of(spark, catalog, schema, another_session):
    """Open a session of a principal with all rights on the data, but no power over policies."""

    def open_one(name):
        for privilege in ("USE CATALOG", "USE SCHEMA", "SELECT", "MODIFY", "CREATE TABLE"):
            spark.sql(f"GRANT {privilege} ON CATALOG {catalog} TO {name}")
        session = another_session(name)
        session.sql(f"USE {schema}")
        return session

    return open_one


@pytest.fixture
def bob(people, session_of):
    return session_of("bob")


@pytest.fixture
def groups(lakehouse):
    """Write who is in which group."""
    file = lakehouse / "principals.json"

    def write(groups):
        members = ", ".join(f'"{group}": ["{member}"]' for group, member in groups.items())
        text = f'{{"version": 1, "users": ["ann", "bob", "cid"], "groups": {{{members}}}}}'
        file.write_text(text, encoding="utf-8")

    yield write
    file.unlink(missing_ok=True)


@pytest.fixture
def seen():
    """Run a statement in a session and give its rows as sorted tuples."""
    return lambda session, statement="SELECT * FROM people": sorted(
        (tuple(row) for row in session.sql(statement).collect()), key=repr
    )


@pytest.mark.over_connect
def test_policies_hold_those_that_they_are_for_where_tags_say_so(
    spark, bob, *, session_of, seen, groups, catalog
):
    ann = session_of("ann")
    assert seen(bob) == SHOWN
    assert seen(ann) == [(1, "***", "DE", 10), (2, "***", "TOKENfr", 778899), (3, "***", "DE", 30)]
    assert seen(spark) == RAW
    groups({"HR": "Ann", "other": "bob"})
    assert seen(ann) == RAW
    spark.sql("ALTER TABLE people SET TAGS ('guarded' = 'no')")
    assert seen(bob) == SHOWN
    spark.sql(FILTER.format(c=catalog).replace("has_tag('guarded')", "NOT has_tag_value('guarded', 'no')"))
    assert len(seen(bob)) == 3
    spark.sql("ALTER TABLE people UNSET TAGS ('guarded')")
    assert seen(bob) == SHOWN
    spark.sql("ALTER TABLE people ALTER COLUMN name SET TAGS ('pii' = 'none')")
    spark.sql("UNSET TAG ON COLUMN people.region region")
    assert seen(bob) == RAW
    spark.sql("ALTER TABLE people ALTER COLUMN name SET TAGS ('pii' = 'name')")
    spark.sql(f"DROP POLICY names ON CATALOG {catalog}")
    assert seen(bob) == RAW


def test_policies_hold_below_views_joins_and_merge_and_for_tables_of_tomorrow(
    spark, bob, seen, session_of, people
):
    spark.sql("CREATE VIEW v AS SELECT id, upper(name) AS n FROM people")
    assert seen(bob, "SELECT * FROM v") == [(1, "***"), (3, "***")]
    assert seen(bob, "SELECT a.id, b.name FROM people a JOIN people b USING (id)") == [(1, "***"), (3, "***")]
    bob.sql("CREATE TABLE mine AS SELECT * FROM people")
    bob.sql(
        "MERGE INTO mine t USING people s ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = concat(s.name, '!')"
    )
    assert seen(spark, "SELECT name FROM mine") == [("***!",), ("***!",)]
    spark.sql("CREATE TABLE made AS SELECT * FROM people")
    assert len(seen(bob, "SELECT * FROM made")) == 3
    spark.sql("ALTER TABLE made ALTER COLUMN region SET TAGS ('region')")
    assert len(seen(bob, "SELECT * FROM made")) == 2
    spark.sql(
        "CREATE OR REPLACE POLICY all_of_it ON SCHEMA s COLUMN MASK blank TO bob FOR TABLES "
        "WHEN has_tag_value('state', 'new') MATCH COLUMNS TRUE AS c ON COLUMN c"
    )
    spark.sql("ALTER SCHEMA s SET TAGS ('state' = 'new')")
    spark.sql("CREATE TABLE fresh AS SELECT 'TOKEN' AS a, 'TOKEN' AS b")
    assert seen(bob, "SELECT * FROM fresh") == [("", "")]
    spark.sql("ALTER TABLE fresh SET TAGS ('state' = 'seen')")
    assert seen(bob, "SELECT * FROM fresh") == [("TOKEN", "TOKEN")]
    spark.sql("ALTER TABLE fresh RENAME TO fresher")
    spark.sql("ALTER TABLE fresher UNSET TAGS ('state')")
    assert seen(bob, "SELECT * FROM fresher") == [("", "")]


def test_several_policies_on_one_target_show_nothing_and_are_named(
    spark, bob, *, seen, refused, people, catalog
):
    other = "CREATE POLICY other ON TABLE people {} TO bob FOR TABLES MATCH COLUMNS has_tag('pii') AS n"
    spark.sql(other.format("COLUMN MASK hide") + " ON COLUMN n")
    assert seen(bob) == SHOWN  # the same function with the same arguments
    spark.sql("DROP POLICY other ON TABLE people")
    spark.sql(other.format("COLUMN MASK blank") + " ON COLUMN n")
    message = refused("SELECT id FROM people", bob)
    assert "COLUMN_MASKS_FEATURE_NOT_SUPPORTED.MULTIPLE_MASKS" in message
    assert f"`names` on Catalog '{catalog}', `other` on Table '{people}'" in message
    assert "SHOW EFFECTIVE POLICIES" in message
    assert seen(spark) == RAW
    spark.sql("DROP POLICY other ON TABLE people")
    spark.sql("ALTER TABLE people ALTER COLUMN name SET MASK hide")
    assert "the column's own mask" in refused("SELECT id FROM people", bob)
    spark.sql("ALTER TABLE people ALTER COLUMN name DROP MASK")
    spark.sql("ALTER TABLE people SET ROW FILTER here ON (region, 'DE')")
    message = refused("SELECT id FROM people", bob)
    assert "UC_ABAC_MULTIPLE_ROW_FILTERS" in message
    assert "the table's own row filter" in message
    spark.sql("ALTER TABLE people DROP ROW FILTER")
    spark.sql(other.format("ROW FILTER here") + " USING COLUMNS (n, 'x')")
    assert "UC_ABAC_MULTIPLE_ROW_FILTERS" in refused("SELECT id FROM people", bob)
    spark.sql("DROP POLICY other ON TABLE people")
    spark.sql("ALTER TABLE people ALTER COLUMN id SET TAGS ('region')")
    assert "UC_ABAC_AMBIGUOUS_COLUMN_MATCH" in refused("SELECT id FROM people", bob)
    spark.sql("UNSET TAG ON COLUMN people.id region")
    spark.sql("ALTER TABLE people ALTER COLUMN region SET TAGS ('pii' = 'name')")
    message = refused("SELECT id FROM people", bob)
    assert "`region` has a mask, and a policy gives it to its function" in message
    assert REFUSED in refused("SELECT * FROM people VERSION AS OF 1", bob)
    assert TOKEN not in refused("UPDATE people SET pay = 1", bob)
    assert seen(spark) == RAW


def test_a_mask_that_tags_choose_is_refused_where_set_mask_is(spark, bob, refused, people):
    spark.sql(
        "CREATE TABLE t (name STRING, g STRING GENERATED ALWAYS AS (upper(name)), p STRING) PARTITIONED BY (p)"
    )
    spark.sql("INSERT INTO t (name, p) VALUES ('TOKEN', 'TOKEN')")
    spark.sql("ALTER TABLE t ALTER COLUMN p SET TAGS ('pii' = 'name')")
    assert bob.sql("SELECT p FROM t").first().p == "***"
    spark.sql("ALTER TABLE t ALTER COLUMN p UNSET TAGS ('pii')")
    spark.sql("ALTER TABLE t ALTER COLUMN name SET TAGS ('pii' = 'name')")
    assert "GENERATED_COLUMN" in refused("SELECT g FROM t", bob)
    spark.sql("DROP FUNCTION hide")
    assert "UC_DEPENDENCY_DOES_NOT_EXIST" in refused("SELECT id FROM people", bob)


CASTS = "[CAST_INVALID_INPUT]"
# What is shown instead of a hidden value: rows, a part of a message, or a part of the answer.
LEAKS = {
    "SELECT * FROM people WHERE 1 / (pay - 778899) > 0": [],
    "SELECT * FROM people WHERE raise_error(name) IS NULL": "[USER_RAISED_EXCEPTION] ***",
    "SELECT * FROM people WHERE assert_true(pay <> 778899, name) IS NULL": SHOWN,
    "SELECT CAST(name AS INT), CAST(region AS INT) FROM people": CASTS,
    "SELECT * FROM people ORDER BY CAST(region AS INT)": CASTS,
    "SELECT a.id FROM people a JOIN people b ON CAST(a.region AS INT) = b.id": CASTS,
    "SELECT region FROM people GROUP BY region HAVING CAST(max(region) AS INT) > 1": CASTS,
    "SELECT CASE WHEN pay = 778899 THEN raise_error(region) END FROM people": [(None,), (None,)],
    "SELECT x FROM VALUES (1) AS o(x) WHERE EXISTS (SELECT 1 FROM people WHERE raise_error(name) IS NULL AND id = x)": (
        "[USER_RAISED_EXCEPTION] ***"
    ),
    "SELECT sum(id) FILTER (WHERE to_date(name) IS NULL) FROM people": CASTS,
    "SELECT (SELECT max(name) FROM people), * FROM people, LATERAL (SELECT CAST(region AS INT) AS c)": CASTS,
    "EXPLAIN COST SELECT * FROM people WHERE pay > 100 AND name LIKE 'T%'": "Physical Plan",
    "DESCRIBE EXTENDED people name": "'col_name'",
    "SELECT input_file_name(), * FROM people": "input_file_name() is not possible",
}
WAYS = {
    "SELECT * FROM people TIMESTAMP AS OF '{when}'": "time travel",
    "SELECT * FROM people VERSION AS OF 1": "time travel",
    "SELECT * FROM table_changes('{t}', 1)": "change data feed",
    "CREATE TABLE copy SHALLOW CLONE people": "a clone",
    "RESTORE TABLE people TO VERSION AS OF 0": "RESTORE",
    "ALTER TABLE people ADD CONSTRAINT c CHECK (pay > 0)": "a CHECK constraint",
    "DESCRIBE HISTORY people": "DESCRIBE HISTORY",
    "SELECT * FROM delta.`{at}`": "by its path",
    "SELECT * FROM text.`{at}/_delta_log/*.json`": "by their path",
    "VACUUM people RETAIN 0 HOURS DRY RUN": "VACUUM … DRY RUN",
    "VACUUM delta.`{at}` DRY RUN": "VACUUM … DRY RUN",
    "ALTER TABLE people SET LOCATION '{at}2'": "SET LOCATION",
}
BY_PATH = (
    "RENAME COLUMN name TO zz",
    "DROP COLUMN name",
    "ADD CONSTRAINT c CHECK (name <> 'TOKENann')",
    "SET TBLPROPERTIES ('delta.appendOnly' = 'true')",
)


def test_no_statement_shows_a_hidden_value_and_no_way_leads_around(
    spark, bob, *, session_of, people, refused, groups
):
    at = spark.sql("DESCRIBE DETAIL people").first().location.removeprefix("file:")
    spark.sql("ALTER TABLE people OWNER TO bob")
    for query, expected in LEAKS.items():
        text = _shown(lambda query=query: sorted(map(tuple, bob.sql(query).collect()), key=repr))
        assert TOKEN not in text, query
        assert "778899" not in text or "778899" in query, query
        assert (text == repr(expected)) if isinstance(expected, list) else (expected in text), query
    when = spark.sql("DESCRIBE HISTORY people").first().timestamp
    for way, message in WAYS.items():
        text = refused(way.format(at=at, t=people, when=when), bob)
        assert TOKEN not in text, way
        assert message in text, way
        assert REFUSED in text, way
    groups({"hr": "cid"})
    cid = session_of("cid")  # no policy is for those of hr, so all ways are open to them
    for way in (
        "SELECT * FROM people VERSION AS OF 1",
        "SELECT * FROM delta.`{at}`",
        "UPDATE people SET pay = pay",
    ):
        cid.sql(way.format(at=at)).collect()


def test_nobody_alters_a_table_with_policies_or_tags_by_its_path(
    spark, bob, people, schema, *, refused, seen
):
    at = spark.sql("DESCRIBE DETAIL people").first().location.removeprefix("file:")
    spark.sql("CREATE TABLE tagged (name STRING) TBLPROPERTIES ('delta.columnMapping.mode' = 'name')")
    spark.sql("ALTER TABLE tagged ALTER COLUMN name SET TAGS ('any')")
    other = spark.sql("DESCRIBE DETAIL tagged").first().location
    for session, current in itertools.product((spark, bob), ("spark_catalog.default", schema)):
        session.sql(f"USE {current}")
        for path, change in itertools.product((at, f"file:{at}", other), BY_PATH):
            text = refused(f"ALTER TABLE delta.`{path}` {change}", session)
            assert "is not altered by its path" in text, (current, path, change)
            assert "fix: use the table's name" in text
    spark.sql(f"CREATE TABLE spark_catalog.default.second USING delta LOCATION '{at}'")
    try:
        assert "not altered by its path" in refused(f"ALTER TABLE spark_catalog.default.second {BY_PATH[0]}")
        assert REFUSED in refused("SELECT * FROM spark_catalog.default.second", bob)
    finally:
        spark.sql("DROP TABLE spark_catalog.default.second")
    assert seen(bob) == SHOWN


def test_no_table_gets_the_place_of_another(spark, bob, people, refused, *, lakehouse, tmp_path, seen):
    at = spark.sql("DESCRIBE DETAIL people").first().location.removeprefix("file:")
    spark.sql(f"CREATE TABLE ext LOCATION '{tmp_path}/in/ext' AS SELECT 'TOKEN' AS name")
    bob.sql(f"CREATE TABLE mine LOCATION '{tmp_path}/mine' AS SELECT 1 AS id")
    (tmp_path / "link").symlink_to(tmp_path / "in")
    own = [at, f"{at}/below", f"{at}/..", lakehouse, lakehouse / "_catalog" / "x"]
    external = [f"{tmp_path}/in/{name}" for name in ("ext", "ext/", "ext/a/b", ".")] + [
        f"{tmp_path}/link/ext/new"
    ]
    for place in (*own, *external):
        for statement in (
            f"CREATE TABLE copy USING delta LOCATION '{place}'",
            f"CREATE OR REPLACE TABLE copy LOCATION '{place}' AS SELECT 1 AS a",
            f"CREATE TABLE copy SHALLOW CLONE mine LOCATION '{place}'",
            f"ALTER TABLE mine SET LOCATION '{place}'",
        ):
            text = refused(statement, bob)
            assert "INVALID_PARAMETER_VALUE.LOCATION_OVERLAP" in text, statement
            assert (
                "the lakehouse's own folders" if place in own else f"that of the Table '{people[:-6]}ext'"
            ) in text
    bob.sql(f"ALTER TABLE mine SET LOCATION '{tmp_path}/mine'")
    bob.sql(f"CREATE OR REPLACE TABLE mine LOCATION '{tmp_path}/mine' AS SELECT 2 AS id")
    assert seen(bob, "SELECT * FROM mine") == [(2,)]


def test_two_tables_that_share_a_place_show_nothing(spark, bob, people, refused, *, lakehouse, catalog, seen):
    # As an earlier version could make them.
    record = lakehouse / "_catalog" / catalog / "s" / "people.json"
    second = record.with_name("mine.json")
    second.write_text(record.read_text(encoding="utf-8").replace('"pii"', '"not_pii"'), encoding="utf-8")
    spark.sql("ALTER TABLE people SET TAGS ('noticed')")
    for table in ("mine", "people"):
        assert REFUSED in refused(f"SELECT * FROM {table}", bob), table
    for session in (spark, bob):
        assert "not altered by its path" in refused("ALTER TABLE mine RENAME COLUMN name TO zz", session)
    second.unlink()
    spark.sql("ALTER TABLE people UNSET TAGS ('noticed')")
    assert seen(bob) == SHOWN


def test_the_owner_of_an_external_table_does_not_move_it_but_drops_it(spark, bob, refused, seen, *, tmp_path):
    spark.sql(f"CREATE TABLE ext LOCATION '{tmp_path}/ext' AS SELECT 'TOKEN' AS name")
    spark.sql(f"CREATE TABLE free LOCATION '{tmp_path}/free' AS SELECT 'TOKEN' AS name")
    spark.sql("DROP TABLE free")
    spark.sql("ALTER TABLE ext ALTER COLUMN name SET TAGS ('pii' = 'name')")
    spark.sql("ALTER TABLE ext OWNER TO bob")
    text = refused(f"ALTER TABLE ext SET LOCATION '{tmp_path}/free'", bob)
    assert REFUSED in text
    assert "SET LOCATION" in text
    assert seen(bob, "SELECT * FROM ext") == [("***",)]
    bob.sql("DROP TABLE ext")  # its files are its owner's
    assert seen(bob, f"SELECT * FROM delta.`{tmp_path}/ext`") == [("TOKEN",)]


def test_what_a_dataframe_has_cached_outlives_no_change(spark, people, session_of, groups):
    groups({"hr": "ann"})
    ann = session_of("ann")
    cached = [
        ann.table("people"),
        ann.table("people").groupBy("name").count(),
        ann.sql("SELECT x, (SELECT max(name) FROM people) FROM VALUES (1) AS o(x)"),
    ]
    try:
        for frame in cached:
            frame.cache()
        kept = [*cached, *(frame.where("true").distinct() for frame in cached), cached[0].select("name")]
        for frame in kept:
            assert TOKEN in repr(frame.collect())
        groups({"hr": "cid"})
        for number, frame in enumerate(kept):
            assert "LAKEWRIGHT_POLICY_CHANGED" in _shown(frame.collect), number
        ann.table("people").cache().count()
        assert {row.name for row in ann.table("people").collect()} == {"***"}
    finally:
        spark.catalog.clearCache()


def test_a_plan_that_waits_or_holds_the_value_of_a_subquery_outlives_no_change(
    spark, people, session_of, groups
):
    groups({"hr": "ann"})
    ann = session_of("ann")
    queries = (
        "SELECT x, (SELECT max(name) FROM people) FROM VALUES (1) AS o(x)",
        "SELECT x, (SELECT max(name) FROM people) FROM range(9) AS o(x) GROUP BY ALL",
        "SELECT name, count(*) FROM people GROUP BY name",
        "SELECT a.name FROM people a JOIN people b ON a.id = b.id WHERE a.id < (SELECT max(pay) FROM people)",
    )
    used, planned = [ann.sql(query) for query in queries], [ann.sql(query) for query in queries]
    for frame in used:
        assert TOKEN in repr(frame.collect())
    for frame in planned:
        frame._jdf.queryExecution().executedPlan()
    groups({"hr": "cid"})
    for number, frame in enumerate([*used, *planned]):
        assert "LAKEWRIGHT_POLICY_CHANGED" in _shown(frame.collect), number


def test_who_has_a_table_does_not_take_it_out_of_a_policy(
    spark, bob, *, people, schema, catalog, refused, seen
):
    spark.sql("ALTER TABLE people OWNER TO bob")
    spark.sql(f"CREATE SCHEMA {catalog}.open")
    for statement in (
        "ALTER TABLE people ALTER COLUMN name UNSET TAGS ('pii')",
        "ALTER TABLE people ALTER COLUMN name SET TAGS ('pii' = 'no')",
        "ALTER TABLE people SET TAGS ('guarded' = 'no')",
        "SET TAG ON COLUMN people.pay pii = 'name'",
    ):
        message = refused(statement, bob)
        assert "User bob may not assign the tag" in message, statement
        assert "GRANT MANAGE ON" in message
    bob.sql("ALTER TABLE people SET TAGS ('mine' = '1')")
    bob.sql("ALTER TABLE people ALTER COLUMN name SET TAGS ('pii' = 'name')")  # it has this value
    for column, key in {"name": "pii", "region": "region"}.items():
        message = refused(f"ALTER TABLE people DROP COLUMN {column}", bob)
        assert f"User bob may not drop the column `{column}`: it has the tag '{key}'" in message
        assert "GRANT MANAGE ON" in message
    assert "cannot move to another schema" in refused(
        f"ALTER TABLE people RENAME TO {catalog}.open.people", bob
    )
    bob.sql("ALTER TABLE people RENAME COLUMN name TO called")
    assert seen(bob, "SELECT called FROM people") == [("***",), ("***",)]
    bob.sql("CREATE OR REPLACE TABLE people AS SELECT id, called AS other, region, pay FROM people")
    assert seen(spark, "SELECT other FROM people") == [("***",), ("***",)]
    for way in ("SELECT * FROM people VERSION AS OF 1", "RESTORE TABLE people TO VERSION AS OF 1"):
        assert REFUSED in refused(way, bob)
    spark.sql("RESTORE TABLE people TO VERSION AS OF 2")
    assert seen(bob, "SELECT called FROM people") == [("***",), ("***",)]
    spark.sql("RESTORE TABLE people TO VERSION AS OF 1")
    assert seen(bob) == SHOWN
    spark.sql("ALTER TABLE people RENAME COLUMN name TO other")
    spark.sql("CREATE OR REPLACE TABLE people CLONE people VERSION AS OF 1")
    assert seen(bob) == SHOWN


def test_tags_of_a_column_that_is_gone_guard_the_past_and_nothing_else(spark, bob, people, refused, seen):
    spark.sql("DROP POLICY regions ON SCHEMA s")
    spark.sql("ALTER TABLE people DROP COLUMN name")
    past = "SELECT name FROM people VERSION AS OF 1"
    assert REFUSED in refused(past, bob)
    assert seen(bob, "SELECT id FROM people") == [(1,), (2,), (3,)]
    bob.sql("UPDATE people SET pay = 5 WHERE id = 1")
    bob.sql("DELETE FROM people WHERE id = 2")
    bob.sql(
        "MERGE INTO people t USING people s ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )
    spark.sql("ALTER TABLE people ADD COLUMN name STRING")
    bob.sql("INSERT INTO people (id, name) VALUES (4, 'new')")
    assert seen(bob, "SELECT name FROM people WHERE id = 4") == [("***",)]
    spark.sql("ALTER TABLE people DROP COLUMN name")
    spark.sql("ALTER TABLE people OWNER TO bob")
    assert "may not assign the tag 'pii'" in refused("UNSET TAG ON COLUMN people.name pii", bob)
    spark.sql("UNSET TAG ON COLUMN people.name pii")
    assert len(seen(bob, past)) == 3


def test_a_dataframe_that_is_kept_outlives_no_change_of_tags_policies_or_groups(
    spark, people, session_of, groups, catalog
):
    groups({"hr": "ann"})
    ann = session_of("ann")

    def stale(change, undo):
        used, unused = ann.table("people"), ann.table("people").where("id > 0")
        assert used.collect()[0].name.startswith(TOKEN)
        change()
        with pytest.raises((PySparkException, Py4JJavaError)) as problem:
            used.collect()
        assert "LAKEWRIGHT_POLICY_CHANGED" in str(problem.value)
        for kept in (used, unused):
            assert TOKEN not in _shown(lambda kept=kept: kept.first().name)
        assert ann.table("people").first().name == "***"
        undo()

    stale(lambda: groups({"other": "ann"}), lambda: groups({"hr": "ann"}))
    mask = MASK.format(c=catalog)
    stale(lambda: spark.sql(mask.replace(" EXCEPT hr", "")), lambda: spark.sql(mask))
    everybody = mask.replace(" EXCEPT hr", "").replace("'name')", "'given')")
    spark.sql(everybody)
    set_tag = "ALTER TABLE people ALTER COLUMN name SET TAGS ('pii' = '{}')"
    stale(lambda: spark.sql(set_tag.format("given")), lambda: spark.sql(set_tag.format("name")))
    kept = ann.table("people")
    kept.first()
    spark.sql("CREATE TABLE another (id INT)")
    assert kept.first().name.startswith(TOKEN)


CREATE = "CREATE POLICY p ON {on} {what} TO {to} FOR TABLES {rest}"


NAMED = "MATCH COLUMNS has_tag('a') AS x"
MANY = ", ".join(f"u{n}" for n in range(21))
NO_POLICIES = [
    ("METASTORE", "ROW FILTER here", "bob", "", "a policy ON METASTORE runs on Databricks"),
    ("VIEW v", "ROW FILTER here", "bob", "", "a policy ON VIEW"),
    (
        "TABLE v",
        "COLUMN MASK hide",
        "bob",
        f"{NAMED} ON COLUMN x",
        "POLICY_ON_SECURABLE_TYPE_NOT_SUPPORTED",
    ),
    ("TABLE people", "GRANT EXECUTE", "bob", "", "a GRANT EXECUTE policy runs on Databricks"),
    ("TABLE people", "ROW FILTER (true)", "bob", "", "a function of its own text"),
    ("TABLE people", "ROW FILTER none", "bob", "", "none"),
    ("TABLE people", "ROW FILTER hide", "bob", f"{NAMED} USING COLUMNS (x)", "does not return BOOLEAN"),
    ("TABLE people", "ROW FILTER many", "bob", "", "returns a table"),
    (
        "TABLE people",
        "ROW FILTER here",
        "bob",
        f"{NAMED} USING COLUMNS (x)",
        "has 2 parameters, and gets 1",
    ),
    (
        "TABLE people",
        "COLUMN MASK hide",
        "bob",
        f"{NAMED} ON COLUMN y",
        "`y` is no name of MATCH COLUMNS",
    ),
    ("TABLE people", "COLUMN MASK hide", "bob", f"{NAMED}", "expected ON COLUMN"),
    (
        "TABLE people",
        "COLUMN MASK here",
        "bob",
        f"{NAMED} ON COLUMN x USING COLUMNS (X)",
        "names the masked column",
    ),
    (
        "TABLE people",
        "COLUMN MASK here",
        "bob",
        f"{NAMED} ON COLUMN x USING COLUMNS (upper('a'))",
        "nor a constant",
    ),
    (
        "TABLE people",
        "COLUMN MASK hide",
        "bob",
        f"{NAMED}, has_tag('b') X ON COLUMN x",
        "stands for two conditions",
    ),
    (
        "TABLE people",
        "COLUMN MASK hide",
        "bob",
        f"{NAMED}, TRUE a, TRUE b, TRUE c ON COLUMN x",
        "has 4 conditions, 3",
    ),
    (
        "TABLE people",
        "COLUMN MASK hide",
        "bob",
        "WHEN has_column_tag('x') MATCH COLUMNS TRUE c ON COLUMN c",
        "has_column_tag in WHEN",
    ),
    (
        "TABLE people",
        "COLUMN MASK hide",
        "bob",
        "MATCH COLUMNS tag('a') AS x ON COLUMN x",
        "expected has_tag('key')",
    ),
    (
        "TABLE people",
        "COLUMN MASK hide",
        "bob",
        "MATCH COLUMNS has_tag_value('a') AS x ON COLUMN x",
        "a tag's key and its value",
    ),
    ("TABLE people", "COLUMN MASK hide", MANY, f"{NAMED} ON COLUMN x", "21 principals"),
    ("TABLE none", "COLUMN MASK hide", "bob", f"{NAMED} ON COLUMN x", "TABLE_OR_VIEW_NOT_FOUND"),
]


def test_what_cannot_be_a_policy_is_refused_by_name(spark, people, refused, catalog):
    spark.sql("CREATE VIEW v AS SELECT 1 AS a")
    spark.sql("CREATE FUNCTION many() RETURNS TABLE (a INT) RETURN SELECT 1")
    for on, what, to, rest, message in NO_POLICIES:
        statement = CREATE.format(on=on, what=what, to=to, rest=rest)
        assert message in refused(statement), statement
    assert "a policy FOR VIEWS" in refused(
        f"CREATE POLICY p ON CATALOG {catalog} ROW FILTER here TO bob FOR VIEWS"
    )
    assert "POLICY_ALREADY_EXISTS" in refused(MASK.format(c=catalog).replace("OR REPLACE ", ""))
    assert "it has: names" in refused(f"DROP POLICY Other ON CATALOG {catalog}")
    assert "POLICY_NOT_FOUND" in refused("DESCRIBE POLICY names ON TABLE people")
    spark.sql(f"DROP POLICY IF EXISTS other ON CATALOG {catalog}")


def test_a_policy_takes_manage_on_its_object_and_execute_on_its_function(
    spark, bob, *, people, schema, catalog, refused, groups, rows
):
    statements = (
        f"CREATE POLICY p ON SCHEMA {schema} COLUMN MASK hide TO bob FOR TABLES MATCH COLUMNS has_tag('x') x ON COLUMN x",
        f"DROP POLICY regions ON SCHEMA {schema}",
        f"SHOW EFFECTIVE POLICIES ON SCHEMA {schema}",
        f"DESCRIBE POLICY regions ON SCHEMA {schema}",
    )
    for statement in statements:
        assert f"does not have MANAGE on Schema '{schema}'" in refused(statement, bob), statement
    spark.sql(f"GRANT MANAGE ON SCHEMA {schema} TO bob")
    assert f"does not have EXECUTE on Function '{schema}.hide'" in refused(statements[0], bob)
    spark.sql("GRANT EXECUTE ON FUNCTION hide TO bob")
    bob.sql(statements[0])
    groups({"hr": "bob"})
    assert "PRINCIPAL_DOES_NOT_EXIST" in refused(statements[0].replace("TO bob", "TO bobby"), bob)
    assert [tuple(row) for row in bob.sql("SHOW EFFECTIVE POLICIES ON TABLE people").collect()] == [
        ("names", "COLUMN_MASK", catalog, None, None, None),
        ("p", "COLUMN_MASK", catalog, "s", None, None),
        ("regions", "ROW_FILTER", catalog, "s", None, None),
    ]
    assert rows("-- " + "a long heading " * 40 + "\nSHOW POLICIES ON TABLE people") == []
    pii = dict(tuple(row) for row in spark.sql(f"DESCRIBE POLICY names ON CATALOG {catalog}").collect())
    assert pii["Governed Tags"] == "pii:name"
    described = dict(tuple(row) for row in bob.sql(f"DESCRIBE POLICY Regions ON SCHEMA {schema}").collect())
    assert described["When Condition"] == "has_tag('guarded')"
    assert described["Match Columns"] == "has_tag('region') AS r"
    assert described["Governed Tags"] == "guarded, region"
    assert described["Using Columns"] == "r, 'DE'"
    assert described["To Principals"] == "bob"
    assert described["Function Name"] == f"{schema}.here"
    bob.sql(f"DROP POLICY p ON SCHEMA {schema}")


def test_a_condition_reads_as_sql_does(spark, people, session_of, seen, catalog):
    ann = session_of("ann")

    def shown(condition):
        spark.sql(MASK.format(c=catalog).replace("has_tag_value('pii', 'name')", condition))
        return ("***",) in seen(ann, "SELECT name FROM people WHERE id = 1")

    for condition in (
        "hasTagValue('pii', 'name') AND NOT hasTag('x')",
        "has_column_tag('x') OR has_column_tag_value('pii', \"name\")",
        "NOT (has_tag('x') OR has_tag('y')) AND has_tag('pii')",
        "FALSE OR has_tag('pii') AND TRUE",
    ):
        assert shown(condition), condition
    for condition in (
        "has_tag('PII')",
        "has_tag_value('pii', 'Name')",
        "NOT has_tag('pii') AND FALSE",
        "has_tag('guarded')",
    ):
        assert not shown(condition), condition
    spark.sql(
        MASK.format(c=catalog).replace(
            "FOR TABLES", "FOR TABLES WHEN NOT has_tag_value('k', 'has_column_tag')"
        )
    )
    assert ("***",) in seen(ann, "SELECT name FROM people WHERE id = 1")
