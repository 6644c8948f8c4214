"""How severe it is to break a promise, and what a change of that means."""

from databricks_utils.config.tree import Data
from databricks_utils.contracts.changes.attributes import KindOf

_WARNINGS = frozenset({"warning", "warn", "low", "minor"})
# Words for the severity of a check, the mildest first.
_SEVERITIES: tuple[frozenset[str], ...] = (
    frozenset({"info", "information", "informational", "debug"}),
    _WARNINGS,
    frozenset({"medium", "moderate"}),
    frozenset({"error", "high", "major"}),
    frozenset({"fail", "fatal", "critical", "blocker"}),
)


def severity_kind(old: Data, new: Data, *, unsaid: str) -> str:
    """Return the kind of a change of a severity.

    Args:
        old: The word before; None if there was none.
        new: The word now.
        unsaid: What counts without a word.
    """
    before, now = rank_of(old or unsaid), rank_of(new or unsaid)
    if before is None or now is None:
        return "check_severity_changed"
    if before == now:
        return "text_changed"
    return "check_severity_raised" if now > before else "check_severity_lowered"


def custom_severity(*, unsaid: str) -> KindOf:
    """Return what tells the kind of a change of the custom property `severity`, and of no other.

    Args:
        unsaid: What counts without it.
    """
    return lambda name, old, new: severity_kind(old, new, unsaid=unsaid) if name == "severity" else None


def rank_of(value: Data) -> int | None:
    """Return the place of a word among the severities, the mildest first; None if it is not known."""
    word = str(value).lower()
    return next((at for at, words in enumerate(_SEVERITIES) if word in words), None)
