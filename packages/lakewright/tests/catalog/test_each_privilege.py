"""Each privilege of `privileges.json` has an operation that is refused without it, all others held, and allowed with it.

A privilege without a row fails. Rows name the object that the privilege is used on; it is granted there, and on each catalog and schema
above that takes it.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from databricks_utils.catalog.grants import ALL_PRIVILEGES, Securable, SecurableKind, known_privileges

pytestmark = [pytest.mark.integration]

_CATALOG = "each_privilege"
_NUMBERS = itertools.count()
_K = SecurableKind
METASTORE, CATALOG, SCHEMA = (
    Securable(_K.METASTORE),
    Securable(_K.CATALOG, (_CATALOG,)),
    Securable(_K.SCHEMA, (_CATALOG, "s")),
)
TABLE, VIEW, VOLUME, FUNCTION = (
    Securable(kind, (*SCHEMA.parts, name))
    for kind, name in ((_K.TABLE, "t"), (_K.VIEW, "v"), (_K.VOLUME, "files"), (_K.FUNCTION, "f"))
)
OBJECTS = [METASTORE, CATALOG, SCHEMA, TABLE, VIEW, VOLUME, FUNCTION]


@dataclass(frozen=True)
class Operation:
    """What a privilege is needed for.

    Attributes:
        on: The object that it is used on.
        run: A statement, or what runs with a session; `{n}` is another number each time.
        refused_on: The object that the refusal names, if it is another one.
        alone: Whether it is tried without the other privileges, any of which would do.
        hides: Whether what may not be seen is left out, not refused.
    """

    on: Securable
    run: str | Callable
    refused_on: Securable | None = None
    alone: bool = False
    hides: bool = False


def _path(name):
    return f"/Volumes/{_CATALOG}/s/files/{name}"


def _read(session):
    return session.read.text(_path("there.txt")).collect()


def _write(session):
    session.sql("SELECT 'x'").write.text(_path(f"new{next(_NUMBERS)}"))


OPERATIONS = {
    "USE_CATALOG": [Operation(CATALOG, "SELECT * FROM {s}.t"), Operation(CATALOG, "SELECT {s}.f(1)")],
    "USE_SCHEMA": [
        Operation(SCHEMA, "SELECT * FROM {s}.t"),
        Operation(SCHEMA, "INSERT INTO {s}.t VALUES (1)"),
    ],
    "SELECT": [Operation(TABLE, "SELECT * FROM {s}.t"), Operation(VIEW, "SELECT * FROM {s}.v")],
    "MODIFY": [
        Operation(TABLE, "INSERT INTO {s}.t VALUES (1)"),
        Operation(TABLE, "ALTER TABLE {s}.t SET TBLPROPERTIES ('a' = '{n}')"),
    ],
    "CREATE_CATALOG": [Operation(METASTORE, "CREATE CATALOG each_privilege_{n}")],
    "CREATE_SCHEMA": [Operation(CATALOG, f"CREATE SCHEMA {_CATALOG}.made_{{n}}")],
    "CREATE_TABLE": [
        Operation(SCHEMA, "CREATE TABLE {s}.made_{n} (x INT)"),
        Operation(SCHEMA, "CREATE VIEW {s}.made_{n} AS SELECT 1 AS x"),
    ],
    "CREATE_VOLUME": [Operation(SCHEMA, "CREATE VOLUME {s}.made_{n}")],
    "CREATE_FUNCTION": [Operation(SCHEMA, "CREATE FUNCTION {s}.made_{n}() RETURNS INT RETURN 1")],
    "EXECUTE": [
        Operation(FUNCTION, "SELECT {s}.f(1)"),
        Operation(FUNCTION, "SELECT count(*) FROM range(1) WHERE {s}.f(1) > 0"),
    ],
    "MANAGE": [
        Operation(place, f"GRANT {privilege} ON {place.sql} TO other")
        for place, privilege in (
            (CATALOG, "USE CATALOG"),
            (SCHEMA, "USE SCHEMA"),
            (TABLE, "SELECT"),
            (VIEW, "SELECT"),
            (VOLUME, "READ VOLUME"),
            (FUNCTION, "EXECUTE"),
        )
    ],
    "BROWSE": [Operation(TABLE, "SHOW TABLES IN {s}", alone=True, hides=True)],
    ALL_PRIVILEGES: [
        Operation(CATALOG, f"CREATE SCHEMA {_CATALOG}.made_{{n}}", alone=True),
        Operation(SCHEMA, "CREATE TABLE {s}.made_{n} (x INT)", alone=True),
        Operation(TABLE, "SELECT * FROM {s}.t", alone=True),
        Operation(VIEW, "SELECT * FROM {s}.v", alone=True),
        Operation(FUNCTION, "SELECT {s}.f(1)", alone=True),
        Operation(VOLUME, _read, alone=True),
    ],
    "READ_VOLUME": [Operation(VOLUME, _read)],
    "WRITE_VOLUME": [Operation(VOLUME, _write)],
    "APPLY_TAG": [
        Operation(CATALOG, f"ALTER CATALOG {_CATALOG} SET TAGS ('k' = '{{n}}')"),
        Operation(SCHEMA, "ALTER SCHEMA {s} SET TAGS ('k' = '{n}')"),
        Operation(TABLE, "SET TAG ON TABLE {s}.t owner{n} = ana"),
        Operation(TABLE, "ALTER TABLE {s}.t ALTER COLUMN x SET TAGS ('k' = '{n}')"),
        Operation(VIEW, "ALTER VIEW {s}.v SET TAGS ('k' = '{n}')"),
        Operation(VOLUME, "ALTER VOLUME {s}.files SET TAGS ('k' = '{n}')"),
    ],
}
_MODELS = "the model registry asks for it, not the engine: tests/mlflow_stores/test_model_rights.py"
NOTHING_LOCAL = {
    "CREATE_MODEL": _MODELS,
    "CREATE_MODEL_VERSION": _MODELS,
    "CREATE_MATERIALIZED_VIEW": "the engine makes no materialized views",
    "REFRESH": "the engine makes no materialized views",
    "EXTERNAL_USE_SCHEMA": "for engines that read a workspace's tables by its REST API, which is not there locally",
    **dict.fromkeys(
        (
            "CREATE_CLEAN_ROOM",
            "CREATE_CONNECTION",
            "CREATE_EXTERNAL_LOCATION",
            "CREATE_EXTERNAL_METADATA",
            "CREATE_PROVIDER",
            "CREATE_RECIPIENT",
            "CREATE_SERVICE_CREDENTIAL",
            "CREATE_SHARE",
            "CREATE_STORAGE_CREDENTIAL",
            "MANAGE_ALLOWLIST",
            "SET_SHARE_PERMISSION",
            "USE_MARKETPLACE_ASSETS",
            "USE_PROVIDER",
            "USE_RECIPIENT",
            "USE_SHARE",
        ),
        "granted on the metastore for what only a workspace has",
    ),
    **{
        name: "cannot be granted on what a lakehouse has"
        for name, one in known_privileges().items()
        if not one.on
    },
}
_USE = {"USE_CATALOG": CATALOG, "USE_SCHEMA": SCHEMA}


def cases(operations):
    """List each operation with each place where its privilege can be granted for it."""
    return [
        pytest.param(name, row, place, id=f"{name} on {place.kind.value}: {_label(row)}")
        for name, rows in operations.items()
        for row in rows
        for place in _places(name, row)
    ]


def _places(name, row):
    if name == ALL_PRIVILEGES:
        return [row.on]
    return [place for place in (*row.on.above, row.on) if place.kind in known_privileges()[name].on]


def _label(row):
    return row.run[:28] if isinstance(row.run, str) else "files"


@pytest.fixture(scope="module")
def objects(spark):
    spark.sql(f"DROP CATALOG IF EXISTS {_CATALOG} CASCADE")
    for statement in (
        f"CREATE CATALOG {_CATALOG}",
        f"CREATE SCHEMA {_CATALOG}.s",
        f"CREATE TABLE {_CATALOG}.s.t AS SELECT 1 AS x",
        f"CREATE VIEW {_CATALOG}.s.v AS SELECT 1 AS x",
        f"CREATE VOLUME {_CATALOG}.s.files",
        f"CREATE FUNCTION {_CATALOG}.s.f(x INT) RETURNS INT RETURN x + 1",
    ):
        spark.sql(statement)
    spark.sql("SELECT 'x'").write.mode("overwrite").text(_path("there.txt"))
    yield
    for row in spark.sql("SHOW CATALOGS LIKE 'each_privilege*'").collect():
        spark.sql(f"DROP CATALOG {row[0]} CASCADE")
    spark.sql(f"REVOKE {_words(_others('', METASTORE))} ON METASTORE FROM nobody")


def _others(name, place):
    """Return the other privileges that fit an object; ALL PRIVILEGES would be the one that is tried."""
    fitting = (one.name for one in known_privileges().values() if place.kind in one.on)
    return [each for each in fitting if each not in {name, ALL_PRIVILEGES}]


def _words(names):
    return ", ".join(name.replace("_", " ") for name in names)


def _run(session, row):
    if callable(row.run):
        session._jvm.org.apache.spark.sql.classic.SparkSession.setActiveSession(session._jsparkSession)
        return row.run(session)
    return session.sql(row.run.replace("{s}", f"{_CATALOG}.s").replace("{n}", str(next(_NUMBERS)))).collect()


@pytest.mark.drawn(3)
@pytest.mark.parametrize(("name", "row", "place"), cases(OPERATIONS))
def test_an_operation_is_refused_without_its_privilege_and_allowed_with_it(  # noqa: PLR0917 - fixtures
    spark, objects, another_session, name, row, place
):
    prove(spark, another_session, name=name, row=row, place=place)


def prove(spark, another_session, *, name, row, place):
    who = f"p{next(_NUMBERS)}"
    held = {each: [] if row.alone else _others(name, each) for each in OBJECTS}
    for use, container in _USE.items():
        if row.alone and name != "BROWSE":
            held[container] = [*held[container], use]
    for each, names in held.items():
        if names:
            spark.sql(f"GRANT {_words(names)} ON {each.sql} TO {who}")
    session = another_session(who)
    try:
        if row.hides:
            assert _run(session, row) == []
        else:
            with pytest.raises(Exception, match="PERMISSION_DENIED") as refusal:
                _run(session, row)
            wanted = name if name != ALL_PRIVILEGES else ""
            assert f"does not have {wanted.replace('_', ' ')}" in str(refusal.value)
        spark.sql(f"GRANT {name.replace('_', ' ')} ON {place.sql} TO {who}")
        found = _run(session, row)
        assert found or not row.hides
    finally:
        if held[METASTORE]:
            spark.sql(f"REVOKE {_words([*held[METASTORE], 'CREATE_CATALOG'])} ON METASTORE FROM {who}")


def test_each_privilege_has_a_row_or_a_reason():
    listed = [*OPERATIONS, *NOTHING_LOCAL]
    assert sorted(listed) == sorted(known_privileges())


def test_each_kind_of_object_that_takes_a_privilege_has_a_row_for_it():
    tried = {
        (name, place.kind)
        for name, rows in OPERATIONS.items()
        for row in rows
        for place in _places(name, row)
    }
    elsewhere = {_K.MODEL, _K.MATERIALIZED_VIEW}
    wanted = {
        (name, kind) for name in OPERATIONS for kind in known_privileges()[name].on if kind not in elsewhere
    }
    assert wanted - tried == set()
