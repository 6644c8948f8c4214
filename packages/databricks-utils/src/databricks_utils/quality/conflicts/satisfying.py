"""Whether some row can meet several conditions. A doubt counts as yes, so that a contradiction is never reported where there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from databricks_utils.quality.conflicts.conditions import Atom
from databricks_utils.quality.conflicts.literals import (
    Literal,
    is_plain_word,
    surely_different,
    surely_equal,
    surely_less,
    text_key,
)
from databricks_utils.quality.conflicts.terms import columns_of

Ways = Sequence[tuple[Atom, ...]]
"""The ways to meet a condition; see `alternatives`."""
_MOST_COMBINATIONS = 4096
_LOWER, _UPPER = (">", ">="), ("<", "<=")
# What means the same in Java's and Python's regular expressions; everything else is a doubt.
_SAFE_PATTERN = re.compile(
    r"(?:[^\\\[\](){}?+*|^$.]|\\[dwsDWS.\-\\/+*?()\[\]{}^$|]|\[(?:[^\\\[\]&^]|\\[dws.\-\\/])+\]|[(){}?+*|^$.])*"
)
_ODD = re.compile(r"\(\?|[+*?}][+*?]|[^\x20-\x7e]")
# Each doubles what is tried, or nearly: Python's engine could take minutes.
_SLOW = re.compile(
    r"\)[*+{]|(?:[*+?]|\{\d*,\d*\}|\|.*\)).*(?:[*+?]|\{\d*,\d*\}|\|.*\)).*(?:[*+?]|\{\d*,\d*\}|\|.*\))"
)
_LONGEST_PADDING, _LONGEST_TEXT = 64, 100


def can_be_met(conditions: Sequence[Ways]) -> bool:
    """Return whether a row can meet all of some conditions.

    Args:
        conditions: The ways to meet each one.
    """
    combinations = 1
    for ways in conditions:
        combinations *= len(ways)
    if combinations > _MOST_COMBINATIONS:
        return True
    return any(_is_possible([atom for way in chosen for atom in way]) for chosen in product(*conditions))


def _is_possible(atoms: Sequence[Atom]) -> bool:
    terms: dict[str, list[Atom]] = {}
    null: set[str] = set()
    known: set[str] = set()
    for atom in atoms:
        found = columns_of(atom.term) if atom.sign != "?" else None
        if found is None:
            continue
        column, as_its_column = found
        if atom.sign == "is null":
            null |= {column} if atom.term == column else set()
        elif as_its_column:
            known.add(column)
        terms.setdefault(atom.term, []).append(atom)
    if null & known:
        return False
    return all(_has_value(each) for each in terms.values())


def _has_value(atoms: Sequence[Atom]) -> bool:
    """Return whether one value can meet all atoms about it."""
    signs = {atom.sign for atom in atoms}
    if "is null" in signs:
        return signs == {"is null"}
    bounds = [(atom.sign, atom.literals[0]) for atom in atoms if atom.sign in (*_LOWER, *_UPPER)]
    lower = [bound for bound in bounds if bound[0] in _LOWER]
    upper = [bound for bound in bounds if bound[0] in _UPPER]
    if any(_is_empty(low, high) for low in lower for high in upper):
        return False
    listed = [atom.literals for atom in atoms if atom.sign in ("=", "in")]
    listed += [
        (low[1],)
        for low in lower
        for high in upper
        if (low[0], high[0]) == (">=", "<=") and surely_equal(low[1], high[1])
    ]
    keys = [{text_key(literal) for literal in each} for each in listed]
    return not listed or any(
        all(_may_be_in(literal, *known) for known in zip(listed, keys, strict=True))
        and not any(_forbids(atom, literal) for atom in atoms)
        for literal in listed[0]
    )


def _is_empty(low: tuple[str, Literal], high: tuple[str, Literal]) -> bool:
    if surely_equal(low[1], high[1]):
        return low[0] == ">" or high[0] == "<"
    return surely_less(high[1], low[1])


def _may_be_in(literal: Literal, others: Sequence[Literal], keys: set[tuple[str, object] | None]) -> bool:
    """Return whether a value may be one of a list, whose texts have some keys."""
    if literal.kind != "text":
        return not all(surely_different(literal, other) for other in others)
    key = text_key(literal)
    kinds = {other and other[0] for other in keys}
    return key is None or key in keys or kinds != {key[0]}


def _forbids(atom: Atom, literal: Literal) -> bool:
    if atom.sign in _LOWER:
        return _is_empty((atom.sign, atom.literals[0]), ("<=", literal))
    if atom.sign in _UPPER:
        return _is_empty((">=", literal), (atom.sign, atom.literals[0]))
    if atom.sign in ("<>", "not in"):
        return any(surely_equal(literal, other) for other in atom.literals)
    if atom.sign == "rlike" and literal.kind == "text":
        return surely_does_not_fit(str(literal.value), str(atom.literals[0].value))
    return False


def surely_does_not_fit(text: str, pattern: str) -> bool:
    r"""Return whether a text, in any case and with blanks at its end, is refused by a pattern of Java's.

    >>> surely_does_not_fit("NL", "^[A-Z]{3}$"), surely_does_not_fit("nl", "^[A-Z]{2}$"), surely_does_not_fit("NL", r"\p{Lu}")
    (True, False, False)
    """
    if len(text) > _LONGEST_TEXT or not text.isascii() or not text.isprintable() or not is_plain_word(text):
        return False
    if not _SAFE_PATTERN.fullmatch(pattern) or _ODD.search(pattern) or _SLOW.search(pattern):
        return False
    try:
        compiled = re.compile(pattern, re.IGNORECASE | re.ASCII)
    except re.error:
        return False
    stripped = text.rstrip(" ")
    return not any(compiled.search(stripped + " " * blanks) for blanks in range(_LONGEST_PADDING))
