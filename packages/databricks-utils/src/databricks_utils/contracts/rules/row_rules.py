"""The promises of a contract about single values, as rules of `databricks_utils.quality`.

A missing value fails `required` and nothing else. A number that is not a number (NaN) is outside of every bound, although Spark holds it
greater than all others.
"""

from collections.abc import Iterator
from typing import Any

from databricks_utils.config.origin import Origin
from databricks_utils.config.tree import KeyPath, Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.contracts.rules.patterns import PatternError, check_pattern
from databricks_utils.contracts.rules.values import RULED, Value
from databricks_utils.contracts.types.literals import (
    FLOATING,
    MOMENTS,
    LiteralError,
    moment,
    sql_literal,
)
from databricks_utils.nearest import choose_from
from databricks_utils.quality import Rule
from databricks_utils.quoting import literal, quote_part

_BOUNDS = {
    "minimum": (">=", "is_not_too_small", "is less than"),
    "exclusiveMinimum": (">", "is_above_minimum", "is not greater than"),
    "maximum": ("<=", "is_not_too_large", "is greater than"),
    "exclusiveMaximum": ("<", "is_below_maximum", "is not less than"),
}
_LOWER, _UPPER = ("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")
_SIZES = {
    "minLength": ("char_length({0}) >= {1}", "is_long_enough", "has fewer than {0} characters"),
    "maxLength": ("char_length({0}) <= {1}", "is_short_enough", "has more than {0} characters"),
    "minItems": ("size({0}) >= {1}", "has_enough_items", "has fewer than {0} items"),
    "maxItems": ("size({0}) <= {1}", "has_few_enough_items", "has more than {0} items"),
}
_UNSIGNED = {"u8": 2**8 - 1, "u16": 2**16 - 1, "u32": 2**32 - 1, "u64": 2**64 - 1}
_OTHER_OPTIONS = (
    *("format", "timezone", "defaultTimezone", "minProperties", "maxProperties", "required"),
    *("dimensions", "elementType", "distanceMetric", "embeddingModel", "embeddingModelVersion", "normalized"),
)
_GIVEN = "is_given"
_BOOLEAN = ("timezone", "uniqueItems")


def rules_of(columns: list[Value]) -> tuple[dict[Rule, Origin], tuple[Problem, ...]]:
    """Return the rules of a table's columns, each with its place in the contract, and what cannot hold.

    Args:
        columns: The columns.
    """
    rules: dict[Rule, Origin] = {}
    problems: list[Problem] = []
    for value in (each for column in columns for each in column.inner()):
        for path, make in _makers(value):
            try:
                found = list(make)
            except _OptionError as error:
                problems.append(error.problem)
                continue
            for rule in found:
                rules[rule] = value.node.closest(path).origin
        problems.extend(_contradictions(value))
    return rules, tuple(problems)


class _OptionError(ValueError):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.summary)
        self.problem = problem


def _makers(value: Value) -> Iterator[tuple[KeyPath, Iterator[Rule]]]:
    """The path of each promise of a value, and what makes its rules: a problem of one does not hide those of another."""
    yield ("required" if value.given.required else "primaryKey",), _required(value)
    yield ("enum",), _enum(value)
    for key, wanted in (value.given.logicalTypeOptions or {}).items():
        yield ("logicalTypeOptions", key), _of_option(value, key, wanted)


def _required(value: Value) -> Iterator[Rule]:
    if not value.field.nullable:
        here = ".".join(map(quote_part, value.path))
        above = ".".join(map(quote_part, value.path[:-1]))
        present = f"{above} IS NULL OR {here} IS NOT NULL" if above else f"{here} IS NOT NULL"
        yield _rule(value, _GIVEN, present, "is missing")


def _enum(value: Value) -> Iterator[Rule]:
    if not value.given.enum or not value.is_understood:
        return
    seen: list[object] = []
    for item in value.given.enum:
        if any(item.value == other and type(item.value) is type(other) for other in seen):
            raise _refuse(value, "enum", f"{value.label}: `{item.value}` is twice in `enum`", "keep one")
        seen.append(item.value)
    places = [value.node.at(("enum", str(at), "value")) for at in range(len(value.given.enum))]
    allowed = [
        _literal(value, item.value, "enum", place)
        for item, place in zip(value.given.enum, places, strict=True)
    ]
    yield _optional(
        value, "is_allowed", f"{value.sql} IN ({', '.join(allowed)})", "is none of the allowed values"
    )


def _of_option(value: Value, key: str, wanted: object) -> Iterator[Rule]:
    known = (*RULED, *_OTHER_OPTIONS)
    if key not in known:
        raise _refuse(
            value, key, f"{value.label}: the standard has no option `{key}`", choose_from(key, known) or ""
        )
    if key in _BOOLEAN and not isinstance(wanted, bool):
        raise _refuse(
            value,
            key,
            f"{value.label}: `{key}` must be true or false, not `{wanted}`",
            f"write `{key}: true`",
        )
    if key == "format" and value.format in _UNSIGNED:
        upper = _UNSIGNED[value.format]
        yield _optional(
            value, "is_unsigned", f"{value.sql} BETWEEN 0 AND {upper}", f"is not from 0 to {upper}"
        )
    if value.has_rule(key):
        yield from _ruled(value, key, wanted)


