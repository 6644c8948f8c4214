"""Rules for single values, which the sections and `databricks_utils.catalog` use."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from databricks_utils.config.secrecy import hide

# Source: Unity Catalog, "Object names": at most 255 characters.
MAX_IDENTIFIER = 255

# A size of memory in the form of the JVM, e.g. `2g`.
MEMORY_SIZE = re.compile(r"^[1-9][0-9]*[kmgtKMGT]$")
_IDENTIFIER = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_PREFIX = re.compile(r"^[A-Za-z0-9_]*$")


class RuleError(ValueError):
    """Raised when a value breaks a rule.

    Attributes:
        fix: The fix, as text.
        key: Path of the wrong key, if the rule concerns several keys; else empty.
    """

    def __init__(self, message: str, *, fix: str, key: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.fix = fix
        self.key = key


def identifier(name: str) -> str:
    """Return `name` if it needs no quotes in a three-level name.

    Unity Catalog also accepts other characters in backticks, but then every tool that builds a name must add the backticks.

    Raises:
        RuleError: It contains another character than letters, digits and `_`, begins with a digit, or is too long.
    """
    if not _IDENTIFIER.fullmatch(name):  # `match` would take a line end after it
        proposal = re.sub(r"^(?=[0-9])|\W", "_", name.strip(), flags=re.ASCII)
        fix = f"write `{proposal}`" if proposal else "give it a name"
        raise RuleError("must be letters, digits and `_`, not beginning with a digit", fix=fix)
    return _short_enough(name)


def identifier_prefix(prefix: str) -> str:
    """Return `prefix` if it is empty or an identifier can begin with it.

    Raises:
        RuleError: It contains another character than letters, digits and `_`, begins with a digit, or is too long.
    """
    if not _PREFIX.fullmatch(prefix) or prefix[:1].isdigit():
        proposal = re.sub(r"^(?=[0-9])|\W", "_", prefix.strip(), flags=re.ASCII)
        raise RuleError(
            "must be letters, digits and `_`, not beginning with a digit", fix=f"write `{proposal}`"
        )
    return _short_enough(prefix)


def _short_enough(name: str) -> str:
    if len(name) > MAX_IDENTIFIER:
        raise RuleError(
            f"has {len(name)} characters; Unity Catalog allows {MAX_IDENTIFIER}", fix="shorten it"
        )
    return name


def _spark_text(value: object) -> object:
    """Return bools and numbers as text that Spark reads."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return value


def _memory_text(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        raise RuleError("needs a unit: k, m, g or t", fix=f"write `{value}g`")
    if isinstance(value, str) and not MEMORY_SIZE.fullmatch(value):
        meant = re.match(r"\s*([1-9][0-9]*)\s*([kmgt])", value, re.IGNORECASE)
        raise RuleError(
            "must be a whole number and a unit, without a space: k, m, g or t",
            fix=f"write `{meant[1]}{meant[2].lower()}`" if meant else "write e.g. `2g`",
        )
    return value


Identifier = Annotated[str, AfterValidator(identifier)]
IdentifierPrefix = Annotated[str, AfterValidator(identifier_prefix)]
Memory = Annotated[str, BeforeValidator(_memory_text)]
SparkSettings = Annotated[
    dict[str, Annotated[str, BeforeValidator(_spark_text)]],
    AfterValidator(hide),
]
