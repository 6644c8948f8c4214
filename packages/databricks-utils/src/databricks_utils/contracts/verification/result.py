"""The result of checking one table against its contract, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["passed", "failed", "skipped"]
MASK = "***"


@dataclass(frozen=True)
class Example:
    """One row that failed.

    Attributes:
        keys: The columns of the key with their values as text; masked where the contract classifies the column.
        value: The offending value as text; `***` where the contract classifies the column.
    """

    keys: Mapping[str, str]
    value: str


@dataclass(frozen=True)
class RuleFailure:
    """A rule that some rows fail.

    Attributes:
        rule: Its name.
        reason: What is wrong with these rows.
        failed: Their number.
        rate: Their share of all rows, 0 to 1.
        is_warning: Whether the contract only warns of them: then the table passes.
        examples: Up to three of them.
    """

    rule: str
    reason: str
    failed: int
    rate: float
    is_warning: bool
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Duplicates:
    """Values that are there more than once though the contract promises each once.

    Attributes:
        columns: The columns.
        values: The number of these values.
        rows: The number of their rows.
        examples: Up to three of them; `value` is the number of rows.
    """

    columns: tuple[str, ...]
    values: int
    rows: int
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class CheckFailure:
    """A check of the whole table that found its number out of bounds.

    Attributes:
        check: Its name.
        words: What it means, the number, and the bounds.
        is_warning: Whether the contract only warns of it: then the table passes.
    """

    check: str
    words: str
    is_warning: bool


@dataclass(frozen=True)
class TableResult:
    """The result of checking one table.

    Attributes:
        table: The table, or the folder of files.
        contract: The contract's file.
        status: `passed`, `failed`, or `skipped` if nothing was checked.
        reason: Why it was skipped, or could not be checked at all.
        fix: What to do about that.
        rows: The number of rows that were checked.
        rules: The number of rules and checks, uniqueness of keys and relationships included.
        differences: What of the columns is not as in the contract; one line each.
        notes: What a reader should know and is no failure; one line each.
        problems: What is wrong with the contract itself, each with its line.
        failures: The rules that rows fail.
        duplicates: The keys that are not unique.
        checks: The checks of the whole table that fail.
    """

    table: str
    contract: str
    status: Status
    reason: str = ""
    fix: str = ""
    rows: int = 0
    rules: int = 0
    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    failures: tuple[RuleFailure, ...] = field(default=())
    duplicates: tuple[Duplicates, ...] = field(default=())
    checks: tuple[CheckFailure, ...] = field(default=())
