"""The columns `_failures` and `_valid` as Spark evaluates them fastest: each condition once, as one bit of a whole number.

Measured on a million rows with ten rules and with a hundred; see ADR 0022:

* `array_compact`, `filter` and `exists` take a function, which Spark interprets together with everything inside, the rules too: three to
  four times the CPU of compiled code. So there is none here: bits say which rules failed, and only rows with a bit make an array.
* Spark compiles a projection into one Java method, and Java never compiles a method of more than 8,000 bytes: about forty rules. An
  expression that occurs twice gets a method of its own, so the conditions are in groups, and each group occurs twice.
* The arrays of more than 64 rules are cheaper outside of that one method, where Spark splits the code. A function that Spark interprets
  moves the projection there; this one looks at one number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import or_
from typing import TYPE_CHECKING

from databricks_utils.quality.sql_tokens import is_closed
from databricks_utils.quoting import literal

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from databricks_utils.quality.rules import Expression, Severity

FAILURES = "_failures"
VALID = "_valid"
VALUE_LENGTH = 200
MASK = "***"
_GROUP = 16
_MANY = 64
_BITS, _ANY = "_quality_bits_{}", "_quality_any"
_INTERPRETED = "exists(array(_quality_bits_0), bits -> bits < 0)"  # never true


def failures_type() -> str:
    """Return the SQL type of the column `_failures`, for a table's schema."""
    return "array<struct<rule:string,severity:string,reason:string,value:string>>"


_EMPTY = f"CAST(array() AS {failures_type()})"


@dataclass(frozen=True)
class Condition:
    """What is recorded where a condition is not true.

    Attributes:
        holds: SQL text or Column; a row fails where it is false or NULL.
        rule: The rule's name.
        severity: Its severity.
        reason: Its reason.
        value: SQL text or Column of the offending value; None: there is none.
        masked: Show `***` instead of the value.
    """

    holds: Expression
    rule: str
    severity: Severity
    reason: str
    value: Expression | None = None
    masked: bool = False


def with_failures(df: DataFrame, conditions: Sequence[Condition]) -> DataFrame:
    """Add `_failures` and `_valid`.

    Args:
        df: Any grain; no row is lost or added.
        conditions: What each row must meet.
    """
    from pyspark.sql import functions as F

    if not conditions:
        return df.withColumns({FAILURES: F.expr(_EMPTY), VALID: F.expr("true")})
    groups = [conditions[at : at + _GROUP] for at in range(0, len(conditions), _GROUP)]
    names = [_BITS.format(number) for number in range(len(groups))]
    bits = [_bits(group) for group in groups]
    # `_ANY` says nothing that the groups do not say: it makes each of them occur twice.
    judged = df.withColumns(
        {**dict(zip(names, bits, strict=True)), _ANY: _folded([group != 0 for group in bits], or_)}
    )
    apart = [_INTERPRETED] if len(conditions) > _MANY else []
    failed = " OR ".join([_ANY, *apart, *(f"{name} <> 0" for name in names)])
    found = F.concat(*(_failures(group, name) for group, name in zip(groups, names, strict=True)))
    return judged.withColumns(
        {
            FAILURES: F.when(F.expr(failed), found).otherwise(F.expr(_EMPTY)),
            VALID: F.expr(_valid(groups, names)),
        }
    ).drop(*names, _ANY)


def _folded(parts: Sequence[Column], join: Callable[[Column, Column], Column]) -> Column:
    """Return all parts joined, in a flat tree: Connect refuses expressions that are more than a hundred deep."""
    while len(parts) > 1:
        pairs = [parts[at : at + 2] for at in range(0, len(parts), 2)]
        parts = [join(pair[0], pair[1]) if len(pair) > 1 else pair[0] for pair in pairs]
    return parts[0]


def _bits(group: Sequence[Condition]) -> Column:
    """Return a whole number with one bit for each condition: set where it is not true."""
    from pyspark.sql import functions as F

    if all(isinstance(condition.holds, str) and is_closed(condition.holds) for condition in group):
        return F.expr(
            " | ".join(f"if(({condition.holds}), 0, {1 << place})" for place, condition in enumerate(group))
        )
    found = [
        F.when(_column(condition.holds), F.lit(0)).otherwise(F.lit(1 << place))
        for place, condition in enumerate(group)
    ]
    return _folded(found, lambda left, right: left.bitwiseOR(right))


def _failures(group: Sequence[Condition], name: str) -> Column:
    from pyspark.sql import functions as F

    arrays = [_failure(condition, f"{name} & {1 << place} <> 0") for place, condition in enumerate(group)]
    texts = [array for array in arrays if isinstance(array, str)]
    if len(texts) == len(arrays):
        return F.expr(f"if({name} = 0, {_EMPTY}, concat({', '.join(texts)}))")
    columns = [F.expr(array) if isinstance(array, str) else array for array in arrays]
    return F.when(F.expr(f"{name} = 0"), F.expr(_EMPTY)).otherwise(F.concat(*columns))


def _failure(condition: Condition, failed: str) -> Expression:
    """Return an array with the failure of a condition, which is empty if it did not fail."""
    from pyspark.sql import functions as F

    known = (
        f"'rule', {literal(condition.rule)}, 'severity', {literal(condition.severity.value)}, "
        f"'reason', {literal(condition.reason)}, 'value', "
    )
    value: Expression | None = literal(MASK) if condition.masked else condition.value
    if value is None:
        value = "CAST(NULL AS STRING)"
    elif not condition.masked:
        value = as_text(value)
    if isinstance(value, str):
        return f"if({failed}, CAST(array(named_struct({known}{value})) AS {failures_type()}), {_EMPTY})"
    made = F.struct(
        *(
            F.lit(text).alias(name)
            for name, text in (
                ("rule", condition.rule),
                ("severity", condition.severity.value),
                ("reason", condition.reason),
            )
        ),
        value.alias("value"),
    )
    return F.when(F.expr(failed), F.array(made).cast(failures_type())).otherwise(F.expr(_EMPTY))


def as_text(value: Expression) -> Expression:
    """Return a value of any type as text of at most 200 characters.

    Bytes are hexadecimal digits. Inside of a struct, array or map they are characters, `�` where they are none: text that is no UTF-8 could
    not be read over Connect.

    Spark knows the type before it runs, and then keeps the one branch that fits.
    """
    from pyspark.sql import functions as F

    if isinstance(value, str) and is_closed(value):
        shown = f"if(typeof(({value})) = 'binary', hex(CAST(CAST(({value}) AS STRING) AS BINARY)), CAST(({value}) AS STRING))"
        return f"left(make_valid_utf8({shown}), {VALUE_LENGTH})"
    column = _column(value)
    text = column.cast("string")
    shown_column = F.when(F.typeof(column) == "binary", F.hex(text.cast("binary"))).otherwise(text)
    return F.left(F.make_valid_utf8(shown_column), F.lit(VALUE_LENGTH))


def _valid(groups: Sequence[Sequence[Condition]], names: Sequence[str]) -> str:
    """Return the condition that no rule failed that keeps its rows out."""
    masks = [
        sum(1 << place for place, condition in enumerate(group) if not condition.severity.keeps_the_row)
        for group in groups
    ]
    return " AND ".join(f"{name} & {mask} = 0" for name, mask in zip(names, masks, strict=True))


def _column(expression: Expression) -> Column:
    from pyspark.sql import functions as F

    return F.expr(expression) if isinstance(expression, str) else expression
