"""Find rules that repeat each other, and rules that no row can meet together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, combinations, islice

from databricks_utils.quality.annotation import AnyRule
from databricks_utils.quality.bounds import exact, number_of, words
from databricks_utils.quality.checks.check import AnyCheck, Check, Query
from databricks_utils.quality.conflicts.conditions import Condition, alternatives, read
from databricks_utils.quality.conflicts.satisfying import Ways, can_be_met
from databricks_utils.quality.conflicts.terms import columns_of, is_repeatable, spelled
from databricks_utils.quality.rules import Rule, Severity, check_names
from databricks_utils.quality.several_rows.group import Group
from databricks_utils.quality.several_rows.reference import Reference
from databricks_utils.quality.several_rows.unique import Unique
from databricks_utils.quality.sql_tokens import tokens

_MOST_CONTRADICTIONS = 100
AnyExpectation = AnyRule | AnyCheck


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot stand beside each other.

    Attributes:
        kind: `repeats` or `contradicts`; `stopped`: there are more contradictions than these.
        rules: The names of the rules, in their order.
        why: Why, for people.
        fix: What to do.
    """

    kind: str
    rules: tuple[str, ...]
    why: str
    fix: str

    def __str__(self) -> str:
        """Return the conflict in one line."""
        if not self.rules:
            return f"{self.why}; {self.fix}"
        return f"{' and '.join(f'`{name}`' for name in self.rules)}: {self.why}; {self.fix}"


def check_rules(rules: Sequence[AnyExpectation]) -> tuple[Conflict, ...]:
    """Return the rules that repeat or contradict each other, from their text alone: nothing runs.

    Understood are comparisons, BETWEEN, IN, RLIKE and IS [NOT] NULL of a column, or of a simple function of it, with literals, joined by
    AND and OR. What is not understood is never reported; a rule that is a Column is not understood.

    Args:
        rules: Rules and checks of one table.

    Raises:
        DuplicateRuleError: Two rules have the same name.

    Example:
        >>> low, high = Rule("a", "n >= 10", "…"), Rule("b", "n BETWEEN 1 AND 5", "…")
        >>> [(conflict.kind, conflict.rules) for conflict in check_rules([low, high])]
        [('contradicts', ('a', 'b'))]
    """
    check_names(rules)
    conditions = {
        rule.name: tree
        for rule in rules
        if isinstance(rule, Rule)
        and isinstance(rule.expression, str)
        and (tree := read(rule.expression)) is not None
    }
    contradictions = chain(_contradictory(rules, conditions), _disjoint(rules))
    found = (*_repeated(rules, conditions), *islice(contradictions, _MOST_CONTRADICTIONS))
    if next(contradictions, None) is None:
        return found
    why = f"only the first {_MOST_CONTRADICTIONS} contradictions are reported"
    return (*found, Conflict("stopped", (), why, "correct them, and compare the rules again"))


def _repeated(rules: Sequence[AnyExpectation], conditions: dict[str, Condition]) -> Iterator[Conflict]:
    same: dict[object, list[AnyExpectation]] = {}
    for rule in rules:
        key = _identity(rule, conditions)
        if key is not None:
            same.setdefault(key, []).append(rule)
    for found in same.values():
        if len(found) > 1:
            kept, *others = sorted(found, key=_leniency)
            yield Conflict(
                "repeats",
                tuple(rule.name for rule in found),
                "they say the same",
                f"keep `{kept.name}`{_moved_limit(kept, others)} and remove {', '.join(f'`{rule.name}`' for rule in others)}",
            )


def _moved_limit(kept: AnyExpectation, others: Sequence[AnyExpectation]) -> str:
    """Return in words that the rule that is kept needs a limit of the others, else nothing stops the delivery."""
    if isinstance(kept, Check | Query) or kept.severity is Severity.FAIL or kept.limit is not None:
        return ""
    limited = [rule for rule in others if not isinstance(rule, Check | Query) and rule.limit is not None]
    return f" with the limit of `{min(limited, key=_leniency).name}`" if limited else ""


def _leniency(rule: AnyExpectation) -> tuple[object, ...]:
    """Return how lenient a rule is, for sorting: its severity, then its limit."""
    limit = None if isinstance(rule, Check | Query) else rule.limit
    most = (2, 0) if limit is None else (0, limit.rows) if limit.rows is not None else (1, limit.percent)
    order = (Severity.FAIL, Severity.ERROR, Severity.WARNING)
    return (order.index(rule.severity), *most, limit is not None and not limit.reached)


def _identity(rule: AnyExpectation, conditions: dict[str, Condition]) -> object:
    """Return what two rules that say the same have in common; None if that is not known."""
    if isinstance(rule, Rule):
        tree = conditions.get(rule.name)
        return None if tree is None or not is_repeatable(str(tree)) else ("row", str(tree))
    if isinstance(rule, Unique):
        columns, same = _names(rule.columns), _names(rule.same)
        return columns and same is not None and ("unique", frozenset(columns), frozenset(same), rule.existing)
    if isinstance(rule, Reference):
        columns, to = _names(rule.columns), _names(rule.to_columns)
        return columns and to and ("reference", rule.to, frozenset(zip(columns, to, strict=True)))
    if isinstance(rule, Query):
        sql = _text(rule.sql, exact_names=True)
        return sql and ("query", sql, *_bounds(rule))
    measured = _measured(rule)
    return measured and (*measured, *_bounds(rule))


