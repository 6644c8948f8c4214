"""Literals of SQL, and what is certain about two of them whatever the type of the column that they are compared with.

Spark converts a literal to the column's type: `'01'` equals `'1'` for a column of numbers, 0.1 becomes the nearest FLOAT, a collation may
ignore case. Only what holds in every such case is certain.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from databricks_utils.quality.sql_tokens import Token

_NUMBER = re.compile(r"(?P<number>[\d.]+(?:e[+-]?\d+)?)(?P<suffix>[lsyfd]|bd)?", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPED = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t", "r": "\r"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WORD = re.compile(
    r"(?!t\d|interval|epoch|now|today|tomorrow|yesterday)[a-z][ -~]*", re.IGNORECASE | re.ASCII
)
# Texts that Spark also reads as a value of another type: two of them may be equal there.
_OTHER_VALUES = {
    *("t", "true", "y", "yes", "f", "false", "n", "no"),
    *("nan", "inf", "infinity", "epoch", "now", "today", "tomorrow", "yesterday"),
}
_LARGEST = 300
_LONGEST_SHIFT = timedelta(days=1)
_MOMENTS = {
    "date": "date",
    "timestamp": "timestamp",
    "timestamp_ntz": "timestamp",
    "timestamp_ltz": "timestamp",
}


@dataclass(frozen=True)
class Literal:
    """A value that is written in a condition.

    Attributes:
        kind: `number`, `text`, `boolean`, `date` or `timestamp`.
        value: The value.
        spelling: What distinguishes two literals of one value, such as the suffix of a number.
    """

    kind: str
    value: Decimal | str | bool | date
    spelling: str = ""

    def __str__(self) -> str:
        """Return the literal in one spelling."""
        return f"{self.kind}:{self.value!r}:{self.spelling}"


def literal_of(written: Sequence[Token]) -> Literal | None:
    """Return the literal that some tokens are; None if they are none, or one with a meaning that is not certain here."""
    sign, rest = "", list(written)
    if rest and rest[0].text in ("-", "+"):
        sign, rest = rest[0].text.strip("+"), rest[1:]
        if [token.kind for token in rest] != ["number"]:
            return None
    cast = [token.text.lower() for token in rest]
    if len(cast) > 4 and cast[:2] == ["cast", "("] and cast[-3:] == ["as", "float", ")"]:
        inner = literal_of(rest[2:-3])
        return Literal("number", inner.value, "float") if inner and inner.kind == "number" else None
    if len(rest) == 1:
        return _single(rest[0], sign)
    if len(rest) == 2 and rest[0].text.lower() in _MOMENTS and rest[1].kind == "text":
        return _moment(rest[0].text.lower(), rest[1])
    return None


def surely_equal(one: Literal, other: Literal) -> bool:
    """Return whether two literals are equal for every column."""
    return one == other


def surely_different(one: Literal, other: Literal) -> bool:
    """Return whether no value of any column equals both."""
    if one.kind != other.kind or one == other:
        return False
    if one.kind == "text":
        return _are_different_texts(one, other)
    if one.kind == "boolean":
        return one.value != other.value
    return surely_less(one, other) or surely_less(other, one)


def surely_less(one: Literal, other: Literal) -> bool:  # noqa: PLR0911 - one return a kind
    """Return whether one literal is less than another one for every column that both can be compared with."""
    if one.kind != other.kind:
        return False
    left, right = one.value, other.value
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        if not (_is_whole(one) and _is_whole(other)) and Fraction(right) - Fraction(left) <= 1:
            return False
        return left < right and _as_float(left) < _as_float(right)
    if isinstance(left, datetime) and isinstance(right, datetime):
        if (left.tzinfo is None) != (right.tzinfo is None):
            return False
        return left < right if left.tzinfo else right - left > _LONGEST_SHIFT
    if isinstance(left, date) and isinstance(right, date):
        return left < right
    if isinstance(left, str) and isinstance(right, str):
        return bool(_DAY.fullmatch(left) and _DAY.fullmatch(right)) and left < right
    return False


def _single(token: Token, sign: str) -> Literal | None:
    if token.kind == "number":
        match = _NUMBER.fullmatch(token.text)
        assert match
        return _number(sign, match["number"].lower(), (match["suffix"] or "").lower())
    if token.kind == "text":
        text = _unescaped(token.text)
        return None if text is None else Literal("text", text)
    if token.kind == "word" and token.text.lower() in ("true", "false"):
        return Literal("boolean", token.text.lower() == "true")
    return None


def _number(sign: str, written: str, suffix: str) -> Literal | None:
    """Return a number; its spelling has its form and its decimals, since Spark chooses the type of the comparison by them."""
    try:
        value = Decimal(sign + written)
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or abs(value.adjusted()) > _LARGEST or abs(exponent) > _LARGEST:
        return None
    form = "exponent" if "e" in written else "point" if "." in written else ""
    return Literal("number", value, f"{form}{-exponent if form else ''}{suffix}")


def _unescaped(written: str) -> str | None:
    if written[0] in 'xX"':
        return None
    if written[0] in "rR":
        return written[2:-1] if written[1] == "'" and "'" not in written[2:-1] else None
    found = written[1:-1]
    if "'" in re.sub(_ESCAPE, "", found):
        return None
    if any(escape[0] != "u" and escape not in _ESCAPED for escape in _ESCAPE.findall(found)):
        return None
    return _ESCAPE.sub(
        lambda match: chr(int(match[1][1:], 16)) if len(match[1]) > 1 else _ESCAPED.get(match[1], match[1]),
        found,
    )


def _moment(kind: str, token: Token) -> Literal | None:
    text = _unescaped(token.text) or ""
    try:
        if kind == "date":
            return Literal("date", date.fromisoformat(text)) if _DAY.fullmatch(text) else None
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if kind == "timestamp_ntz" and found.tzinfo:
        return None
    return Literal("timestamp", found.astimezone(UTC) if found.tzinfo else found, kind)


def text_key(literal: Literal) -> tuple[str, object] | None:
    """Return what distinguishes a text from others: two of one kind are surely different if their keys are; None: it is in doubt."""
    text = str(literal.value)
    if literal.kind != "text":
        return None
    if is_plain_word(text):
        return ("word", _folded(text))
    if re.fullmatch(r"[0-9]{1,9}", text):
        return ("whole number", _as_float(Decimal(text)))
    return ("day", text) if _DAY.fullmatch(text) else None


def _are_different_texts(one: Literal, other: Literal) -> bool:
    left, right = text_key(one), text_key(other)
    return left is not None and right is not None and left[0] == right[0] and left[1] != right[1]


def is_plain_word(text: str) -> bool:
    """Return whether a text can only be a text: no number, date or truth value that other texts stand for too."""
    return text.isascii() and bool(_WORD.fullmatch(text.strip())) and _folded(text) not in _OTHER_VALUES


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    """Return a text without what some collation ignores: case, blanks, punctuation (Thai), y or i (Lithuanian)."""
    plain = unicodedata.normalize("NFKD", text.strip()).casefold()
    return "".join(each for each in plain if each.isalnum()).replace("y", "i")


def _is_whole(number: Literal) -> bool:
    value = number.value
    return (
        isinstance(value, Decimal)
        and number.spelling in ("", "l", "s", "y")
        and value == value.to_integral_value()
    )


def _as_float(number: Decimal) -> float:
    """Return the nearest number of 32 bits, as a column of type FLOAT has it."""
    try:
        return float(struct.unpack("f", struct.pack("f", float(number)))[0])
    except OverflowError:
        return float("-inf") if number < 0 else float("inf")
