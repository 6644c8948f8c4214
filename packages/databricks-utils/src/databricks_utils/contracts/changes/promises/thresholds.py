"""The threshold of a quality check as the set of results that it accepts, so that two can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from databricks_utils.config.tree import Node
from databricks_utils.contracts.reading.shape import data_of

OPERATORS = (
    "mustBe",
    "mustNotBe",
    "mustBeGreaterThan",
    "mustBeGreaterOrEqualTo",
    "mustBeLessThan",
    "mustBeLessOrEqualTo",
    "mustBeBetween",
    "mustNotBeBetween",
)
_INFINITE = Decimal("Infinity")


@dataclass(frozen=True, order=True)
class Edge:
    """A point between two results: just before a number, or just behind it."""

    number: Decimal
    is_behind: bool


_FIRST, _LAST = Edge(-_INFINITE, is_behind=False), Edge(_INFINITE, is_behind=True)
Accepted = tuple[tuple[Edge, Edge], ...]  # from one edge to the other, in order, without common points


def accepted_by(check: Node, *, counts: bool) -> Accepted | None:
    """Return the results that a check accepts; None if its threshold is not made of numbers.

    `mustBeBetween` includes its ends, as it does where checks are executed.

    Args:
        check: The check in the tree of its file.
        counts: Whether its results are numbers of rows: whole, and none below 0.
    """
    found: Accepted = ((_FIRST, _LAST),)
    for operator in OPERATORS:
        given = check.at((operator,))
        if given is None or given.value is None:
            continue
        value = data_of(given)
        numbers = [_number(item) for item in (value if isinstance(value, list) else [value])]
        known = [number for number in numbers if number is not None]
        if len(known) != len(numbers) or len(known) != (2 if operator.endswith("Between") else 1):
            return None
        found = _both(found, _accepted(operator, known))
    return _whole(found) if counts else found


def contains(outer: Accepted, inner: Accepted) -> bool:
    """Return whether every result of one set is in the other."""
    return _both(outer, inner) == inner


def _accepted(operator: str, numbers: Sequence[Decimal]) -> Accepted:
    first, last = numbers[0], numbers[-1]
    return {
        "mustBe": lambda: _span(Edge(first, is_behind=False), Edge(first, is_behind=True)),
        "mustNotBe": lambda: _except(Edge(first, is_behind=False), Edge(first, is_behind=True)),
        "mustBeGreaterThan": lambda: _span(Edge(first, is_behind=True), _LAST),
        "mustBeGreaterOrEqualTo": lambda: _span(Edge(first, is_behind=False), _LAST),
        "mustBeLessThan": lambda: _span(_FIRST, Edge(first, is_behind=False)),
        "mustBeLessOrEqualTo": lambda: _span(_FIRST, Edge(first, is_behind=True)),
        "mustBeBetween": lambda: _span(Edge(first, is_behind=False), Edge(last, is_behind=True)),
        "mustNotBeBetween": lambda: _except(Edge(first, is_behind=True), Edge(last, is_behind=False)),
    }[operator]()


def _span(start: Edge, end: Edge) -> Accepted:
    return ((start, end),) if start < end else ()


def _except(start: Edge, end: Edge) -> Accepted:
    return (*_span(_FIRST, start), *_span(end, _LAST)) if start < end else ((_FIRST, _LAST),)


def _whole(accepted: Accepted) -> Accepted:
    """The whole numbers from 0 on in a set, each part from its first to its last number: `> 0` and `>= 1` are the same."""
    found: list[tuple[Edge, Edge]] = []
    for start, end in _both(accepted, _span(Edge(Decimal(0), is_behind=False), _LAST)):
        first = start.number.to_integral_value(ROUND_CEILING) if start.number.is_finite() else start.number
        last = end.number.to_integral_value(ROUND_FLOOR) if end.number.is_finite() else end.number
        first += first == start.number and start.is_behind
        last -= last == end.number and not end.is_behind
        if first > last:
            continue
        if found and found[-1][1].number + 1 == first:
            first = found.pop()[0].number
        found.append((Edge(first, is_behind=False), Edge(last, is_behind=True)))
    return tuple(found)


def _both(one: Accepted, other: Accepted) -> Accepted:
    common = (_span(max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple(sorted(span for spans in common for span in spans))


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    found = Decimal(str(value))
    return None if found.is_nan() else found
