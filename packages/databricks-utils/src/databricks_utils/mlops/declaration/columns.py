"""Which columns of the feature table a model learns from, and which ones identify a row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from databricks_utils.mlops.errors import DeclarationError

CATEGORY, NUMBER = "string", "double"


@dataclass(frozen=True)
class Columns:
    """The columns of a feature table, by their role.

    Attributes:
        keys: Identify a row; never NULL.
        window: Date; the first day of the window of time that the row belongs to.
        label: 0 or 1; NULL where the outcome is not known.
        categories: Features that are given to the model as text.
        numbers: Features that are given to the model as double; NULL becomes NaN.
        carried: Further columns that the predictions keep, e.g. the time at which a prediction is made.

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

    def __post_init__(self) -> None:
        features = (*self.categories, *self.numbers)
        twice = sorted(name for name, count in Counter(features).items() if count > 1)
        problems = [f"`{name}` is named twice" for name in twice]
        if self.label in features:
            problems.append(f"`{self.label}` is the label and a feature")
        if not features or not self.keys:
            problems.append("there must be at least one key and one feature")
        if problems:
            raise DeclarationError(
                f"columns: {'; '.join(problems)}",
                fix="name each feature once, in `categories` or in `numbers`, and leave the label out",
            )

    @property
    def types(self) -> dict[str, str]:
        """Feature → the type in which the model gets it: `string` or `double`."""
        return {**dict.fromkeys(self.categories, CATEGORY), **dict.fromkeys(self.numbers, NUMBER)}

    @property
    def described(self) -> tuple[str, ...]:
        """The columns that a prediction takes over from the feature table: keys, window, and what is carried."""
        return tuple(dict.fromkeys((*self.keys, self.window, *self.carried)))
