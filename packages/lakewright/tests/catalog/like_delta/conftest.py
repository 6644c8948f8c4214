"""Runs the same action on a table of ours and on one in Delta's own catalog, and compares what is left.

Each run draws some of the comparisons of each module; `LAKEWRIGHT_SEED=7` repeats a draw, and
`LAKEWRIGHT_EVERY_COMPARISON=1` makes all of them.
"""

import itertools
import json
import os
import random
import re
from dataclasses import dataclass, field, fields
from pathlib import Path

import pytest

_NUMBERS = itertools.count(1)
_ROWS = "AS SELECT * FROM VALUES (1, 'x'), (2, 'y') AS rows(a, p)"

# What stands under the name before the action.
BEFORE = {
    "nothing": (),
    "a table": ("CREATE TABLE {t} TBLPROPERTIES (k = '1') " + _ROWS,),
    "a partitioned table": ("CREATE TABLE {t} PARTITIONED BY (p) " + _ROWS,),
    "an external table": ("CREATE TABLE {t} LOCATION '{place}' " + _ROWS,),
    "a view": ("CREATE VIEW {t} AS SELECT 1 AS a",),
}


SEED = int(os.environ.get("LAKEWRIGHT_SEED") or random.SystemRandom().randrange(10_000))
_DRAWN = 2  # of each module in `_SAMPLED`
_SAMPLED = ("test_writers.py", "test_changing.py", "test_replacing.py")


def pytest_collection_modifyitems(config, items):
    if os.environ.get("LAKEWRIGHT_EVERY_COMPARISON"):
        return
    here = Path(__file__).parent
    left = []
    for module in _SAMPLED:
        compared = [item for item in items if item.path == here / module and hasattr(item, "callspec")]
        compared = [item for item in compared if "before" in item.callspec.params]
        drawn = random.Random(SEED).sample(compared, min(_DRAWN, len(compared)))
        left += [item for item in compared if item not in drawn]
    if left:
        print(f"comparisons with Delta are drawn: LAKEWRIGHT_SEED={SEED}")
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@dataclass(frozen=True)
class Side:
    """One of the two catalogs.

    Attributes:
        t: The full name of the table that the action is about.
        u: A second name in the same schema.
        place: A folder that does not exist yet.
    """

    t: str
    u: str
    place: str

    def text(self, statement):
        for name in ("t", "u", "place"):
            statement = statement.replace("{" + name + "}", getattr(self, name))
        return statement


@dataclass(frozen=True)
class Outcome:
    """What an action left behind, as readers of the table see it."""

    error: str | None
    message: str = field(compare=False, default="")
    answer: tuple = ()
    kind: str | None = None
    schema: tuple = ()
    comment: str | None = None
    partitions: tuple = ()
    clustering: tuple = ()
    properties: tuple = ()
    protocol: tuple = ()
    rows: tuple = ()
    history: tuple = ()


@pytest.fixture(scope="session")
def sides(spark, tmp_path_factory):
    """Give the two sides for one action: ours, then Delta's."""
    spark.sql("CREATE CATALOG like_analytics")
    spark.sql("CREATE SCHEMA like_analytics.s")
    spark.sql("CREATE SCHEMA spark_catalog.s")

    def make():
        number = next(_NUMBERS)
        folder = tmp_path_factory.mktemp("places")
        return tuple(
            Side(f"{schema}.t{number}", f"{schema}.u{number}", str(folder / name))
            for schema, name in (("like_analytics.s", "ours"), ("spark_catalog.s", "delta"))
        )

    yield make
    spark.sql("DROP CATALOG like_analytics CASCADE")
    spark.sql("DROP SCHEMA spark_catalog.s CASCADE")


@pytest.fixture
def compare(spark, sides):
    """Run an action on both sides. They must end equal, but for the fields in `differs`: (ours, Delta's)."""

    def run(before, action, differs=None):
        ours, delta = (_outcome(spark, side, BEFORE[before], action) for side in sides())
        found = {
            one.name: (getattr(ours, one.name), getattr(delta, one.name))
            for one in fields(Outcome)
            if one.compare and getattr(ours, one.name) != getattr(delta, one.name)
        }
        assert found == (differs or {}), f"ours: {ours.message}\n\nDelta: {delta.message}"
        return ours

    return run


def _outcome(spark, side, before, action):
    for step in before:
        spark.sql(side.text(step))
    error, message, answer = None, "", ()
    try:
        answer = _do(spark, side, action)
    except Exception as problem:
        error, message = _condition(problem), str(problem)
    return Outcome(error, message, answer, **_table(spark, side.t))


def _do(spark, side, action):
    if callable(action):
        return action(spark, side) or ()
    *first, last = action if isinstance(action, tuple) else (action,)
    for statement in first:
        spark.sql(side.text(statement))
    return tuple(sorted(repr(tuple(row)) for row in spark.sql(side.text(last)).collect()))


def _condition(problem):
    condition = problem.getCondition() if hasattr(problem, "getCondition") else None
    return condition or type(problem).__name__


def _table(spark, name):
    """Read a table's rows, and everything else from its log: statements that describe it cost a job each."""
    if not spark.catalog.tableExists(name):
        return {}
    described = {row[0]: row[1] for row in spark.sql(f"DESCRIBE EXTENDED {name}").collect()}
    if described["Type"] == "VIEW":
        return {"kind": "VIEW"}
    actions = _actions(Path(described["Location"].removeprefix("file:")))
    metadata = [action["metaData"] for action in actions if "metaData" in action][-1]
    protocol = [action["protocol"] for action in actions if "protocol" in action][-1]
    frame = spark.table(name)
    return {
        "kind": described["Type"],
        "schema": tuple(
            (column.name, column.dataType.simpleString(), column.nullable, str(column.metadata))
            for column in frame.schema
        ),
        "comment": metadata.get("description"),
        "partitions": tuple(metadata["partitionColumns"]),
        "clustering": _clustering(actions),
        "properties": tuple(sorted(metadata["configuration"].items())),
        "protocol": tuple(sorted((key, str(value)) for key, value in protocol.items())),
        "rows": tuple(sorted(repr(tuple(row)) for row in frame.collect())),
        "history": tuple(_operation(action["commitInfo"]) for action in actions if "commitInfo" in action),
    }


def _actions(table):
    files = sorted((table / "_delta_log").glob("*.json"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def _clustering(actions):
    domains = [action["domainMetadata"] for action in actions if "domainMetadata" in action]
    last = [domain for domain in domains if domain["domain"] == "delta.clustering"][-1:]
    return tuple(domain["configuration"] for domain in last if not domain["removed"])


def _operation(commit):
    # `isManaged` differs: `test_history.py` has the parity mark.
    parameters = {key: text for key, text in commit["operationParameters"].items() if key != "isManaged"}
    return commit["operation"], tuple(sorted((key, _plain(text)) for key, text in parameters.items()))


def _plain(text):
    """Leave out the numbers that Spark gives to the columns of a predicate."""
    return re.sub(r"#\d+", "", text) if isinstance(text, str) else text
