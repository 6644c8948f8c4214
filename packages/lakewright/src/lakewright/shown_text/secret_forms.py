"""Secrets that are known by their form: a token or a key that can be recognised wherever it stands.

Source: https://docs.databricks.com/aws/en/dev-tools/auth/pat, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html,
https://learn.microsoft.com/en-us/purview/sit-defn-azure-storage-account-key
"""

import re

# What the Databricks CLI shows in a plan: https://github.com/databricks/cli/blob/main/bundle/direct/dresources/redact_config.go
MARK = "[redacted]"
_FORMS = {
    "a token of Databricks": r"(?<![0-9A-Za-z])(?:dapi|dose|dkea)[0-9a-f]{32}(?:-\d{1,2})?(?![0-9A-Za-z])",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|\Z)",
    "an access key of AWS": r"(?<![0-9A-Za-z])(?:AKIA|ASIA)(?!\w*EXAMPLE)[A-Z2-7]{16}(?![0-9A-Za-z])",
    "a key of an Azure storage account": r"(?<=AccountKey=)[A-Za-z0-9+/]{86}==",
    "a secret of an Entra application": r"(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])",
}
# Forms that also fit harmless words: good enough to hide something, not to report it.
_LIKELY = (
    r"dapi[0-9A-Za-z_\-]{8,}|\b(?:dose|dkea|dsapi)[0-9a-f]{8,}(?:-\d+)?"
    r"|\b(?i:bearer|basic)\s+[\w\-.~+/=]{6,}|eyJ[\w\-]{8,}(?:\.[\w\-]*){0,2}"
)
_EACH = {name: re.compile(form) for name, form in _FORMS.items()}
_CERTAIN = re.compile("|".join(_FORMS.values()))
_ANY = re.compile("|".join((*_FORMS.values(), _LIKELY)))
_IN_ADDRESS = re.compile(r"(://)[^/\s:@]+:[^/\s@]+@")


def secret_in(text: str) -> str:
    """Return what the first secret in a text is; an empty text if there is none.

    Examples:
        >>> secret_in("-----BEGIN PRIVATE KEY-----"), secret_in("{{secrets/scope/key}}")
        ('a private key', '')
    """
    if not _CERTAIN.search(text):
        return ""
    return next(name for name, form in _EACH.items() if form.search(text))


def hidden(text: str) -> str:
    """Return a text with `[redacted]` in place of what certainly is a secret.

    Examples:
        >>> hidden("key: -----BEGIN PRIVATE KEY-----")
        'key: [redacted]'
    """
    return _CERTAIN.sub(MARK, text)


def likely_hidden(text: str) -> str:
    """Return a text with `[redacted]` in place of all that may be a secret, also of users and passwords in addresses.

    Examples:
        >>> likely_hidden("Authorization: Bearer abc.def, https://ana:hunter2@host/x")
        'Authorization: [redacted], https://[redacted]@host/x'
    """
    return _IN_ADDRESS.sub(rf"\1{MARK}@", _ANY.sub(MARK, text))
