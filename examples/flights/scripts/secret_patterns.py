"""What the secret scan (detect-secrets, .secrets.baseline) knows beside its own forms: tokens and keys of Databricks and Azure.

Source: https://docs.databricks.com/aws/en/dev-tools/auth/pat,
https://learn.microsoft.com/en-us/purview/sit-defn-client-secret-api-key,
https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas
"""

import re

from detect_secrets.plugins.base import RegexBasedDetector


class DatabricksToken(RegexBasedDetector):
    """A personal access token, or a secret of a service principal."""

    secret_type = "Databricks token"  # noqa: S105 - a name  # pragma: allowlist secret
    denylist = (re.compile(r"(?<![0-9A-Za-z])(?:dapi|dose|dkea)[0-9a-f]{32}(?:-\d{1,2})?(?![0-9A-Za-z])"),)


class EntraClientSecret(RegexBasedDetector):
    """A secret of an Entra application."""

    secret_type = "Entra client secret"  # noqa: S105 - a name  # pragma: allowlist secret
    denylist = (re.compile(r"(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])"),)


class SharedAccessSignature(RegexBasedDetector):
    """The signature of an address that opens Azure storage (SAS)."""

    secret_type = "Azure shared access signature"  # noqa: S105 - a name  # pragma: allowlist secret
    denylist = (re.compile(r"[?&;]sig=([A-Za-z0-9%+/]{43,}(?:=|%3[dD])?)"),)
