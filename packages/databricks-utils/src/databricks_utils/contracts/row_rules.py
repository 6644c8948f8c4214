"""The promises of a contract about single values, as rules of `databricks_utils.quality`.

A missing value fails `required` and nothing else. A number that is not a number (NaN) is outside of every bound, although Spark holds it
greater than all others.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.contracts.literals import LiteralError, sql_literal
from databricks_utils.contracts.spark_types import Field
from databricks_utils.quality import Rule
from databricks_utils.quoting import literal, quote_part

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaProperty

_BOUNDS = {
    "minimum": (">=", "is_not_too_small", "is less than"),
    "exclusiveMinimum": (">", "is_above_minimum", "is not greater than"),
    "maximum": ("<=", "is_not_too_large", "is greater than"),
    "exclusiveMaximum": ("<", "is_below_maximum", "is not less than"),
}
_LOWER, _UPPER = ("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")
_SIZES = {
    "minLength": ("char_length({0}) >= {1}", "is_long_enough", "has fewer than {1} characters"),
    "maxLength": ("char_length({0}) <= {1}", "is_short_enough", "has more than {1} characters"),
    "minItems": ("size({0}) >= {1}", "has_enough_items", "has fewer than {1} items"),
    "maxItems": ("size({0}) <= {1}", "has_few_enough_items", "has more than {1} items"),
}
_FLOATING = frozenset({"float", "double"})
_EXACT = frozenset({"tinyint", "smallint", "int", "bigint", "decimal"})
_TEXTS = frozenset({"string", "varchar", "char"})
_FITS = {
    **dict.fromkeys(("minLength", "maxLength", "pattern"), _TEXTS),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems"), frozenset({"array"})),
    **dict.fromkeys(_BOUNDS, _FLOATING | _EXACT | {"date", "timestamp", "timestamp_ntz"}),
    "multipleOf": _EXACT,
}
# They choose the column's type.
_OF_THE_TYPE = {"format", "timezone"}


@dataclass(frozen=True)
class Value:
    """A column, or a field inside structs, with what the contract says of it.

    Attributes:
        path: Its name, after those of the structs around it.
        field: Its field.
        given: The property.
        node: The same in the tree of its file.
    """

    path: tuple[str, ...]
    field: Field
    given: "SchemaProperty"
    node: Node

    @property
    def sql(self) -> str:
        """The value as SQL."""
        return ".".join(map(quote_part, self.path))

    @property
    def label(self) -> str:
        """Its name for people."""
        return ".".join(self.path)

    def inner(self) -> "Iterator[Value]":
        """Yield this value and those inside its structs."""
        yield self
        if self.field.type.name == "struct" and self.given.properties:
            nodes = self.node.closest(("properties",))
            for at, (field, given) in enumerate(
                zip(self.field.type.fields, self.given.properties, strict=True)
            ):
                yield from Value((*self.path, field.name), field, given, nodes.closest((str(at),))).inner()


def rules_of(columns: list[Value]) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """Return the rules of a table's columns, and what of it cannot hold.

    Args:
        columns: The columns.
    """
    rules: dict[str, Rule] = {}
    problems: list[Problem] = []
    for value in (each for column in columns for each in column.inner()):
        problems.extend(_contradictions(value))
        try:
            found = list(_rules(value))
        except _OptionError as error:
            problems.append(error.problem)
            continue
        for rule in found:
            name = _unused(rule.name, rules)
            rules[name] = Rule(name, rule.expression, rule.reason, rule.severity)
    return tuple(rules.values()), tuple(problems)


def unused_options(value: Value) -> list[str]:
    """Return the options of a value that have no rule and do not choose its type."""
    options = value.given.logicalTypeOptions or {}
    return [
        key for key in options if key not in _OF_THE_TYPE and value.field.type.name not in _FITS.get(key, ())
    ]


class _OptionError(ValueError):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.summary)
        self.problem = problem


def _rules(value: Value) -> Iterator[Rule]:
    sql, kind = value.sql, value.field.type
    if not value.field.nullable:
        above = ".".join(map(quote_part, value.path[:-1]))
        present = f"{above} IS NULL OR {sql} IS NOT NULL" if above else f"{sql} IS NOT NULL"
        yield _rule(value, "is_given", present, "is missing")
    if value.given.enum:
        allowed = [_literal(value, item.value, "enum") for item in value.given.enum]
        yield _optional(
            value, "is_allowed", f"{sql} IN ({', '.join(allowed)})", "is none of the allowed values"
        )
    options = value.given.logicalTypeOptions or {}
    for key, wanted in options.items():
        if kind.name in _FITS.get(key, ()):
            yield from _of_option(value, key, wanted)


def _of_option(value: Value, key: str, wanted: object) -> Iterator[Rule]:
    sql, kind = value.sql, value.field.type
    if key in _BOUNDS:
        operator, name, words = _BOUNDS[key]
        not_nan = f" AND NOT isnan({sql})" if kind.name in _FLOATING else ""
        yield _optional(
            value, name, f"{sql} {operator} {_literal(value, wanted, key)}{not_nan}", f"{words} {wanted}"
        )
    elif key in _SIZES:
        condition, name, words = _SIZES[key]
        size = _whole(value, wanted, key)
        yield _optional(value, name, condition.format(sql, size), words.format("", size))
    elif key == "pattern":
        yield _optional(
            value,
            "fits_its_pattern",
            f"{sql} RLIKE {literal(_pattern(value, wanted))}",
            f"does not fit {wanted}",
        )
    elif key == "multipleOf":
        step = _literal(value, wanted, key)
        yield _optional(value, "is_a_multiple", f"{sql} % {step} = 0", f"is no multiple of {wanted}")
    elif wanted is True:  # uniqueItems
        yield _optional(
            value, "has_distinct_items", f"size(array_distinct({sql})) = size({sql})", "has an item twice"
        )


def _rule(value: Value, suffix: str, condition: str, words: str) -> Rule:
    slug = re.sub(r"[^a-z0-9]+", "_", "_".join(value.path).lower()).strip("_")
    name = f"{slug}_{suffix}" if slug[:1].isalpha() else f"column_{slug}_{suffix}".replace("__", "_")
    return Rule(name, condition, f"{value.label} {words}")


def _optional(value: Value, suffix: str, condition: str, words: str) -> Rule:
    return _rule(value, suffix, f"{value.sql} IS NULL OR ({condition})", words)


def _unused(name: str, taken: dict[str, Rule]) -> str:
    """The name, or with the first number behind it that is free: columns may differ only in characters that a rule's name lacks."""
    number, found = 2, name
    while found in taken:
        number, found = number + 1, f"{name}_{number}"
    return found


