"""What statements read and change, over random states of grants, owners and groups: the engine's answer is that of a table of rights.

The table says what each statement needs of whom: below a view and in a function its owner's rights count. `LAKEWRIGHT_WALKS=1000` makes
more states; `make soak PART=walks` does.
"""

import json
import os
import random
from dataclasses import dataclass

import pytest
from access_statements import MACHINE
from access_walks import ACTORS, GRANTEES, memberships, people, write_people
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

from databricks_utils.catalog.grants import AccessState, Grant, Securable, decide, known_privileges
from databricks_utils.catalog.grants.rules import decide_owner

pytestmark = [pytest.mark.integration]

STATES = int(os.environ.get("LAKEWRIGHT_WALKS", "3"))
_ASKED = 8
_CATALOG = "operations"
_PLACES = {
    name: Securable.parse(kind, ".".join((_CATALOG, *path)))
    for name, kind, path in (
        ("c", "CATALOG", ()),
        ("s", "SCHEMA", ("s",)),
        ("t", "TABLE", ("s", "t")),
        ("u", "TABLE", ("s", "u")),
        ("v", "VIEW", ("s", "v")),
        ("w", "VIEW", ("s", "w")),
        ("f", "FUNCTION", ("s", "f")),
        ("g", "FUNCTION", ("s", "g")),
        ("files", "VOLUME", ("s", "files")),
    )
}
_MADE = [
    f"CREATE CATALOG {_CATALOG}",
    f"CREATE SCHEMA {_CATALOG}.s",
    f"CREATE TABLE {_CATALOG}.s.t AS SELECT 1 AS x",
    f"CREATE TABLE {_CATALOG}.s.u AS SELECT 2 AS x",
    f"CREATE VIEW {_CATALOG}.s.v AS SELECT x FROM {_CATALOG}.s.t",
    f"CREATE VIEW {_CATALOG}.s.w AS SELECT x + 1 AS x FROM {_CATALOG}.s.v",
    f"CREATE FUNCTION {_CATALOG}.s.f(x INT) RETURNS INT RETURN x + 1",
    f"CREATE FUNCTION {_CATALOG}.s.g() RETURNS INT RETURN (SELECT max(x) FROM {_CATALOG}.s.t)",
    f"CREATE VOLUME {_CATALOG}.s.files",
]
_BELOW = {"v": "t", "w": "v", "g": "t"}


@dataclass(frozen=True)
class Rights:
    """Who may do what in one state."""

    state: AccessState

    def has(self, who, privilege, name):
        place = _PLACES[name]
        return (
            who == MACHINE or decide(self.state, principal=who, privilege=privilege, securable=place).allowed
        )

    def reads(self, who, name):
        """Whether somebody reads a table or a view, and its owner what is below."""
        own = self.has(who, "EXECUTE" if name in {"f", "g"} else "SELECT", name)
        return own and (name not in _BELOW or self.reads(self.state.owners[_PLACES[name]], _BELOW[name]))

    def sees(self, who, name, *, browse):
        place = _PLACES[name]
        fitting = [
            one.name
            for one in known_privileges().values()
            if one.asked_of(place.kind) and one.name != "ALL_PRIVILEGES" and (browse or one.name != "BROWSE")
        ]
        own = decide_owner(self.state, principal=who, securable=place).allowed
        return who == MACHINE or own or any(self.has(who, privilege, name) for privilege in fitting)


