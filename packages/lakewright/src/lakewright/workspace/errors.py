"""The errors of asking a workspace."""

from lakewright.errors import LakewrightError


class WorkspaceError(LakewrightError, RuntimeError):
    """Raised when a workspace cannot be asked, or refuses to answer."""


class SignInError(WorkspaceError):
    """Raised when nobody can sign in: no host, no credentials, wrong or expired ones, another host than the target's, no network.

    Its exit code is not that of a finding: a pipeline can tell "something is missing" from "nothing was asked".
    """

    exit_code = 3


class MissingSdkError(LakewrightError, ImportError):
    """Raised when `databricks-sdk` is not installed."""
