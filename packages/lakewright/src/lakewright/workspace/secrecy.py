"""Keep the secrets that this machine signs in with out of messages, and whatever looks like a token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from lakewright.shown_text.secret_forms import likely_hidden
from lakewright.shown_text.secret_values import SHORTEST, without_values

_TO_SHOW = 300


@dataclass(frozen=True)
class Secrets:
    """The secrets of a connection.

    Attributes:
        values: The secrets.
    """

    values: frozenset[str] = field(default=frozenset(), repr=False)

    @classmethod
    def of(cls, values: Iterable[object]) -> Secrets:
        """Return them with their lines and their escaped forms, which messages show too; empty and short values are left out."""
        texts = {str(value) for value in values if value}
        forms = {
            form
            for text in texts
            for form in (text, *text.splitlines(), repr(text)[1:-1], quote(text, safe=""))
        }
        return cls(frozenset(form for form in forms if len(form) >= SHORTEST))

    def hidden(self, text: str) -> str:
        """Return the first line of a text with `[redacted]` for secrets.

        >>> Secrets.of(["hunter2"]).hidden("wrong password: hunter2")
        'wrong password: [redacted]'
        """
        line = without_values((text.strip().splitlines() or [""])[0], self.values)
        line = "".join(char if char.isprintable() else " " for char in line)  # nothing that moves the cursor
        return likely_hidden(line)[:_TO_SHOW]
