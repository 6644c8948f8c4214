"""Scalars of YAML, read as the Databricks CLI reads them.

The kinds are those of Go's yaml.v3: `yes` and `on` are text, `017` is 17, `1_000` is 1000. What the CLI refuses
is refused here: `1__0` looks like a number, but is none. Source: databricks/cli, libs/dyn/yamlloader/loader.go,
and go.yaml.in/yaml/v3, resolve.go. A configuration (`databricks_utils.config.yaml_reader`) leaves such numbers as text.
"""

import datetime
import math
import re

from lakewright.bundle.model.tree import Plain

_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLS = {spelling(word) for word in ("true", "false") for spelling in (str.lower, str.upper, str.capitalize)}
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_INT = re.compile(
    r"[-+]?(0|[1-9](_?[0-9])*|0(_?[0-7])+|0[xX](_?[0-9a-fA-F])+|0[oO](_?[0-7])+|0[bB](_?[01])+)"
)
_DIGITS = r"[0-9](?:_?[0-9])*"
_FLOAT = re.compile(rf"[-+]?(?:\.{_DIGITS}|{_DIGITS}(?:\.(?:{_DIGITS})?)?)(?:[eE][-+]?{_DIGITS})?")
_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})?)?"
)
_LONGEST_NUMBER = 400  # digits; no field takes more, and Python refuses to convert 4300
_INT64 = range(-(2**63), 2**63)
_UINT64 = range(2**64)


class ScalarError(ValueError):
    """Raised for a value that looks like a number, or is tagged as one, and is none."""


def kind_of(text: str) -> str:
    """Return what an unquoted scalar is: `null`, `bool`, `int`, `float`, `timestamp` or `str`.

    Examples:
        >>> kind_of("true"), kind_of("yes"), kind_of("2024"), kind_of("2024-01-31"), kind_of("1e400")
        ('bool', 'str', 'int', 'timestamp', 'str')
    """
    if text in _NULLS:
        return "null"
    if text in _BOOLS:
        return "bool"
    if _INFINITE.fullmatch(text):
        return "float"
    if len(text) > _LONGEST_NUMBER or text[0] not in "0123456789+-.":
        return "str"
    return _kind_of_number(text)


def _kind_of_number(text: str) -> str:
    """Return the kind of a text that begins like a number; Go drops its underscores before it looks."""
    if _is_date(text):
        return "timestamp"
    bare = text if text.startswith(".") else text.replace("_", "")
    if _INT.fullmatch(bare) and (
        _integer(bare) in _INT64 or (bare[0].isdigit() and _integer(bare) in _UINT64)
    ):
        return "int"
    return "float" if _FLOAT.fullmatch(bare) and math.isfinite(float(bare)) else "str"


def parse_scalar(text: str, kind: str | None = None) -> Plain:
    """Return the value of an unquoted scalar.

    Args:
        text: The scalar.
        kind: What its tag says it is, such as `int` for `!!int`; without one, what it looks like.

    Raises:
        ScalarError: The text is not a value of its kind.

    Examples:
        >>> parse_scalar("true"), parse_scalar("yes"), parse_scalar("012"), parse_scalar("15.4"), parse_scalar("~")
        (True, 'yes', 12, 15.4, None)
    """
    kind = kind or kind_of(text)
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind == "int" and (value := _int64(text)) is not None:
        return value
    if kind == "float":
        return _float(text)
    if kind in {"str", "timestamp"}:
        return text
    raise ScalarError(f"`{text}` is not a value of the kind `{kind}`")


def _int64(text: str) -> int | None:
    """Return a whole number of 64 bits, or None; leading zeros do not make a number octal."""
    stripped = text.lstrip("0")
    if re.fullmatch(r"[-+]?[0-9]+", stripped):
        value = int(stripped)
    elif _INT.fullmatch(text):
        value = _integer(text)
    else:
        return None
    return value if value in _INT64 else None


def _integer(text: str) -> int:
    """Return a number in Go's spelling; a leading zero makes it octal."""
    digits = text.lower().lstrip("+-").replace("_", "")
    octal = digits[0] == "0" and digits.isdigit()
    value = int(digits, 8) if octal else int(digits, 0)
    return -value if text.startswith("-") else value


def _float(text: str) -> float:
    if _INFINITE.fullmatch(text):
        return float(text.lower().replace(".", ""))
    if not _FLOAT.fullmatch(text):
        raise ScalarError(f"`{text}` is not a number")
    return float(text)


def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    try:
        return found is not None and bool(datetime.date(int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        return False
