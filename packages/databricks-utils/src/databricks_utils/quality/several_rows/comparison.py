"""Equal values of two tables: compared only if the comparison changes no value.

Spark compares values of two types by turning both into one type. Where two values become one, such as the texts `1` and `01` as
numbers, or two DECIMALs as DOUBLE, one row would be joined with several, and a value would be known that does not occur.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from databricks_utils.quality.errors import RuleRefusedError
from databricks_utils.quality.several_rows.columns import column

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from databricks_utils.quality.rules import Expression

_FIX = "cast one of them to the type of the other, as a Column in `columns` or in the other table"
_EXACT = r"^(tinyint|smallint|int|bigint|decimal\(\d+,\d+\))$"
_FLOATING = ("float", "double")
_WHOLE_DIGITS = {"tinyint": 3, "smallint": 5, "int": 10}
_MOST_DIGITS, _BIGINT_DIGITS = 38, 19


def same_value(one: Column, other: Column, *, rule: str) -> Column:
    """Return whether two columns have the same value, without reading a schema; Spark knows the types before it runs, and keeps one branch.

    If a value could change in the comparison, the rows cannot be read: Spark raises an error with the rule and the types.
    """
    from pyspark.sql import functions as F

    types = [F.typeof(each) for each in (one, other)]
    refusal = F.concat(F.lit(f"quality: `{rule}` compares "), types[0], F.lit(" with "), types[1])
    refused = F.raise_error(F.concat(refusal, F.lit(f"; {_FIX}"))).cast("boolean")
    return F.when(_is_comparable(*types), one == other).otherwise(refused)


def check_comparable(
    rule: str,
    df: DataFrame,
    items: Sequence[Expression],
    other: DataFrame,
    other_items: Sequence[Expression],
) -> None:
    """Check that columns of two tables can be compared without changing a value; no row is read.

    Raises:
        RuleRefusedError: Two of them cannot.
    """
    from pyspark.sql import functions as F

    names = [str(place) for place in range(len(items))]
    types = [
        [kind for _, kind in rows.select(*(column(item).alias(name) for item, name in each)).dtypes]
        for rows, each in (
            (df, list(zip(items, names, strict=True))),
            (other, list(zip(other_items, names, strict=True))),
        )
    ]
    pairs = list(zip(*types, strict=True))
    wanted = [
        _is_comparable(F.lit(one), F.lit(two)).alias(name)
        for name, (one, two) in zip(names, pairs, strict=True)
    ]
    (found,) = df.sparkSession.range(1).select(*wanted).collect()
    for (one, two), is_possible in zip(pairs, found, strict=True):
        if not is_possible:
            raise RuleRefusedError(
                f"quality: `{rule}` compares {one.upper()} with {two.upper()}, and Spark would change values to compare them",
                fix=_FIX,
            )


def _is_comparable(one: Column, other: Column) -> Column:
    """Return whether values of two types, as `typeof` writes them, stay what they are when Spark compares them."""
    from pyspark.sql import functions as F

    texts = [F.regexp_replace(kind, F.lit(r"^(var)?char\(\d+\)$"), F.lit("string")) for kind in (one, other)]
    is_exact = reduce(and_, [kind.rlike(_EXACT) for kind in (one, other)])
    whole, fraction = (
        F.greatest(*(part(kind) for kind in (one, other))) for part in (_whole_digits, _fraction_digits)
    )
    is_floating = reduce(and_, [kind.isin(*_FLOATING) for kind in (one, other)])
    is_nothing = (one == "void") | (other == "void")
    return (texts[0] == texts[1]) | is_nothing | is_floating | (is_exact & (whole + fraction <= _MOST_DIGITS))


def _whole_digits(kind: Column) -> Column:
    """Return the digits before the point that a type has."""
    from pyspark.sql import functions as F

    precision = F.nullif(F.regexp_extract(kind, r"^decimal\((\d+),", 1), F.lit("")).cast("int")
    known = reduce(
        lambda found, item: found.when(kind == item[0], item[1]),
        _WHOLE_DIGITS.items(),
        F.when(precision.isNotNull(), precision - _fraction_digits(kind)),
    )
    return known.otherwise(_BIGINT_DIGITS)


def _fraction_digits(kind: Column) -> Column:
    from pyspark.sql import functions as F

    scale = F.nullif(F.regexp_extract(kind, r"^decimal\(\d+,(\d+)\)$", 1), F.lit("")).cast("int")
    return F.coalesce(scale, F.lit(0))
