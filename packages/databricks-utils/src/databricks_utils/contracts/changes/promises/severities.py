"""How severe it is to break a promise, and what a change of that means."""

from databricks_utils.config.tree import Data, Node
from databricks_utils.contracts.changes.attributes import KindOf, data_at, items

# Words for the severity of a check, the mildest first.
_SEVERITIES: tuple[frozenset[str], ...] = (
    frozenset({"info", "information", "informational", "debug"}),
    frozenset({"warning", "warn", "low", "minor"}),
    frozenset({"medium", "moderate"}),
    frozenset({"error", "high", "major"}),
    frozenset({"fail", "fatal", "critical", "blocker"}),
)
_WARNING = 1  # its place there
# What stops nobody binds the producer less.
_OF_WARNINGS = {
    "check_added": "warning_check_added",
    "check_tightened": "warning_check_tightened",
    "check_changed": "warning_check_changed",
    "relationship_added": "warning_relationship_added",
    "sla_added": "warning_sla_added",
    "sla_tightened": "warning_sla_tightened",
}


def severity_kind(old: Data, new: Data, *, unsaid: str) -> str:
    """Return the kind of a change of a severity.

    Args:
        old: The word before; None if there was none.
        new: The word now.
        unsaid: What counts without a word.
    """
    before, now = _rank_of(old or unsaid), _rank_of(new or unsaid)
    if before is None or now is None:
        return "severity_changed"
    if before == now:
        return "text_changed"
    if now < before:
        return "severity_lowered"
    return "severity_raised_to_warning" if now <= _WARNING else "severity_raised"


def custom_severity(*, unsaid: str) -> KindOf:
    """Return what tells the kind of a change of the custom property `severity`, and of no other.

    Args:
        unsaid: What counts without it.
    """
    return lambda name, old, new: severity_kind(old, new, unsaid=unsaid) if name == "severity" else None


def kind_by_severity(kind: str, severity: Data) -> str:
    """Return the kind of a change of a promise: a milder one if it only warns when the promise is broken.

    Args:
        kind: The kind where a broken promise keeps rows out, or stops.
        severity: The word for its severity in the new state.
    """
    rank = _rank_of(severity)
    return _OF_WARNINGS.get(kind, kind) if rank is not None and rank <= _WARNING else kind


def severity_in_properties(node: Node) -> Data:
    """Return the word of the custom property `severity` of a relationship or service level; None if it has none."""
    found = (item for item in items(node, "customProperties") if data_at(item, "property") == "severity")
    return next((data_at(item, "value") for item in found), None)


def _rank_of(value: Data) -> int | None:
    """The place of a word among the severities, the mildest first; None if it is not known."""
    word = str(value).lower()
    return next((at for at, words in enumerate(_SEVERITIES) if word in words), None)
