"""A webhook: the report of a run goes to a chat or an incident tool, as one HTTPS POST with JSON.

The address is a secret: who has it can post. No message and no error contains it.
"""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from databricks_utils.quality.errors import WebhookAddressError

_LONGEST_WAIT = 3600
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Report(Protocol):
    """What a webhook posts: `QualityReport` or `RunReport`."""

    def as_json(self) -> dict[str, Any]:
        """Return the report as data for JSON."""


@dataclass(frozen=True)
class Delivery:
    """Whether a webhook took a report.

    Attributes:
        delivered: Whether it answered with a status from 200 to 299.
        detail: The status, or what went wrong, without the address.
    """

    delivered: bool
    detail: str


@dataclass(frozen=True)
class Webhook:
    """The address that reports are posted to.

    Attributes:
        url: An `https` address; `http` only for this machine. `reveal(config.alerts.webhook_url, get=dbutils.secrets.get)` reads it.
        timeout_seconds: How long to wait for the connection, and for each answer; at most an hour.

    Raises:
        WebhookAddressError: The address is another one.

    Example:
        >>> Webhook("https://hooks.example.com/T0/secret")
        Webhook(timeout_seconds=10.0)
    """

    url: str = field(repr=False)
    timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        if not _is_allowed(self.url):
            raise WebhookAddressError(
                "quality: the address of the webhook is not an https address",
                detail="it is not shown, because it is a secret",
                fix="set `alerts.webhook_url` to an address that starts with https://, or to secret://scope/key",
            )
        if not 0 < self.timeout_seconds <= _LONGEST_WAIT:
            raise WebhookAddressError(
                f"quality: the webhook cannot wait {self.timeout_seconds} seconds",
                fix=f"give a number above 0 and at most {_LONGEST_WAIT}, e.g. timeout_seconds=10",
            )

    def send(self, report: Report) -> Delivery:
        """Post a report; a webhook that does not take it is no error, because the report may be about one.

        A redirect is not followed: it could lead to an address without TLS.
        """
        request = urllib.request.Request(  # noqa: S310 - the address was checked: https, or this machine
            self.url,
            data=json.dumps(report.as_json(), allow_nan=False, default=str).encode(),
            headers={"Content-Type": "application/json", "User-Agent": "databricks-utils"},
            method="POST",
        )
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=self.timeout_seconds) as answer:
                return Delivery(delivered=True, detail=f"status {answer.status}")
        except HTTPError as error:
            error.close()
            return Delivery(delivered=False, detail=f"status {error.code}")
        except (OSError, HTTPException, ValueError) as error:
            return Delivery(delivered=False, detail=_kind(error))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0913, PLR0917 - the signature of urllib
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Follow no redirect; the answer is an error then."""
        del req, fp, code, msg, headers, newurl


def _is_allowed(url: Any) -> bool:  # noqa: ANN401 - configuration may hold anything
    if not isinstance(url, str) or any(sign.isspace() or not sign.isprintable() for sign in url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK))


def _kind(error: Exception) -> str:
    """Return what went wrong; the text of an error may contain the address, its class does not."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return "no answer in time"
    return f"no connection ({type(reason).__name__})"
