"""The modes of a transformation, and the moment from which a rebuild starts, as a job gives them: as text."""

from datetime import UTC, datetime

from databricks_utils.medallion.errors import DeclarationError

MODES = ("refine", "judge_again", "rebuild")


def chosen_mode(text: str) -> str:
    """Return the mode that a text names; an empty text names the first one.

    Raises:
        DeclarationError: There is no such mode.
    """
    chosen = text or MODES[0]
    if chosen not in MODES:
        raise DeclarationError(f"there is no mode `{text}`", fix=f"use one of {', '.join(MODES)}")
    return chosen


def moment_of(text: str) -> datetime | None:
    """Return the moment that an ISO date or moment names; without a time zone it is in UTC; None for an empty text.

    Raises:
        DeclarationError: The text is neither.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise DeclarationError(
            f"`since` is {text!r}",
            fix="write an ISO date or moment, e.g. 2026-06-01 (00:00 UTC) or 2026-06-01T06:00+02:00",
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