def _measured(rule: Group | Check) -> tuple[object, ...] | None:
    """Return what is measured of which rows; None if it is not known."""
    measure = _text(rule.measure) if isinstance(rule.measure, str) else None
    by = _names(rule.by) if isinstance(rule, Group) else ()
    return None if measure is None or by is None else (rule.kind, frozenset(by), measure)


def _bounds(rule: Group | Check | Query) -> tuple[object, ...]:
    return (*_low(rule), *_high(rule), rule.null_passes)


def _low(rule: Group | Check | Query) -> tuple[int | float | Decimal | None, bool]:
    """The lower bound, and whether it is excluded itself."""
    if isinstance(rule, Group) or rule.more_than is None:
        return number_of(rule.at_least), False
    return number_of(rule.more_than), True


def _high(rule: Group | Check | Query) -> tuple[int | float | Decimal | None, bool]:
    """The upper bound, and whether it is excluded itself."""
    if isinstance(rule, Group) or rule.less_than is None:
        return number_of(rule.at_most), False
    return number_of(rule.less_than), True


def _names(items: Sequence[object]) -> tuple[str, ...] | None:
    """Return the columns without their case; None if one is not given by name."""
    found = tuple(item.lower() for item in items if isinstance(item, str))
    return found if len(found) == len(items) else None


def _text(sql: str, *, exact_names: bool = False) -> str | None:
    found = tokens(sql)
    if found is None:
        return None
    spelling = spelled(
        [token for token in found if token.kind not in ("space", "comment")], exact_names=exact_names
    )
    return spelling if is_repeatable(spelling) else None


def _contradictory(rules: Sequence[AnyExpectation], conditions: dict[str, Condition]) -> Iterator[Conflict]:
    ways = {name: found for name, tree in conditions.items() if (found := alternatives(tree))}
    impossible = [name for name, each in ways.items() if not can_be_met([each])]
    for name in impossible:
        yield Conflict("contradicts", (name,), "no row can meet it", "correct its bounds, or remove the rule")
    by_column: dict[str, list[str]] = {}
    for name, each in ways.items():
        for column in sorted({column for way in each for column in _columns(way)}):
            by_column.setdefault(column, []).append(name)
    seen: set[tuple[str, ...]] = set()
    pairs: set[frozenset[str]] = set()
    order = {rule.name: place for place, rule in enumerate(rules)}
    for size in (2, 3):
        for names in by_column.values():
            usable = sorted((name for name in names if name not in impossible), key=order.__getitem__)
            for chosen in combinations(usable, size) if size == 2 else _with_a_required_one(usable, ways):
                if chosen in seen or any(frozenset(pair) in pairs for pair in combinations(chosen, 2)):
                    continue
                if not can_be_met([ways[name] for name in chosen]):
                    seen.add(chosen)
                    if size == 2:
                        pairs.add(frozenset(chosen))
                    yield Conflict(
                        "contradicts",
                        chosen,
                        f"no row can meet {'both' if size == 2 else 'all three'}",
                        "correct the bounds of one, or remove it",
                    )


def _columns(way: Sequence[object]) -> Iterator[str]:
    for atom in way:
        found = columns_of(atom.term) if atom.sign != "?" else None  # type: ignore[attr-defined]  # atoms
        if found is not None:
            yield found[0]


def _with_a_required_one(names: Sequence[str], ways: Mapping[str, Ways]) -> Iterator[tuple[str, ...]]:
    """Yield the rules in threes of which one only says that a value is given: two others may both allow NULL and nothing else."""
    required = [
        name for name in names if {atom.sign for way in ways[name] for atom in way} == {"is not null"}
    ]
    others = [name for name in names if any(atom.sign == "is null" for way in ways[name] for atom in way)]
    for name in list({tuple(map(str, ways[name])): name for name in reversed(required)}.values()):
        for pair in combinations(others, 2):
            yield tuple(sorted((name, *pair), key=names.index))


def _disjoint(rules: Sequence[AnyExpectation]) -> Iterator[Conflict]:
    """Yield the groups and checks that bound one measure so that no number passes both."""
    measures: dict[object, list[Group | Check]] = {}
    for rule in rules:
        if isinstance(rule, Group | Check) and (measured := _measured(rule)) is not None:
            measures.setdefault(measured, []).append(rule)
    for found in measures.values():
        for one, other in combinations(found, 2):
            if not (one.null_passes and other.null_passes) and (
                _is_above(one, other) or _is_above(other, one)
            ):
                bounds = f"{_words(one)} and {_words(other)}"
                yield Conflict(
                    "contradicts",
                    (one.name, other.name),
                    f"no measure is {bounds}",
                    "correct the bounds of one, or remove it",
                )


def _is_above(one: Group | Check, other: Group | Check) -> bool:
    (least, above), (most, below) = _low(one), _high(other)
    low, high = exact(least), exact(most)
    if low is None or high is None:
        return False
    return low > high or (low == high and (above or below))


def _words(rule: Group | Check) -> str:
    if isinstance(rule, Group):
        return words(rule.at_least, rule.at_most)
    return words(rule.at_least, rule.at_most, more_than=rule.more_than, less_than=rule.less_than)
