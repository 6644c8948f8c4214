"""Unquoted scalars, read as the Databricks CLI reads them.

That is YAML 1.2, so `yes`, `on` and dates stay strings, with the numbers of Go's yaml.v3, so `1_000` is 1000 and
`017` is 17. Source: databricks/cli, libs/dyn/yamlloader/loader.go. A configuration
(`databricks_utils.config.yaml_reader`) leaves such numbers as text.
"""

import re

from lakewright.bundle.model.tree import Plain

_INT = re.compile(r"[-+]?[0-9][0-9_]*\Z")
_BASED_INT = re.compile(r"[-+]?0(x[0-9a-fA-F_]+|o[0-7_]+|b[01_]+)\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_INFINITE = re.compile(r"([-+]?\.inf|\.nan)\Z", re.IGNORECASE)
_LONGEST_NUMBER = 400  # digits; no field takes more, and Python refuses to convert 4300


def parse_scalar(text: str) -> Plain:  # noqa: PLR0911 (one return for each kind of scalar)
    """Return the value of an unquoted scalar.

    Examples:
        >>> parse_scalar("true"), parse_scalar("yes"), parse_scalar("012"), parse_scalar("15.4"), parse_scalar("~")
        (True, 'yes', 12, 15.4, None)
    """
    if text in {"", "~", "null", "Null", "NULL"}:
        return None
    if text.lower() in {"true", "false"} and text in {text.lower(), text.upper(), text.capitalize()}:
        return text.lower() == "true"
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INT.match(text):
        return int(text.replace("_", ""))
    if _BASED_INT.match(text):
        return int(text.replace("_", ""), 0)
    if _FLOAT.match(text):
        return float(text)
    if _INFINITE.match(text):
        return float(text.lower().replace(".", ""))
    return text