_NEW = "{s}.made"
# Statement: what it needs. None of them changes a row.
OPERATIONS = {
    "SELECT x FROM {s}.t": lambda r, who: r.reads(who, "t"),
    "SELECT x FROM {s}.v": lambda r, who: r.reads(who, "v"),
    "SELECT x FROM {s}.w": lambda r, who: r.reads(who, "w"),
    "SELECT t.x FROM {s}.v JOIN {s}.t ON v.x = t.x": lambda r, who: r.reads(who, "v") and r.reads(who, "t"),
    "SELECT x FROM {s}.u WHERE x > (SELECT max(x) FROM {s}.t)": lambda r, who: (
        r.reads(who, "u") and r.reads(who, "t")
    ),
    "SELECT {s}.f(1)": lambda r, who: r.reads(who, "f"),
    "SELECT {s}.g()": lambda r, who: r.reads(who, "g"),
    "SELECT {s}.g() FROM {s}.w": lambda r, who: r.reads(who, "g") and r.reads(who, "w"),
    "EXPLAIN SELECT x FROM {s}.t": lambda r, who: r.reads(who, "t"),
    "SELECT x FROM {s}.t VERSION AS OF 0": lambda r, who: r.reads(who, "t"),
    "DESCRIBE HISTORY {s}.t": lambda r, who: r.reads(who, "t"),
    "DESCRIBE TABLE EXTENDED {s}.t x": lambda r, who: r.reads(who, "t"),
    "DESCRIBE TABLE {s}.t": lambda r, who: r.sees(who, "t", browse=False),
    "DESCRIBE TABLE {s}.v": lambda r, who: r.sees(who, "v", browse=False),
    "SHOW COLUMNS IN {s}.u": lambda r, who: r.sees(who, "u", browse=False),
    "SHOW TBLPROPERTIES {s}.t": lambda r, who: r.sees(who, "t", browse=False),
    "SHOW CREATE TABLE {s}.t": lambda r, who: r.sees(who, "t", browse=False),
    "DESCRIBE SCHEMA {s}": lambda r, who: r.sees(who, "s", browse=True),
    "DESCRIBE VOLUME {s}.files": lambda r, who: r.sees(who, "files", browse=True),
    "DESCRIBE FUNCTION {s}.g": lambda r, who: r.has(who, "EXECUTE", "g") or r.has(who, "MANAGE", "g"),
    "INSERT INTO {s}.t SELECT x FROM {s}.u WHERE x < 0": lambda r, who: (
        r.has(who, "MODIFY", "t") and r.reads(who, "u")
    ),
    "INSERT INTO {s}.t SELECT x FROM {s}.t WHERE x < 0": lambda r, who: (
        r.has(who, "MODIFY", "t") and r.reads(who, "t")
    ),
    "UPDATE {s}.t SET x = 3 WHERE x < 0": lambda r, who: r.has(who, "MODIFY", "t") and r.reads(who, "t"),
    "DELETE FROM {s}.t WHERE x < 0": lambda r, who: r.has(who, "MODIFY", "t") and r.reads(who, "t"),
    "MERGE INTO {s}.t USING {s}.v ON t.x = v.x - 100 WHEN MATCHED THEN DELETE": lambda r, who: (
        r.has(who, "MODIFY", "t") and r.reads(who, "t") and r.reads(who, "v")
    ),
    "ALTER TABLE {s}.u SET TBLPROPERTIES ('a' = 'b')": lambda r, who: r.has(who, "MODIFY", "u"),
    "CREATE OR REPLACE TABLE {s}.u AS SELECT 2 AS x FROM {s}.w": lambda r, who: (
        r.has(who, "MODIFY", "u") and r.reads(who, "w")
    ),
    f"CREATE VIEW {_NEW} AS SELECT x FROM {{s}}.v": lambda r, who: (
        r.has(who, "CREATE_TABLE", "s") and r.reads(who, "v")
    ),
    f"CREATE TABLE {_NEW} AS SELECT x FROM {{s}}.v": lambda r, who: (
        r.has(who, "CREATE_TABLE", "s") and r.reads(who, "v")
    ),
    f"CREATE TABLE {_NEW} SHALLOW CLONE {{s}}.t": lambda r, who: (
        r.has(who, "CREATE_TABLE", "s") and r.reads(who, "t")
    ),
}
# Listings, with the names that they may show.
LISTINGS = {
    "SELECT table_name FROM {c}.information_schema.tables WHERE table_schema = 's'": ("t", "u", "v", "w"),
    "SELECT DISTINCT table_name FROM {c}.information_schema.columns WHERE table_schema = 's'": (
        "t",
        "u",
        "v",
        "w",
    ),
    "SELECT routine_name FROM {c}.information_schema.routines": ("f", "g"),
    "SELECT volume_name FROM {c}.information_schema.volumes": ("files",),
    "SELECT schema_name FROM {c}.information_schema.schemata WHERE schema_name = 's'": ("s",),
    "SHOW TABLES IN {s}": ("t", "u", "v", "w"),
    "SHOW VIEWS IN {s}": ("v", "w"),
    "SHOW VOLUMES IN {s}": ("files",),
    "SHOW USER FUNCTIONS IN {s}": ("f", "g"),
    "SHOW SCHEMAS IN {c} LIKE 's'": ("s",),
}


@pytest.fixture(scope="module")
def objects(spark):
    spark.sql(f"DROP CATALOG IF EXISTS {_CATALOG} CASCADE")
    for statement in _MADE:
        spark.sql(statement)
    yield
    spark.sql(f"DROP CATALOG {_CATALOG} CASCADE")


@pytest.fixture
def sessions(spark, lakehouse, another_session):
    yield {who: spark if who == MACHINE else another_session(who) for who in ACTORS}
    (lakehouse / "principals.json").unlink(missing_ok=True)


