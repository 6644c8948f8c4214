"""Secrets that are known by their value: those of variables whose names say so, and those that somebody signs in with."""

import re
from collections.abc import Iterable, Mapping

from lakewright.shown_text.secret_forms import MARK, likely_hidden

SHORTEST = 6  # a shorter value would be hidden inside ordinary words
_SECRET_NAME = re.compile(
    r"token|secret|password|passwd|api_?key|access_?key|private_?key|credential|authorization", re.IGNORECASE
)


def without_secrets(text: str, environ: Mapping[str, str], *, values: Iterable[str] = ()) -> str:
    """Return what a program printed without its secrets.

    Args:
        text: What it printed.
        environ: Its environment; values of variables are hidden if the name says that they are secret.
        values: Other values to hide.
    """
    named = [value for name, value in environ.items() if _SECRET_NAME.search(name)]
    return likely_hidden(without_values(text, [*named, *values]))


def without_values(text: str, values: Iterable[str]) -> str:
    """Return a text with `[redacted]` for each of some values that is long enough to be a secret.

    Examples:
        >>> without_values("wrong password: hunter2", ["hunter2", "is"])
        'wrong password: [redacted]'
    """
    for value in sorted({value for value in values if len(value) >= SHORTEST}, key=len, reverse=True):
        text = text.replace(value, MARK)
    return text
