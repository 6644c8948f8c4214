"""Secrets that stand in a file, by the forms that their issuers give them."""

import re
from collections.abc import Iterator

from lakewright.pipelines.weakness import Weakness

_FORMS = {
    "a Databricks token": r"\bdapi[0-9a-f]{32}(?:-\d)?\b",
    "a Databricks OAuth secret": r"\bdose[0-9a-f]{32}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b",
    "a GitLab token": r"\bgl(?:pat|dt|rt|cbt|ptt)-[A-Za-z0-9_-]{20,}",
    "a storage key": r"\bAccountKey=[A-Za-z0-9+/]{40,}={0,2}",
    "a signature of a shared address (SAS)": r"[?&]sig=[A-Za-z0-9%+/]{30,}",
    "a client secret of Entra": r"(?<![\w~.-])[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{34}(?![\w~.-])",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
}
_PATTERNS = {what: re.compile(form) for what, form in _FORMS.items()}


def secrets_in(file: str, text: str) -> Iterator[Weakness]:
    """Yield the secrets of a text, without showing them."""
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in _PATTERNS.items():
            if pattern.search(line):
                yield Weakness(
                    file,
                    number,
                    "secret-in-file",
                    f"{what} stands in the file",
                    "revoke it where it was issued, remove it from the file and its history, and sign in by OIDC",
                )