def _ruled(value: Value, key: str, wanted: object) -> Iterator[Rule]:
    sql, kind = value.sql, value.field.type
    if key in _BOUNDS:
        operator, name, words = _BOUNDS[key]
        if isinstance(wanted, bool) and key.startswith("exclusive"):  # as in ODCS 3.0
            bound = key.removeprefix("exclusive").lower()
            summary = f"{value.label}: `{key}` must be a bound, not `{str(wanted).lower()}`"
            raise _refuse(value, key, summary, f"write the value of `{bound}` there, and remove `{bound}`")
        not_nan = f" AND NOT isnan({sql})" if kind.name in FLOATING else ""
        bound = _literal(value, wanted, key, value.option(key))
        yield _optional(value, name, f"{sql} {operator} {bound}{not_nan}", f"{words} {wanted}")
    elif key in _SIZES:
        condition, name, words = _SIZES[key]
        size = _whole(value, wanted, key)
        yield _optional(value, name, condition.format(sql, size), words.format(size))
    elif key == "pattern":
        pattern = _pattern(value, wanted)
        yield _optional(
            value, "fits_its_pattern", f"{sql} RLIKE {literal(pattern)}", f"does not fit {pattern}"
        )
    elif key == "multipleOf":
        step = _literal(value, wanted, key, value.option(key))
        if not isinstance(wanted, int | float) or wanted <= 0:
            raise _refuse(
                value, key, f"{value.label}: nothing is a multiple of {wanted}", "give a number above 0"
            )
        yield _optional(value, "is_a_multiple", f"{sql} % {step} = 0", f"is no multiple of {wanted}")
    elif wanted:  # uniqueItems
        yield _optional(
            value, "has_distinct_items", f"size(array_distinct({sql})) = size({sql})", "has an item twice"
        )


def _rule(value: Value, suffix: str, condition: str, words: str) -> Rule:
    shown = None if suffix == _GIVEN else value.sql
    return Rule(
        value.rule_name(suffix), condition, f"{value.label} {words}", value=shown, masked=value.is_masked
    )


def _optional(value: Value, suffix: str, condition: str, words: str) -> Rule:
    return _rule(value, suffix, f"{value.sql} IS NULL OR ({condition})", words)


def _literal(value: Value, wanted: object, key: str, place: Node | None) -> str:
    try:
        return sql_literal(wanted, value.field.type, written=place.text if place is not None else None)
    except LiteralError as error:
        fix = f"write a value of type {value.field.type.sql()}"
        raise _refuse(value, key, f"{value.label}: `{key}`: {error}", fix) from None


def _whole(value: Value, wanted: object, key: str) -> int:
    if not isinstance(wanted, int) or isinstance(wanted, bool) or wanted < 0:
        summary = f"{value.label}: `{key}` must be a whole number from 0 on, not `{wanted}`"
        raise _refuse(value, key, summary, f"e.g. `{key}: 10`")
    return wanted


def _pattern(value: Value, wanted: object) -> str:
    if not isinstance(wanted, str):
        raise _refuse(
            value, "pattern", f"{value.label}: `pattern` must be text, not `{wanted}`", "put it into quotes"
        )
    try:
        check_pattern(wanted)
    except PatternError as error:
        summary = f"{value.label}: the pattern is not valid: {error}"
        raise _refuse(value, "pattern", summary, "correct it, e.g. `^[A-Z]{2}$`") from None
    return wanted


def _contradictions(value: Value) -> Iterator[Problem]:
    options: dict[str, Any] = value.given.logicalTypeOptions or {}
    pairs = [(low, high, low != "minimum" or high != "maximum") for low in _LOWER for high in _UPPER]
    pairs += [("minLength", "maxLength", False), ("minItems", "maxItems", False)]
    for low, high, open_ in pairs:
        both = value.has_rule(low) and low in options and high in options
        if both and _is_empty(value, options[low], options[high], open_=open_):
            yield Problem(
                f"{value.label}: no value has `{low}: {options[low]}` and `{high}: {options[high]}`",
                _place(value, high),
                "correct one of the two",
            )


def _is_empty(value: Value, low: Any, high: Any, *, open_: bool) -> bool:  # noqa: ANN401 - as in the contract
    if isinstance(low, bool) or isinstance(high, bool):  # the rule says what is wrong
        return False
    try:
        if value.field.type.name in MOMENTS:
            low, high = (moment(bound, value.field.type) for bound in (low, high))
        return bool(low > high or (open_ and low == high))
    except (
        LiteralError,
        TypeError,
    ):  # the rule says what is wrong; an offset on one side depends on the session
        return False


def _place(value: Value, key: str) -> str:
    return str(value.node.closest(("enum",) if key == "enum" else ("logicalTypeOptions", key)).origin)


def _refuse(value: Value, key: str, summary: str, fix: str) -> _OptionError:
    return _OptionError(Problem(summary, _place(value, key), fix))
