"""Conditions as a tree: what can be understood of a boolean SQL text; the rest stays text in one spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from databricks_utils.quality.conflicts.literals import Literal, literal_of
from databricks_utils.quality.conflicts.terms import spelled
from databricks_utils.quality.sql_tokens import Token, tokens

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
_SAME = {"==": "=", "!=": "<>"}
_ENDS = frozenset({"and", "or"})
_PREDICATES = frozenset({"is", "in", "not", "between", "rlike", "regexp", "like", "ilike", "similar"})
_MOST_ALTERNATIVES = 64
_DEEPEST = 100


@dataclass(frozen=True)
class Atom:
    """One comparison of a value with literals.

    Attributes:
        term: The compared value in one spelling.
        sign: `=`, `<>`, `<`, `<=`, `>`, `>=`, `in`, `not in`, `rlike`, `is null`, `is not null`; `?`: it is not understood, and the
            term is all of it.
        literals: What it is compared with.
    """

    term: str
    sign: str
    literals: tuple[Literal, ...] = ()

    def __str__(self) -> str:
        """Return the atom in one spelling."""
        return f"{self.term} {self.sign} {', '.join(sorted(map(str, self.literals)))}"


@dataclass(frozen=True)
class Both:
    """Conditions joined by `word`: AND or OR."""

    word: str
    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        """Return the condition in one spelling: the order of its parts, and a part that occurs twice, do not count."""
        return f"({f' {self.word} '.join(sorted({str(part) for part in self.parts}))})"


Condition = Atom | Both


def read(sql: str) -> Condition | None:
    """Return the tree of a condition; None if its tokens cannot be read."""
    found = tokens(sql)
    if found is None or "${" in sql:
        return None
    written = [token for token in found if token.kind not in ("space", "comment")]
    if max((depth for _, _, depth in _depths(written)), default=0) > _DEEPEST:
        return None
    return _whole(written)


def alternatives(condition: Condition) -> list[tuple[Atom, ...]] | None:
    """Return the ways to meet a condition: it is true if all atoms of one of them are; None if there are too many."""
    if isinstance(condition, Atom):
        return [(condition,)]
    parts = [alternatives(part) for part in condition.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if condition.word == "or":
        found = [way for part in known for way in part]
    else:
        count = 1
        for part in known:
            count *= len(part)
        if count > _MOST_ALTERNATIVES:
            return None
        found = [tuple(atom for way in ways for atom in way) for ways in product(*known)]
    return found if len(found) <= _MOST_ALTERNATIVES else None


def _whole(written: Sequence[Token]) -> Condition:
    for word in ("or", "and"):
        parts = _split(written, word)
        if len(parts) > 1:
            return _joined(word, [_whole(part) for part in parts])
    if len(inner := _unwrapped(written)) < len(written):
        return _whole(inner)
    return _atom(written)


def _joined(word: str, parts: Sequence[Condition]) -> Condition:
    flat: list[Condition] = []
    for part in parts:
        flat += part.parts if isinstance(part, Both) and part.word == word else [part]
    return Both(word, tuple(flat))


def _split(written: Sequence[Token], word: str) -> list[Sequence[Token]]:
    """Return the parts between a word that stands in no brackets and in no CASE; the AND of BETWEEN does not count."""
    parts, start, between = [], 0, 0
    for place, text, depth in _depths(written):
        if depth:
            continue
        if text == "between":
            between += 1
        elif text == "and" and between:
            between -= 1
        elif text == word:
            parts.append(written[start:place])
            start = place + 1
    return [*parts, written[start:]]


def _depths(written: Sequence[Token]) -> list[tuple[int, str, int]]:
    found, depth = [], 0
    for place, token in enumerate(written):
        text = token.text.lower() if token.kind in ("word", "sign") else ""
        if text in (")", "]", "}", "end"):
            depth -= 1
        found.append((place, text, depth))
        if text in ("(", "[", "{", "case"):
            depth += 1
    return found


def _unwrapped(written: Sequence[Token]) -> Sequence[Token]:
    """Return what is inside of brackets around the whole."""
    if len(written) > 2 and written[0].text == "(" and written[-1].text == ")":
        closed = [place for place, text, depth in _depths(written) if text == ")" and depth == 0]
        if closed == [len(written) - 1]:
            return written[1:-1]
    return written


def _atom(written: Sequence[Token]) -> Condition:
    if written and written[0].text.lower() in ("not", "!"):
        return _unknown(written)
    for place, text, depth in _depths(written):
        if depth or place == 0:
            continue
        left, right = written[:place], written[place + 1 :]
        sign = _SAME.get(text, text)
        if sign in _FLIPPED:
            return _comparison(left, sign, right) or _unknown(written)
        if text in _PREDICATES:
            return _predicate(left, text, right) or _unknown(written)
    return _unknown(written)


def _unknown(written: Sequence[Token]) -> Atom:
    return Atom(spelled(written), "?")


def _comparison(left: Sequence[Token], sign: str, right: Sequence[Token]) -> Atom | None:
    if any(token.text in ("<", ">", "=", "<=", ">=", "<>", "!=", "==", "<=>") for token in right):
        return None
    if (literal := _literal(right)) is not None and _literal(left) is None:
        return Atom(spelled(left), sign, (literal,))
    if (literal := _literal(left)) is not None and _literal(right) is None:
        return Atom(spelled(right), _FLIPPED[sign], (literal,))
    return None


def _predicate(left: Sequence[Token], word: str, right: Sequence[Token]) -> Condition | None:  # noqa: PLR0911 - one return a kind
    words = [token.text.lower() for token in right]
    if word == "is" and words in (["null"], ["not", "null"]):
        return Atom(spelled(left), f"is {' '.join(words)}")
    if word == "in" or (word == "not" and words[:1] == ["in"]):
        listed = _listed(right if word == "in" else right[1:])
        if listed is None:
            return None
        signs = ("in", "=") if word == "in" else ("not in", "<>")
        return Atom(spelled(left), signs[len(listed) == 1], listed)
    if word == "between":
        middle = [place for place, text, depth in _depths(right) if text == "and" and depth == 0]
        if len(middle) != 1:
            return None
        low, high = _literal(right[: middle[0]]), _literal(right[middle[0] + 1 :])
        if low is None or high is None:
            return None
        return Both("and", (Atom(spelled(left), ">=", (low,)), Atom(spelled(left), "<=", (high,))))
    if word in ("rlike", "regexp") and (pattern := _literal(right)) is not None and pattern.kind == "text":
        return Atom(spelled(left), "rlike", (pattern,))
    return None


def _listed(written: Sequence[Token]) -> tuple[Literal, ...] | None:
    if len(written) < 3 or written[0].text != "(" or len(_unwrapped(written)) == len(written):
        return None
    parts: list[list[Token]] = [[]]
    for place, text, depth in _depths(inner := _unwrapped(written)):
        if text == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(inner[place])
    found = [_literal(part) for part in parts]
    known = tuple(literal for literal in found if literal is not None)
    return known if len(known) == len(found) else None


def _literal(written: Sequence[Token]) -> Literal | None:
    inner = written
    while len(shorter := _unwrapped(inner)) < len(inner):
        inner = shorter
    return literal_of(inner)
