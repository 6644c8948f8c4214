"""The refusal of what nobody has granted."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from lakewright.errors import LakewrightError

if TYPE_CHECKING:
    from pathlib import Path

    from databricks_utils.catalog.grants import Decision, GrantsError


class NotGrantedError(LakewrightError, PermissionError):
    """Raised when the principal of this process lacks a privilege; `errno` is that of a refused file."""

    def __init__(self, summary: str, **fields: str | None) -> None:
        super().__init__(summary, **fields)
        self.errno = errno.EACCES
        self.strerror = summary
        self.filename = fields.get("location")


class PrincipalsError(LakewrightError, ValueError):
    """Raised when the list of principals of a lakehouse contradicts itself, so that nobody's groups are known."""


def principals_contradict(error: GrantsError, file: Path) -> PrincipalsError:
    """Return the error of a list of principals.

    Args:
        error: What is wrong with it.
        file: The file.
    """
    return PrincipalsError(
        error.summary,
        location=str(file),
        fix=f"{error.fix}, in `principals` of config/local.yaml; the next run writes the file anew",
    )


def not_granted(decision: Decision, *others: Decision, location: str | None = None) -> NotGrantedError:
    """Return the error of a decision, in the words of the engine.

    Args:
        decision: A decision that is not allowed.
        others: Others that would do as well.
        location: The path or the model that was asked for.
    """
    missing = decision.missing[0]
    words = missing.privilege.replace("_", " ")
    place = f"{missing.securable.kind.words.capitalize()} '{'.'.join(missing.securable.parts)}'"
    return NotGrantedError(
        f"[PERMISSION_DENIED] User {decision.principal} does not have {words} on {place}.",
        location=location,
        fix="\nor: ".join(one.fix for one in (decision, *others)),
    )
