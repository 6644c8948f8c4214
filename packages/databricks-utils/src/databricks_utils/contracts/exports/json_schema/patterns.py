r"""Patterns of Java in the words of ECMAScript, as `new RegExp(pattern, "u")` reads them, which JSON Schema recommends.

Java takes a backslash before any sign, `\pL`, and a bracket that closes nothing; ECMAScript refuses these, and has no possessive
quantifiers, flags or intersections of classes. What is left different: `$` stands before a line break at the end in Java, and `\s` has
more blanks in ECMAScript.

Source: the documentation of java.util.regex.Pattern, and https://tc39.es/ecma262/#sec-patterns with the flag u.
"""

import re

from databricks_utils.contracts.exports.json_schema.java_classes import ASCII, BLANKS, unicode_property

_SYNTAX = frozenset("^$\\.*+?()[]{}|")
_SAME = frozenset("dDwWsStnrf")  # escapes that say the same in both
_CODES = {"a": 7, "e": 27}
_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})\??(?!\+)")
_GROUP = re.compile(r"\(\?(?::|=|!|<=|<!|<([a-zA-Z][a-zA-Z0-9]*)>)")
_NUMBERS = {
    "x": re.compile(r"([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\}"),
    "u": re.compile("([0-9a-fA-F]{4})()"),
    "0": re.compile("([0-3]?[0-7]{1,2})()"),
}
_LAST = 0x10FFFF
_LOOKING = ("(?=", "(?!", "(?<=", "(?<!")
_CLASS_SIGNS = frozenset("\\]^-[")


def in_ecmascript(pattern: str) -> str | None:
    r"""Return a pattern in the words of ECMAScript; None if it has none for something in it, or no sense.

    >>> print(in_ecmascript(r"^\d{3}\-\d{4}$"), in_ecmascript(r"^[A-Z]+\@x$"), in_ecmascript(r"^\pL+$"), in_ecmascript("(?i)a"))
    ^\d{3}-\d{4}$ ^[A-Z]+@x$ ^\p{L}+$ None
    """
    try:
        return _Translation(pattern).whole()
    except _NotPossibleError:
        return None


class _NotPossibleError(ValueError):
    """Raised when a part of a pattern has no words in ECMAScript."""


