"""What a way gets, and what it says about itself."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quality_ways.checks import Check

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Task:
    """One piece of work.

    Attributes:
        spark: The session; its settings are the same for every way.
        orders: The Parquet files of the orders.
        clean: The Parquet files of as many orders without an error.
        customers: The Parquet files of the customers.
        checks: The rules for single rows.
        keys: Whether the orders' key shall be unique too, and their customers known.
        output: An empty folder for what is written.
    """

    spark: "SparkSession"
    orders: Path
    clean: Path
    customers: Path
    checks: tuple[Check, ...]
    keys: bool
    output: Path


@dataclass(frozen=True)
class Outcome:
    """What a way found.

    Attributes:
        valid: Number of valid rows; None if the tool does not split rows.
        quarantined: Number of the other rows; None if the tool does not split rows.
        failures: Number of failed rules over all rows; None if the tool does not count them.
        notes: What it did not do.
    """

    valid: int | None = None
    quarantined: int | None = None
    failures: int | None = None
    notes: str = ""


@dataclass(frozen=True)
class Way:
    """One way to do the task.

    Attributes:
        run: Does it; this is measured. What it returns is handed to `look`.
        look: Looks at what was found; this is not measured.
        needs: The package it needs; empty if none.
        splits: Whether it writes valid and quarantined rows with their reasons.
    """

    run: Callable[[Task], object]
    look: Callable[[Task, object], Outcome]
    needs: str = ""
    splits: bool = True
