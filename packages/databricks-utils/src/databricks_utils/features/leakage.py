"""An allow-list of features: a model gets only the columns on the list, even if the table has others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from databricks_utils.features.errors import LeakageError
from databricks_utils.nearest import nearest

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class FeatureSet:
    """The columns that are known about an event when its outcome is predicted.

    Attributes:
        known: Columns of the source that are known at prediction time; features may be computed only from these.
        features: The features that a model may get.
        label: The column that is predicted; never a feature.
        known_later: Columns that are known only after the event, with the reason, which the error shows. Columns outside
            `known` and `features` are refused anyway.

    Raises:
        LeakageError: The label, or a column that is known later, is also in `known` or `features`.

    Example:
        >>> delays = FeatureSet(known=("carrier",), features=("carrier",), label="late", known_later={"dep_delay": "…"})
        >>> delays.check(["carrier"])
        ('carrier',)
    """

    known: tuple[str, ...]
    features: tuple[str, ...]
    label: str
    known_later: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._refuse(name for name in (*self.known, *self.features) if name in self.known_later)
        self._refuse(name for name in (*self.known, *self.features) if name == self.label)

    def check(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the columns if all of them are features.

        Args:
            columns: The columns for a model.

        Raises:
            LeakageError: Some columns are not features; the error names each with the reason.
        """
        wanted = tuple(columns)
        self._refuse(name for name in wanted if name not in self.features)
        return wanted

    def project(self, df: "DataFrame", *, keys: Iterable[str] = ()) -> "DataFrame":
        """Select the columns that are known at prediction time, so that later expressions cannot use others.

        Args:
            df: One row for each event; it has the columns `keys` and `known`.
            keys: Columns that identify the event; they are kept, but are not features.

        Returns:
            Grain and rows of `df`; the columns `keys`, then `known`, with their types.

        Raises:
            LeakageError: A key is the label, or is known only later.
        """
        identifying = tuple(keys)
        self._refuse(name for name in identifying if name == self.label or name in self.known_later)
        return df.select(*dict.fromkeys((*identifying, *self.known)))

    def _refuse(self, names: Iterable[str]) -> None:
        refused = tuple(dict.fromkeys(names))
        if refused:
            raise LeakageError(
                f"features: {', '.join(f'`{name}`' for name in refused)} must not be used as a feature",
                detail="\n".join(self._reason(name) for name in refused),
                fix="remove it; if it is known at prediction time, add it to the feature set, with the reason",
            )

    def _reason(self, name: str) -> str:
        if name == self.label:
            return f"{name}: it is the label"
        if name in self.known_later:
            return f"{name}: {self.known_later[name]}"
        near = nearest(name, self.features, limit=1)
        return f"{name}: not on the allow-list" + (f"; did you mean `{near[0]}`?" if near else "")