class _Translation:
    """One pattern, and how far it has been read."""

    def __init__(self, pattern: str) -> None:
        self._text = _without_quotes(pattern)
        self._at = 0
        self._groups = 0  # so far
        self._names: set[str] = set()

    def whole(self) -> str:
        """Return all of it."""
        parts, opened, repeatable = list[str](), list[bool](), False
        while self._at < len(self._text):
            char = self._text[self._at]
            if found := _QUANTIFIER.match(self._text, self._at):
                self._require(repeatable)
                part, repeatable = self._taken(found), False
            elif char == "(":
                part = self._group()
                opened.append(part not in _LOOKING)
                repeatable = False
            elif char == ")":
                self._require(bool(opened))
                part, repeatable = self._next(), opened.pop()
            elif char in "^$|":
                part, repeatable = self._next(), False
            else:
                part, repeatable = self._one(char)
            parts.append(part)
        self._require(not opened)
        return "".join(parts)

    def _one(self, char: str) -> tuple[str, bool]:
        r"""What stands for one character, and whether it does: `\b` stands for none."""
        if char == "[":
            return self._class(), True
        if char == "\\":
            return self._escape(inside=False)
        self._require(char not in "*+?{")
        return (f"\\{self._next()}" if char in "]}" else self._next()), True

    def _group(self) -> str:
        if not self._text.startswith("(?", self._at):
            self._groups += 1
            return self._next()
        found = _GROUP.match(self._text, self._at)
        if found is None:
            raise _NotPossibleError
        if found[1]:
            self._groups += 1
            self._names.add(found[1])
        return self._taken(found)

    def _class(self) -> str:
        """A class in brackets; `-` between two characters is a range, else a character."""
        parts, first = [self._next()], True
        if self._text.startswith("^", self._at):
            parts.append(self._next())
        while first or not self._text.startswith("]", self._at):
            low, is_char = self._member()
            if (
                is_char
                and self._text[self._at : self._at + 1] == "-"
                and self._text[self._at + 1 : self._at + 2] not in ("]", "")
            ):
                self._next()
                high, is_char = self._member()
                self._require(is_char and _code(low) <= _code(high))
                low = f"{low}-{high}"
            parts.append(low)
            first = False
        return "".join([*parts, self._next()])

    def _member(self) -> tuple[str, bool]:
        """One member of a class, and whether it is one character."""
        self._require(self._at < len(self._text) and not self._text.startswith(("[", "&&"), self._at))
        if self._text[self._at] == "\\":
            return self._escape(inside=True)
        char = self._next()
        return (f"\\{char}" if char in _CLASS_SIGNS else char), True

    def _escape(self, *, inside: bool) -> tuple[str, bool]:
        self._next()
        self._require(self._at < len(self._text))
        char = self._next()
        if char in "pP":
            return self._property(char, inside=inside), not inside
        if char in "xu0c" or char in _CODES:
            return _written(self._number(char)), True
        if char in BLANKS:
            return (BLANKS[char] if inside else f"[{BLANKS[char]}]"), not inside
        if char in _SAME:
            return f"\\{char}", char in "tnrf" or not inside
        if char.isascii() and char.isalnum():
            self._require(not inside)
            return self._place(char)
        return _sign(char, inside=inside), True

    def _place(self, char: str) -> tuple[str, bool]:
        """What refers to a group or stands between characters."""
        if char in "bB" and not self._text.startswith("{", self._at):
            return f"\\{char}", False
        if char in "Az":
            return {"A": "^", "z": "$"}[char], False
        if char == "k" and (found := re.compile(r"<(\w+)>").match(self._text, self._at)):
            self._require(found[1] in self._names)
            return f"\\k{self._taken(found)}", True
        self._require(char in "123456789" and int(char) <= self._groups)
        follows = self._text[self._at : self._at + 1].isdecimal()
        self._require(not follows or int(char + self._text[self._at]) > self._groups)
        return f"\\{char}{'(?:)' if follows else ''}", not follows

    def _property(self, char: str, *, inside: bool) -> str:
        found = re.compile(r"\{(\w+)\}|(\w)").match(self._text, self._at)
        if found is None:
            raise _NotPossibleError
        name = found[1] or found[2]
        self._taken(found)
        if name in ASCII:
            self._require(not inside or char == "p")
            return ASCII[name] if inside else f"[{'^' if char == 'P' else ''}{ASCII[name]}]"
        known = unicode_property(name)
        if known is None:
            raise _NotPossibleError
        return f"\\{char}{{{known}}}"

    def _number(self, kind: str) -> int:
        """The character that a number stands for."""
        if kind in _CODES:
            return _CODES[kind]
        if kind == "c":
            self._require(self._at < len(self._text))
            return ord(self._next()) ^ 64
        found = _NUMBERS[kind].match(self._text, self._at)
        if found is None:
            raise _NotPossibleError
        self._taken(found)
        code = int(found[1] or found[2], 8 if kind == "0" else 16)
        self._require(code <= _LAST)
        return code

    def _next(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _taken(self, found: re.Match[str]) -> str:
        self._at = found.end()
        return found[0]

    def _require(self, holds: bool) -> None:  # noqa: FBT001 - one condition
        if not holds:
            raise _NotPossibleError


def _without_quotes(pattern: str) -> str:
    r"""The pattern with a backslash before each sign between `\Q` and `\E`."""

    def meant(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        return "".join(char if char.isalnum() else f"\\{char}" for char in found[1])

    return re.sub(r"\\Q(.*?)(?:\\E|$)|\\.", meant, pattern, flags=re.DOTALL)


def _written(code: int) -> str:
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\u{{{code:x}}}"


def _sign(char: str, *, inside: bool) -> str:
    return f"\\{char}" if char in (_CLASS_SIGNS if inside else _SYNTAX) else char


def _code(member: str) -> int:
    """The character that a member of a class is."""
    if member[:2] in ("\\x", "\\u"):
        return int(member[2:].strip("{}"), 16)
    return ord({"t": "\t", "n": "\n", "r": "\r", "f": "\f"}.get(member[1:], member[-1]))
