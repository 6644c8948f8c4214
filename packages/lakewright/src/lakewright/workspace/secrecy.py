"""Keep secrets out of messages: those that this machine signs in with, and whatever looks like a token."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

_STARS = "***"
_SHORTEST = 6  # a shorter value would put stars into ordinary words
_TO_SHOW = 300
# Personal tokens, secrets of service principals, headers, and tokens of OAuth.
_LIKE_SECRETS = re.compile(
    r"dapi[0-9a-zA-Z_\-]{8,}|dose[0-9a-f]{16,}|(?i:bearer|basic)\s+[\w\-.~+/=]{8,}|eyJ[\w\-]{10,}(?:\.[\w\-]*){0,2}"
)


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
        return cls(frozenset(form for form in forms if len(form) >= _SHORTEST))

    def hidden(self, text: str) -> str:
        """Return the first line of a text with stars for secrets.

        >>> Secrets.of(["hunter2"]).hidden("wrong password: hunter2")
        'wrong password: ***'
        """
        line = (text.strip().splitlines() or [""])[0]
        for value in sorted(self.values, key=len, reverse=True):
            line = line.replace(value, _STARS)
        line = "".join(char if char.isprintable() else " " for char in line)  # nothing that moves the cursor
        return _LIKE_SECRETS.sub(_STARS, line)[:_TO_SHOW]
