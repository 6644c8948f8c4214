"""The address that our packages are uploaded to: a private index, never a public one."""

from collections.abc import Mapping
from urllib.parse import urlsplit

# The names of our packages belong to strangers there: docs/how-to/where-our-packages-come-from.md
_PUBLIC = ("pypi.org", "pythonhosted.org", "python.org", "anaconda.org")


class ReleaseError(Exception):
    """Raised when a release must not go on; the message has a second line with the fix."""

    def __init__(self, summary: str, fix: str) -> None:
        """Take what is wrong and what to do."""
        super().__init__(f"{summary}\n  fix: {fix}")


def private_index(variables: Mapping[str, str]) -> str:
    """Return the address to upload to.

    Raises:
        ReleaseError: None is set (uv would take the public index), or it is a public one, or no safe address.
    """
    address = variables.get("UV_PUBLISH_URL", "").strip()
    if not address:
        raise ReleaseError(
            "UV_PUBLISH_URL is not set, and without it uv uploads to the public index",
            "set it to the upload address of your private index (docs/how-to/publish-our-packages.md)",
        )
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".").lower()
    if any(host == public or host.endswith(f".{public}") for public in _PUBLIC):
        raise ReleaseError(
            f"{host} is a public index, where these names belong to strangers",
            "upload to a private index: set UV_PUBLISH_URL to its address",
        )
    if parts.username or parts.password:
        raise ReleaseError(
            "UV_PUBLISH_URL has a user or a password in it",
            "put them into UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD, and replace the password: logs may have it",
        )
    if not host or (parts.scheme != "https" and host not in {"localhost", "127.0.0.1"}):
        raise ReleaseError(
            f"UV_PUBLISH_URL is not an https address: {parts.scheme or 'no'} scheme", "write https://…"
        )
    return address
