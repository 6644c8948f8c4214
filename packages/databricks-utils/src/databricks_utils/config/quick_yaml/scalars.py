"""What a text without quotes stands for, by the core rules of YAML 1.2."""

import re

from databricks_utils.config.tree import Scalar

_MOST_DIGITS = 4000  # Python reads no longer numbers; they stay text
_INT = re.compile(r"^[-+]?(0|[1-9][0-9]*|0o[0-7]+|0x[0-9a-fA-F]+)$")
_FLOAT = re.compile(
    r"^[-+]?(?=[0-9]*\.|[0-9]+[eE])(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"
    r"|^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$"
)
_BOOL = re.compile(r"^(true|True|TRUE|false|False|FALSE)$")
_NULL = re.compile(r"^(~|null|Null|NULL|)$")
# What is no text begins with one of these.
_FIRST = frozenset("~nNtTfF+-.0123456789")


def scalar(text: str) -> Scalar:
    """Return unquoted text as YAML 1.2 reads it: null, bool, int, float, else text.

    >>> [scalar(text) for text in ("no", "true", "0x10", "012", "1e3", "~")]
    ['no', True, 16, '012', 1000.0, None]
    """
    if text and text[0] not in _FIRST:
        return text
    if _NULL.match(text):
        return None
    if _BOOL.match(text):
        return text.lower() == "true"
    if _INT.match(text) and len(text) <= _MOST_DIGITS:
        return int(text, 0)
    if _FLOAT.match(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text
