"""The errors of contracts."""

from collections.abc import Sequence
from dataclasses import dataclass

from databricks_utils.errors import DatabricksUtilsError


class ContractError(DatabricksUtilsError, ValueError):
    """Base of every error about a contract."""


class ContractFileError(ContractError, OSError):
    """Raised when a contract or a fragment of it cannot be read, or is not valid YAML."""


class ContractReferenceError(ContractError, LookupError):
    """Raised when a `$ref` leads nowhere, in a circle, or out of the project."""


class ContractUseError(ContractError):
    """Raised when no table of the medallion can be made of a contract."""


class DataFileError(ContractError, OSError):
    """Raised when a file with data cannot be read: it is missing, cut off, not UTF-8, without a header, or of another kind."""


class DraftError(ContractError, LookupError):
    """Raised when no contract can be drafted from a table: it does not exist, or has no column that a contract can describe."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a contract.

    Attributes:
        summary: What is wrong, in one line.
        location: `file:line`.
        fix: What to write instead.
    """

    summary: str
    location: str
    fix: str


NOT_ALL = "the rest of the contract is checked when these values have the right kind"


class ContractInvalidError(ContractError):
    """Raised when a contract says something that cannot hold; `problems` has each of them, in the order of the file.

    `is_partial` says that values have the wrong kind, so that what the contract means was not looked at yet.
    """

    def __init__(self, name: str, problems: Sequence[Problem], *, is_partial: bool = False) -> None:
        first = problems[0]
        others = [f"{item.location}: {item.summary}; {item.fix}" for item in problems[1:]]
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        super().__init__(
            f"contract {name}: {first.summary}{more}",
            detail="\n".join([*others, *([NOT_ALL] if is_partial else [])]) or None,
            location=first.location,
            fix=first.fix,
        )
        self.problems = tuple(problems)
        self.is_partial = is_partial


def problems_of(error: ContractError) -> tuple[Problem, ...]:
    """Return the problems that an error reports; one that stops the reading is the only one."""
    if isinstance(error, ContractInvalidError):
        return error.problems
    return (Problem(error.summary, error.location or "", error.fix or ""),)