def _literal(value: Value, wanted: object, key: str) -> str:
    try:
        return sql_literal(wanted, value.field.type)
    except LiteralError as error:
        raise _refuse(
            value, key, f"{value.label}: `{key}`: {error}", f"write a value of type {value.field.type.sql()}"
        ) from None


def _whole(value: Value, wanted: object, key: str) -> int:
    if not isinstance(wanted, int) or isinstance(wanted, bool) or wanted < 0:
        raise _refuse(
            value,
            key,
            f"{value.label}: `{key}` must be a whole number from 0 on, not `{wanted}`",
            f"e.g. `{key}: 10`",
        )
    return wanted


def _pattern(value: Value, wanted: object) -> str:
    try:
        re.compile(str(wanted))
    except re.error as error:
        raise _refuse(
            value,
            "pattern",
            f"{value.label}: the pattern is not valid: {error}",
            "correct it, e.g. `^[A-Z]{2}$`",
        ) from None
    return str(wanted)


def _contradictions(value: Value) -> Iterator[Problem]:
    options: dict[str, Any] = value.given.logicalTypeOptions or {}
    pairs = [(low, high, low != "minimum" or high != "maximum") for low in _LOWER for high in _UPPER]
    pairs += [("minLength", "maxLength", False), ("minItems", "maxItems", False)]
    for low, high, open_ in pairs:
        if low in options and high in options and _is_empty(options[low], options[high], open_=open_):
            yield Problem(
                f"{value.label}: no value has `{low}: {options[low]}` and `{high}: {options[high]}`",
                _place(value, high),
                "correct one of the two",
            )
    yield from _impossible_enum(value)


def _impossible_enum(value: Value) -> Iterator[Problem]:
    seen: list[object] = []
    for item in value.given.enum or []:
        if item.value in seen and not isinstance(item.value, bool):
            yield Problem(
                f"{value.label}: `{item.value}` is twice in `enum`", _place(value, None, "enum"), "keep one"
            )
        seen.append(item.value)


def _is_empty(low: object, high: object, *, open_: bool) -> bool:
    numbers = isinstance(low, int | float) and isinstance(high, int | float)
    if not numbers and not (isinstance(low, str) and isinstance(high, str)):
        return False  # the rule of the bound says what is wrong
    return bool(low > high or (open_ and low == high))  # type: ignore[operator]  # both numbers, or both texts


def _place(value: Value, option: str | None, key: str = "logicalTypeOptions") -> str:
    return str(value.node.closest((key, option) if option else (key,)).origin)


def _refuse(value: Value, key: str, summary: str, fix: str) -> _OptionError:
    place = _place(value, None, "enum") if key == "enum" else _place(value, key)
    return _OptionError(Problem(summary, place, fix))
