"""A guard at the door of the model: only columns on an allow-list enter, whatever a table may hold."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from databricks_utils.features.errors import LeakageError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class FeatureSet:
    """What is known of an event when its outcome is predicted.

    Attributes:
        known: Columns of the source that are known at prediction time; the only ones features may be computed from.
        features: The names that may be given to a model.
        label: What is predicted; never a feature.
        known_later: Columns that are known only afterwards, with the reason; only for a better message, since whatever is
            not in `known` or `features` is refused.

    Raises:
        LeakageError: The set contradicts itself.

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
        """Return the columns if every one of them is a feature.

        Args:
            columns: What is about to be given to a model.

        Raises:
            LeakageError: Names each column that may not enter, and why.
        """
        wanted = tuple(columns)
        self._refuse(name for name in wanted if name not in self.features)
        return wanted

    def project(self, df: "DataFrame", *, keys: Iterable[str] = ()) -> "DataFrame":
        """Keep only what is known at prediction time, so that no later expression can reach anything else.

        Args:
            df: The source, one row an event.
            keys: Columns that identify the event; kept, though they are no features.

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
                f"features: {', '.join(f'`{name}`' for name in refused)} may not enter the model",
                detail="\n".join(self._reason(name) for name in refused),
                fix="take it out; if it is known at prediction time, add it to the feature set's allow-list and say why",
            )

    def _reason(self, name: str) -> str:
        if name == self.label:
            return f"{name}: it is the label"
        if name in self.known_later:
            return f"{name}: {self.known_later[name]}"
        near = difflib.get_close_matches(name, self.features, n=1)
        return f"{name}: not on the allow-list" + (f"; did you mean `{near[0]}`?" if near else "")