def _draw(drawn):
    """Draw a state in which about half of the answers are refusals."""
    groups = memberships(drawn)
    owners = {place: drawn.choice([*GRANTEES[:-1], MACHINE]) for place in _PLACES.values()}
    grants = [
        Grant(drawn.choice(GRANTEES), f"USE_{each.kind.value}", each)
        for each in list(_PLACES.values())[:2]
        for _ in "12"
    ]
    for place in _PLACES.values():
        fitting = [one.name for one in known_privileges().values() if place.kind in one.on]
        telling = [
            name for name in ("SELECT", "MODIFY", "EXECUTE", "CREATE_TABLE", "BROWSE") if name in fitting
        ]
        for _ in range(drawn.randint(0, 4)):
            grants.append(Grant(drawn.choice(GRANTEES), drawn.choice([*telling, *telling, *fitting]), place))
    return groups, AccessState.of(people(groups), owners=owners, grants=grants)


def _write(lakehouse, groups, state):
    """Write owners and grants into the records that are there, as the engine does: by a rename."""
    write_people(lakehouse, groups)
    suffixes = {
        "CATALOG": "_catalog.json",
        "SCHEMA": "_schema.json",
        "VOLUME": ".volume.json",
        "FUNCTION": ".function.json",
    }
    for place in _PLACES.values():
        folder = lakehouse.joinpath("_catalog", *place.parts[:2])
        suffix = suffixes.get(place.kind.value, ".json")
        file = folder / (suffix if suffix.startswith("_") else f"{place.parts[2]}{suffix}")
        record = json.loads(file.read_text(encoding="utf-8"))
        record["owner"] = state.owners[place]
        record["grants"] = [
            {"principal": who, "privilege": known_privileges()[name].sql}
            for who, names in state.granted_on(place).items()
            for name in names
        ]
        new = file.with_name(".new")
        new.write_text(json.dumps(record), encoding="utf-8")
        new.replace(file)


def _run(session, text):
    """Return the rows, None for a refusal, and what was said."""
    try:
        rows = session.sql(text.replace("{s}", f"{_CATALOG}.s").replace("{c}", _CATALOG)).collect()
    except (PySparkException, Py4JJavaError) as error:
        if "PERMISSION_DENIED" not in str(error):
            raise
        return None, str(error)
    # EXPLAIN says in its plan what went wrong.
    refused = text.startswith("EXPLAIN") and "PERMISSION_DENIED" in str(rows)
    return (None, str(rows)) if refused else (rows, "it was allowed")


# A state is not shrunk: that takes minutes, and it is in the message.
@settings(
    max_examples=STATES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(seed=st.integers(0, 10**9))
def test_a_statement_is_allowed_if_the_table_of_rights_says_so(spark, lakehouse, objects, sessions, seed):
    drawn = random.Random(seed)
    groups, state = _draw(drawn)
    _write(lakehouse, groups, state)
    rights = Rights(state)
    # Who may not use the schema is refused everything: asked are mostly the others.
    near = [who for who in ACTORS[:-1] if rights.has(who, "USE_SCHEMA", "s")] or ACTORS
    for _ in range(_ASKED):
        who, text = drawn.choice([*near, *near, *near, drawn.choice(ACTORS)]), drawn.choice(list(OPERATIONS))
        rows, message = _run(sessions[who], text)
        shown = f"{who}: {text}\n{message}\n{groups}\n{state.owners}\n{state.grants}"
        # Whose machine it is reads everything; below a view that they own its next owner counts.
        assert (rows is not None) == (who == MACHINE or OPERATIONS[text](rights, who)), shown
        if rows is not None and _NEW in text:
            spark.sql(f"DROP {text.split()[1]} {_CATALOG}.s.made")
    for who in drawn.sample(ACTORS, 2):
        text = drawn.choice(list(LISTINGS))
        rows, message = _run(sessions[who], text)
        visible = {name for name in LISTINGS[text] if rights.sees(who, name, browse=True)}
        shown = f"{who}: {text}\n{message}\n{groups}\n{state.owners}\n{state.grants}"
        assert _names(text, rows) == visible, shown


def _names(text, rows):
    at = 1 if text.startswith(("SHOW TABLES", "SHOW VIEWS", "SHOW VOLUMES")) else 0
    return {row[at].split(".")[-1] for row in rows or []}


def test_each_statement_of_the_table_is_refused_to_a_stranger_and_allowed_to_the_machines_user(
    spark, lakehouse, objects, sessions
):
    state = AccessState.of(people({}), owners=dict.fromkeys(_PLACES.values(), MACHINE))
    _write(lakehouse, {}, state)
    for text in OPERATIONS:
        assert _run(sessions[ACTORS[0]], text)[0] is None, text
        assert _run(spark, text)[0] is not None, text
        if _NEW in text:
            spark.sql(f"DROP {text.split()[1]} {_CATALOG}.s.made")
