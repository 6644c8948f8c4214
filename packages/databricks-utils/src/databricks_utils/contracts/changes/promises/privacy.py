"""Changes of a column's classification."""

from collections.abc import Iterator

from databricks_utils.config.tree import Data
from databricks_utils.contracts.changes.attributes import data_at, same, shown
from databricks_utils.contracts.changes.change import Change, Spot

# The standard allows any word; these are known, the most public first.
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"public", "open", "unclassified"}),
    frozenset({"internal", "private", "company"}),
    frozenset({"confidential", "sensitive", "pii", "personal"}),
    frozenset(
        {"restricted", "secret", "strictly confidential", "highly confidential", "phi", "sensitive pii"}
    ),
)


def compare_classification(spot: Spot) -> Iterator[Change]:
    """Yield the change of a classification; a column without one counts as one of unknown confidentiality.

    Args:
        spot: The place of the column.
    """
    old, new = (data_at(spot.old, "classification"), data_at(spot.new, "classification"))
    if same(old, new):
        return
    before, now = _rank(old), _rank(new)
    kind = "classification_changed"
    if before is not None and now is not None:
        kind = (
            "text_changed"
            if before == now
            else "classification_raised"
            if now > before
            else "classification_lowered"
        )
    summary = f"classification: {shown(old or 'none')} → {shown(new or 'none')}"
    place = spot.at("classification")
    yield place.change(kind, summary, old, new) if new is not None else place.removed(kind, summary, old)


def _rank(value: Data) -> int | None:
    word = " ".join(str(value).lower().replace("_", " ").replace("-", " ").split())
    return next((at for at, words in enumerate(_LEVELS) if word in words), None)
