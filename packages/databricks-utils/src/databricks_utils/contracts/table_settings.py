"""What a table's `customProperties` say about its way through the medallion."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.medallion.declaring.drift import Drift
from databricks_utils.nearest import did_you_mean, listing
from databricks_utils.quality.quarantine_limit import is_share

if TYPE_CHECKING:
    from open_data_contract_standard.model import CustomProperty

MISSING, DELIMITER = "missingValues", "delimiter"
_NO_DELIMITERS = frozenset('"\\\r\n\0')


@dataclass(frozen=True)
class TableSettings:
    """The settings of one table.

    Attributes:
        missing: `missingValues`: texts in its files that stand for a missing value.
        drift: `schemaDrift`: what happens to a file with another header.
        path: `landingPath`: the folder of its files in the landing volume; empty: its name.
        delimiter: `delimiter`: the character between the fields of its CSV files; empty: found in their headers.
        max_quarantined_share: `maxQuarantinedShare`: the greatest accepted share of invalid records, 0 to 1; None: as configured.
    """

    missing: tuple[str, ...] = ()
    drift: Drift = Drift.EVOLVE
    path: str = ""
    delimiter: str = ""
    max_quarantined_share: float | None = None


def settings_of(
    given: Sequence["CustomProperty"], node: Node
) -> tuple[TableSettings, list[Problem], list[str]]:
    """Return the settings that custom properties name, what is wrong with them, and a line for each that is nearly one.

    Properties of others are left alone; one that is nearly a setting may be theirs, or misspelled.

    Args:
        given: The custom properties of a table.
        node: The same in the tree of the file.
    """
    settings, problems, notes = TableSettings(), list[Problem](), list[str]()
    for at, item in enumerate(given):
        place = str(node.closest((str(at), "value")).origin)
        name = item.property or ""
        if name not in _READERS:
            if meant := did_you_mean(name, _READERS):
                notes.append(f"the custom property `{name}` is not read; {meant}")
            continue
        field, read, wanted = _READERS[name]
        try:
            settings = replace(settings, **{field: read(item.value)})
        except (TypeError, ValueError):
            problems.append(Problem(f"`{name}` cannot be `{item.value}`", place, f"write {wanted}"))
    return settings, problems, notes


def column_missing(
    columns: "Sequence[tuple[str, Sequence[CustomProperty], Node]]",
) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """Return the columns with `missingValues` of their own, which count instead of those of the table; and what is wrong with them.

    Args:
        columns: Each column's name, its custom properties, and these in the tree of the file.
    """
    found, problems = dict[str, tuple[str, ...]](), list[Problem]()
    for name, given, node in columns:
        for at, item in enumerate(given):
            if item.property == MISSING:
                try:
                    found[name] = (
                        _texts(item.value) if item.value != [] else ()
                    )  # nothing stands for a missing value in it
                except TypeError:
                    place = str(node.closest((str(at), "value")).origin)
                    wanted = f"write {_READERS[MISSING][2]}"
                    problems.append(Problem(f"{name}: `{MISSING}` cannot be `{item.value}`", place, wanted))
    return found, problems


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - as in the file
    """The texts that are meant, but for blank text: without quotes, `null`, `true` and numbers are words in a file too."""
    if not isinstance(value, list) or not value:
        raise TypeError
    texts = tuple(
        "null" if item is None else str(item).lower() if isinstance(item, bool) else str(item).strip()
        for item in value
        if isinstance(item, str | int | float | None)
    )
    if len(texts) != len(value):
        raise TypeError
    return tuple(text for text in texts if text)


def is_delimiter(text: object) -> bool:
    r"""Return whether a text can separate the fields of CSV: one character, but no quote, backslash or end of a line.

    >>> [is_delimiter(text) for text in (";", "\t", "new_line", '"', "")]
    [True, True, False, False, False]
    """
    return isinstance(text, str) and len(text) == 1 and text not in _NO_DELIMITERS


def _delimiter(value: Any) -> str:  # noqa: ANN401 - as in the file
    if not is_delimiter(value):
        raise ValueError
    return str(value)


def _folder(value: Any) -> str:  # noqa: ANN401 - as in the file
    parts = value.split("/")
    if "" in parts or ".." in parts or "." in parts:
        raise ValueError
    return str(value)


def _share(value: Any) -> float:  # noqa: ANN401 - as in the file
    if isinstance(value, bool) or not isinstance(value, int | float) or not is_share(value):
        raise TypeError
    return float(value)


# Name of the property → the field, what reads its value, and what a right value is.
_READERS: dict[str, tuple[str, Callable[[Any], Any], str]] = {
    MISSING: ("missing", _texts, 'a list of texts, e.g. ["NA", "-"]; blank text is always missing'),
    "schemaDrift": ("drift", Drift, f"one of {listing([drift.value for drift in Drift])}"),
    DELIMITER: (
        "delimiter",
        _delimiter,
        'one character, e.g. ";" or "\\t"; no quote, backslash or line break',
    ),
    "landingPath": ("path", _folder, "a folder below the landing volume, e.g. `orders/daily`"),
    "maxQuarantinedShare": ("max_quarantined_share", _share, "a share from 0 to 1, e.g. 0.01"),
}
