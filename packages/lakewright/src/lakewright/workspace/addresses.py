"""The address of a workspace: what the CLI takes from it, and what a message may show of it.

Source: https://github.com/databricks/cli/blob/main/libs/auth/hostparams.go (the numbers in the query)
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

from lakewright.workspace.errors import SignInError

_WORKSPACE, _ACCOUNT = ("o", "w", "workspace_id"), ("a", "account_id")


@dataclass(frozen=True)
class Address:
    """An address without path and query.

    Attributes:
        host: Scheme and host: `https://adb-12.3.azuredatabricks.net`.
        numbers: The workspace and the account that its query names, by the fields of the SDK.
    """

    host: str
    numbers: dict[str, str]


def address_of(host: str, *, source: str, place: str | None = None) -> Address:
    """Return the address of a workspace, as people copy it from the browser.

    Args:
        host: The address, with or without `https://`.
        source: Who names it, for messages.
        place: Where, as `file:line`.

    Raises:
        SignInError: It is none, or it holds a user or a password.

    Examples:
        >>> address_of("https://adb-12.3.azuredatabricks.net/?o=12#job/4", source="the target")
        Address(host='https://adb-12.3.azuredatabricks.net', numbers={'workspace_id': '12'})
    """
    parts = _split(host)
    if parts is None or not parts.hostname:
        raise _wrong(f"{source} names no address of a workspace", place)
    if "@" in parts.netloc:
        raise _wrong(f"{source} names an address with a user or a password in it", place)
    query = parse_qs(parts.query)
    found = {
        field: next((query[key][0] for key in keys if key in query), "")
        for field, keys in (("workspace_id", _WORKSPACE), ("account_id", _ACCOUNT))
    }
    return Address(
        f"{parts.scheme}://{parts.netloc}", {field: value for field, value in found.items() if value}
    )


def host_name(host: str) -> str:
    """Return the name and port of an address, to compare two of them and to show it; empty for none.

    >>> host_name("https://Adb-1.2.azuredatabricks.net/?o=12"), host_name("https://token:secret@a.example.com")
    ('adb-1.2.azuredatabricks.net', 'a.example.com')
    """
    parts = _split(host)
    return parts.netloc.rpartition("@")[2].lower() if parts is not None else ""


def _split(host: str) -> SplitResult | None:
    try:
        parts = urlsplit(host if "://" in host else f"https://{host}")
        _ = parts.port  # raises for one that is no number
    except ValueError:
        return None
    return parts


def _wrong(summary: str, place: str | None) -> SignInError:
    return SignInError(  # the address itself may hold a secret
        summary,
        location=place,
        fix="write scheme and host alone, such as https://adb-….azuredatabricks.net; credentials belong into a profile or variables",
    )
