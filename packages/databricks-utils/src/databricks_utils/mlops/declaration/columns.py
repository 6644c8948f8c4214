"""The columns of a feature table: which are features, and which identify a row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from databricks_utils.mlops.errors import DeclarationError

CATEGORY, NUMBER = "string", "double"


@dataclass(frozen=True)
class Columns:
    """The columns of a feature table, by their role.

    Attributes:
        keys: Columns that identify a row; never NULL.
        window: Date column with the first day of the row's window of time.
        label: 0 or 1; NULL if the outcome is unknown.
        categories: Features that the model gets as text.
        numbers: Features that the model gets as double; NULL becomes NaN.
        carried: Other columns that the predictions copy, e.g. the time of the prediction.
        group: Column whose rows of one value belong together, e.g. the day: their outcomes have common causes, so that the
            gate draws them together. None if the outcomes of all rows are independent.
        window_is_fixed: Whether a row stays in its window for ever, e.g. because the window is the month of a key column. Then
            monitoring measures only the windows with new predictions or outcomes; else it measures all windows each time.

    Raises:
        DeclarationError: A feature is named twice, or the label is a feature.

    Example:
        >>> columns = Columns(keys=("id",), window="month", label="late", categories=("carrier",), numbers=("seats",))
        >>> columns.types
        {'carrier': 'string', 'seats': 'double'}
    """

    keys: tuple[str, ...]
    window: str
    label: str
    categories: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    group: str | None = None
    window_is_fixed: bool = False

    def __post_init__(self) -> None:
        features = (*self.categories, *self.numbers)
        twice = sorted(name for name, count in Counter(features).items() if count > 1)
        problems = [f"`{name}` is named twice" for name in twice]
        if self.label in features:
            problems.append(f"`{self.label}` is both the label and a feature")
        if not features or not self.keys:
            problems.append("there must be at least one key and one feature")
        if problems:
            raise DeclarationError(
                f"columns: {'; '.join(problems)}",
                fix="name each feature once, in `categories` or in `numbers`, and leave the label out",
            )

    @property
    def types(self) -> dict[str, str]:
        """Feature → its type in the model: `string` or `double`."""
        return {**dict.fromkeys(self.categories, CATEGORY), **dict.fromkeys(self.numbers, NUMBER)}

    @property
    def of_training(self) -> tuple[str, ...]:
        """The columns that training and evaluation read from the feature table."""
        group = (self.group,) if self.group else ()
        return tuple(dict.fromkeys((*self.described, *self.types, self.label, *group)))

    @property
    def described(self) -> tuple[str, ...]:
        """The columns that a prediction copies from the feature table: keys, window and carried columns."""
        return tuple(dict.fromkeys((*self.keys, self.window, *self.carried)))
