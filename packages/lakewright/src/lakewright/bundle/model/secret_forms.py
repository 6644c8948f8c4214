"""Secrets that are known by their form: a token or a key that can be recognised wherever it stands.

Source: https://docs.databricks.com/aws/en/dev-tools/auth/pat, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html,
https://learn.microsoft.com/en-us/purview/sit-defn-azure-storage-account-key
"""

import re
from dataclasses import dataclass

from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.model.tree import Node, format_path, walk

SHOWN = "[redacted]"
_FORMS = {
    "a token of Databricks": r"(?<![0-9A-Za-z])(?:dapi|dose|dkea)[0-9a-f]{32}(?:-\d{1,2})?(?![0-9A-Za-z])",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|\Z)",
    "an access key of AWS": r"(?<![0-9A-Za-z])(?:AKIA|ASIA)(?!\w*EXAMPLE)[A-Z2-7]{16}(?![0-9A-Za-z])",
    "a key of an Azure storage account": r"(?<=AccountKey=)[A-Za-z0-9+/]{86}==",
    "a secret of an Entra application": r"(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])",
}
_OF_SECRET = re.compile(r"(?:^|\.)resources\.secrets\.[^.]+\.value(?![^.\[])")
_EACH = {name: re.compile(form) for name, form in _FORMS.items()}
_ANY = re.compile("|".join(_FORMS.values()))


@dataclass(frozen=True)
class WrittenSecret:
    """A secret that stands in a file of the bundle.

    Attributes:
        what: What it is: `a token of Databricks`.
        path: The key path of the value.
        location: Where it stands.
    """

    what: str
    path: str
    location: Location | None


def secret_in(text: str) -> str:
    """Return what the first secret in a text is; an empty text if there is none.

    Examples:
        >>> secret_in("-----BEGIN PRIVATE KEY-----"), secret_in("{{secrets/scope/key}}")
        ('a private key', '')
    """
    if not _ANY.search(text):
        return ""
    return next(name for name, form in _EACH.items() if form.search(text))


def written_secrets(tree: Node) -> tuple[WrittenSecret, ...]:
    """Return each secret in a file's tree once; the values of secrets of the bundle have a rule of their own."""
    found: dict[object, WrittenSecret] = {}
    for path, node in walk(tree):
        if isinstance(node.value, str) and (what := secret_in(node.value)):
            where = format_path(path)
            if not _OF_SECRET.search(where):
                found.setdefault(node.location or where, WrittenSecret(what, where, node.location))
    return tuple(found.values())


def hidden(text: str) -> str:
    """Return a text with `[redacted]` in place of each secret.

    Examples:
        >>> hidden("key: -----BEGIN PRIVATE KEY-----")
        'key: [redacted]'
    """
    return _ANY.sub(SHOWN, text)
