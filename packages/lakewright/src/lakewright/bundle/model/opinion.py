"""What another program says about a bundle, beside our own findings."""

from dataclasses import dataclass
from typing import Literal

from lakewright.bundle.model.diagnostic import Location


@dataclass(frozen=True)
class Difference:
    """Something that another program reports and no finding of ours covers.

    Attributes:
        severity: `error` and `warning` count for the exit code like findings; `note` does not.
        summary: What the other program says, in its own words.
        detail: What it adds, or why the two differ.
        location: Where it is written, if the program names a place.
        path: The key path, if the program names one.
        targets: The targets that it holds for.
    """

    severity: Literal["error", "warning", "note"]
    summary: str
    detail: str | None = None
    location: Location | None = None
    path: str | None = None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opinion:
    """The answer of another program, or why there is none.

    Attributes:
        judge: The program, such as `Databricks CLI`.
        version: Its version, where it answered.
        answered: Whether it gave a verdict on each target.
        summary: The answer in one line.
        differences: What it reports and we do not.
    """

    judge: str
    version: str | None
    answered: bool
    summary: str
    differences: tuple[Difference, ...] = ()
