"""Find the smallest key: one column, two or three that are complete and whose values occur once.

The search is bounded, and says what it tried.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING

from databricks_utils.contracts.drafting.values_seen import Seen, about_distinct
from databricks_utils.contracts.types.literals import FLOATING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_TWO_ROWS = 2  # of one row every column is a key
_FEW_ROWS = 10  # in fewer rows many columns are unique by chance: there the name must say it
_NEARLY = (
    0.85  # share of the rows that the estimated number of values must reach: it is exact within a few percent
)
_COLUMNS = {2: 12, 3: 8}  # the columns whose pairs and triples are tried
_CHECKED = 5  # exact checks of pairs, and of triples
_LONGEST = 64
_UNFIT = FLOATING | {"array", "map", "struct", "variant", "binary", "boolean"}
_LIKE_A_KEY = re.compile(r"(?i:(.*[_ -])?(id|key|code|uuid|guid|number|no|nr|sku|isin|ean))|.*[a-z]I[dD]")


@dataclass(frozen=True)
class KeyFound:
    """The result of a search.

    Attributes:
        columns: The columns of the key in their order; empty if none was found.
        unique: Other columns that alone are unique.
        tried: What was tried, in one line.
    """

    columns: tuple[str, ...]
    unique: tuple[str, ...]
    tried: str


def find_key(frame: DataFrame, seen: Sequence[Seen], *, rows: int) -> KeyFound:
    """Return the smallest key of rows.

    Args:
        frame: Any grain, with the columns' values as `Seen.column` reads them.
        seen: What is seen of its columns; fields inside of structs do not count.
        rows: The number of its rows.
    """
    fit = [each for each in seen if _is_fit(each, rows)]
    if rows < _TWO_ROWS:
        return KeyFound((), (), f"nothing: {rows} rows do not show a key")
    if not fit:
        return KeyFound((), (), "nothing: no column is complete and of a type that a key can have")
    small = rows < _FEW_ROWS
    near = [each for each in fit if each.distinct >= _NEARLY * rows and (not small or _is_named(each))]
    unique = _unique(frame, near, rows)
    if unique:
        best = min(unique, key=_preference)
        others = tuple(_name(each) for each in unique if each is not best)
        return KeyFound((_name(best),), others, f"{len(near)} of {len(fit)} complete columns alone")
    tried = [f"{len(fit)} complete columns alone"]
    for size, most in _COLUMNS.items() if not small else ():
        pool = sorted(fit, key=lambda each: (-each.distinct, _preference(each)))[:most]
        groups = [
            group for group in combinations(pool, size) if prod(each.distinct for each in group) >= rows
        ]
        tried.append(f"{len(groups)} groups of {size} among the {len(pool)} with the most values")
        for group in _nearly_unique(frame, groups, rows)[:_CHECKED]:
            if not _has_duplicates(frame, group):
                ordered = sorted(group, key=fit.index)
                return KeyFound(tuple(map(_name, ordered)), (), ", ".join(tried))
    return KeyFound((), (), ", ".join(tried))


def _is_fit(seen: Seen, rows: int) -> bool:
    profile = seen.column.profile
    is_code = profile is None or (profile.longest <= _LONGEST and not profile.secrets)
    fits = seen.type.name not in _UNFIT and not (seen.type.name == "decimal" and seen.type.sizes[1])
    return (
        len(seen.column.path) == 1
        and fits
        and is_code
        and not seen.missing
        and seen.distinct > 1
        and rows > 0
    )


def _name(seen: Seen) -> str:
    return seen.column.path[0]


def _is_named(seen: Seen) -> bool:
    return bool(_LIKE_A_KEY.fullmatch(_name(seen)))


def _preference(seen: Seen) -> tuple[bool, bool, bool, int]:
    """Keys are named like keys, and are rarely dates or e-mail addresses; the names of most are short."""
    is_moment = seen.type.name in {"date", "timestamp", "timestamp_ntz"}
    has_mails = seen.column.profile is not None and seen.column.profile.mails > 0
    return not _is_named(seen), is_moment, has_mails, len(_name(seen))


def _unique(frame: DataFrame, near: Sequence[Seen], rows: int) -> list[Seen]:
    """Those whose values all differ, counted exactly in one query."""
    from pyspark.sql import functions as F

    if not near:
        return []
    cells = frame.select(
        F.posexplode(F.array(*(F.expr(f"CAST({each.value} AS STRING)") for each in near))).alias("p", "v")
    )
    counted = cells.groupBy("p", "v").agg(F.count("*").alias("n"))
    twice = {
        row["p"] for row in counted.groupBy("p").agg(F.max("n").alias("most")).where("most > 1").collect()
    }
    return [each for at, each in enumerate(near) if at not in twice and rows]


def _nearly_unique(frame: DataFrame, groups: Sequence[tuple[Seen, ...]], rows: int) -> list[tuple[Seen, ...]]:
    """The groups that may be unique, by an estimate of all in one query; those that look most like keys first."""
    from pyspark.sql import functions as F

    if not groups:
        return []
    columns = list(dict.fromkeys(each.column.path for group in groups for each in group))
    sqls = {each.column.path: each.column.sql for group in groups for each in group}
    # Of a text file the texts: for an estimate they need not be read.
    cells = frame.select(*(F.expr(sqls[path]).alias(f"x{at}") for at, path in enumerate(columns)))
    names = [[f"x{columns.index(each.column.path)}" for each in group] for group in groups]
    counts = about_distinct(cells, names)
    near = [group for at, group in enumerate(groups) if counts[at].distinct >= _NEARLY * rows]
    return sorted(near, key=lambda group: sorted(map(_preference, group), reverse=True))


def _has_duplicates(frame: DataFrame, group: Sequence[Seen]) -> bool:
    from pyspark.sql import functions as F

    columns = [F.expr(each.value).alias(f"k{at}") for at, each in enumerate(group)]
    names = [f"k{at}" for at in range(len(group))]
    return bool(frame.select(*columns).groupBy(*names).count().where(F.col("count") > 1).limit(1).collect())
