"""`dbutils.credentials`: refused, for a local run has no identity in a cloud."""

from __future__ import annotations

from typing import NoReturn

from lakewright.runner.errors import RunnerError
from lakewright.runner.inside.dbutils.help_text import WithHelp


class NoCloudIdentityError(RunnerError, NotImplementedError):
    """Raised when code asks for credentials of a cloud."""


class Credentials(WithHelp):
    """`dbutils.credentials`."""

    def assumeRole(self, role: str) -> NoReturn:  # noqa: N802 - Databricks' name
        """Set the role to assume for S3: refused.

        Raises:
            NoCloudIdentityError: Always.
        """
        _refuse("assumeRole", role)

    def showCurrentRole(self) -> NoReturn:  # noqa: N802 - Databricks' name
        """Show the role that is set: refused.

        Raises:
            NoCloudIdentityError: Always.
        """
        _refuse("showCurrentRole")

    def showRoles(self) -> NoReturn:  # noqa: N802 - Databricks' name
        """Show the roles that can be assumed: refused.

        Raises:
            NoCloudIdentityError: Always.
        """
        _refuse("showRoles")

    def getCurrentCredentials(self) -> NoReturn:  # noqa: N802 - Databricks' name
        """Give the current credentials: refused.

        Raises:
            NoCloudIdentityError: Always.
        """
        _refuse("getCurrentCredentials")

    def getServiceCredentialsProvider(self, credentialName: str) -> NoReturn:  # noqa: N802, N803 - Databricks' names
        """Give the provider of a service credential: refused.

        Raises:
            NoCloudIdentityError: Always.
        """
        _refuse("getServiceCredentialsProvider", credentialName)


def _refuse(method: str, *arguments: str) -> NoReturn:
    shown = ", ".join(map(repr, arguments))
    raise NoCloudIdentityError(
        f"`dbutils.credentials.{method}({shown})`: a local run has no identity in a cloud",
        fix="address landing files by CatalogHelper.volume_path(…): a local folder here, the store there",
    )
