"""What the tables of a project hold, apart from when it was written: to compare a project that had accidents with one that had none."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lakewright.engine import ensure_engine
from lakewright.project_session import engine_settings

LAYERS = ("bronze", "silver", "quarantine", "gold", "features", "ops")
Contents = dict[str, Counter[str]]

# When something was done: no two runs agree.
_WHEN = {
    *("_ingested_at", "_judged_at", "scored_at", "ingested_until", "judged_until", "recorded_at"),
    *("ingested_at", "modified_at", "listed_at", "_run_id"),
}
# A training that was killed after it registered its model registers another one: only the number of values must agree.
_NUMBERED = {"model_version", "model_id"}
# A merge that a crash repeats changes no row, but is a commit: rows that are judged afterwards name another version (`airports@2`).
_VERSION = re.compile(r"@\d+")
_DECIMALS = 9  # the last digits of a sum of floats depend on its order


def project_contents(project: Path, prefix: str = "", layers: Sequence[str] = LAYERS) -> Contents:
    """Return what all tables of a flights project hold; its engine is started if it does not run.

    Args:
        project: Its folder.
        prefix: That of its schemas; the result has no prefix, neither in the names nor in the rows.
        layers: The layers whose tables are read.
    """
    spark = ensure_engine(project, settings=engine_settings(project)).connect()
    schemas = [f"local_analytics.{prefix}flights_{layer}" for layer in layers]
    return without_prefix(read_contents(spark, schemas), prefix)


def without_prefix(found: Contents, prefix: str) -> Contents:
    """Return tables without the prefix of their schemas, neither in their names nor in their rows.

    Raises:
        AssertionError: A row names a schema without the prefix: it was made from the tables of another run.
    """
    foreign = re.compile(rf"(?<!{re.escape(prefix)})\bflights_(?:{'|'.join(LAYERS)})\b") if prefix else None
    for name, rows in found.items():
        for row in rows if foreign else ():
            assert not foreign.search(row), f"{name} has a row that names the tables of another run: {row}"
    plain: Contents = {}
    for name, rows in found.items():
        counted = plain.setdefault(name.replace(prefix, ""), Counter())
        for row, count in rows.items():
            counted[row.replace(prefix, "")] += count
    return plain


def read_contents(spark: Any, schemas: Iterable[str]) -> Contents:
    """Return the rows of each table and view of some schemas, by its name; the state of the steps is among them.

    `ops.steps` and `ops.quality_metrics` are not: they say how often each step ran and what it measured, which is what a kill changes.
    """
    found = [
        (schema, row.tableName)
        for schema in schemas
        for row in spark.sql(f"SHOW TABLES IN {schema}").collect()
        if not (schema.endswith("_ops") and row.tableName in {"steps", "quality_metrics"})
    ]
    names = [f"{schema}.{table}" for schema, table in found]
    return {name: comparable(spark.table(name).toArrow().to_pylist()) for name in names}


def comparable(rows: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """Return rows as text, in any order, each with how often it occurs."""
    numbered = [
        f"{len({row[name] for row in rows})} different {name}" for name in _NUMBERED & {*(rows or [{}])[0]}
    ]
    left_out = _WHEN | _NUMBERED
    texts = (
        str({name: _plain(name, value) for name, value in row.items() if name not in left_out})
        for row in rows
    )
    return Counter([*texts, *numbered])


def _plain(name: str, value: Any) -> Any:
    if name == "_needed" and value is not None:
        return _VERSION.sub("", value)
    return round(value, _DECIMALS) if isinstance(value, float) else value


def differences(found: Contents, expected: Contents) -> dict[str, dict[str, int]]:
    """Return by table which rows are lost (negative) and which are new or doubled, and how often; empty if none is."""
    counted = {
        name: {
            row: found.get(name, Counter())[row] - expected.get(name, Counter())[row]
            for row in {*found.get(name, ()), *expected.get(name, ())}
        }
        for name in sorted({*found, *expected})
    }
    changed = {
        name: {row: number for row, number in rows.items() if number} for name, rows in counted.items()
    }
    return {name: rows for name, rows in changed.items() if rows or (name in found) != (name in expected)}
