"""What the secret scan (detect-secrets, .secrets.baseline) knows beside its own forms: tokens and keys of Databricks, Azure and GitHub.

Source: https://docs.databricks.com/aws/en/dev-tools/auth/pat,
https://learn.microsoft.com/en-us/purview/sit-defn-client-secret-api-key,
https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas,
https://learn.microsoft.com/en-us/purview/sit-defn-azure-devops-personal-access-token,
https://learn.microsoft.com/en-us/purview/sit-defn-azure-storage-account-key
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
    """The signature of an address that opens Azure storage (SAS) or starts a Logic App."""

    secret_type = "Azure shared access signature"  # noqa: S105 - a name  # pragma: allowlist secret
    denylist = (re.compile(r"[?&;]sig=([\w%+/-]{43,}(?:=|%3[dD])?)"),)


class AzureKey(RegexBasedDetector):
    """A key of a storage account (64 bytes, under any name; `sha512-…` is a sum), or of Event Hubs, Service Bus or IoT Hub (32 bytes)."""

    secret_type = "Azure key"  # noqa: S105 - a name  # pragma: allowlist secret
    denylist = (
        re.compile(r"(?<![A-Za-z0-9+/-])[A-Za-z0-9+/]{86}==(?![A-Za-z0-9+/=])"),
        re.compile(r"(?i:SharedAccessKey|EventHubKey)\s*[=:]\s*[\"']?([A-Za-z0-9+/]{43}=)"),
    )


class AzureDevOpsToken(RegexBasedDetector):
    """A personal access token of Azure DevOps."""

    secret_type = "Azure DevOps token"  # noqa: S105 - a name  # pragma: allowlist secret
    denylist = (re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])"),)


class FineGrainedGitHubToken(RegexBasedDetector):
    """A personal access token of GitHub for chosen repositories."""

    secret_type = "GitHub fine-grained token"  # noqa: S105 - a name  # pragma: allowlist secret
    denylist = (re.compile(r"(?<!\w)github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?!\w)"),)


class JdbcPassword(RegexBasedDetector):
    """A password in the address of a database; a reference such as `{password}`, `${PASSWORD}` or `<password>` is none."""

    secret_type = "JDBC password"  # noqa: S105 - a name  # pragma: allowlist secret
    denylist = (re.compile(r"jdbc:[^\s\"']*[;?&](?i:password|pwd)=([^\s\"';&{}<>$%*…][^\s\"';&]{2,})"),)
