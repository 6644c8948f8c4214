"""Where events go: a line of a file, or a server that speaks OpenLineage. The standard library is enough for both."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from databricks_utils.lineage.connection import Connection
from databricks_utils.lineage.errors import LineageNotSentError, LineageSettingError

URL_VARIABLE = "OPENLINEAGE_URL"
KEY_VARIABLE = "OPENLINEAGE_API_KEY"
_PATH = "/api/v1/lineage"
_TIMEOUT = 5.0


class Transport(Protocol):
    """Takes events."""

    def send(self, event: Mapping[str, Any]) -> None:
        """Send one event.

        Raises:
            LineageNotSentError: It did not arrive.
        """


class Post(Protocol):
    """Posts one event, as `HttpTransport.post` does."""

    def __call__(self, body: bytes, *, timeout: float | None = None) -> int:
        """Return the status of the answer."""


@dataclass(frozen=True)
class FileTransport:
    """Appends events to a file for each day, one line each; several processes may append at once.

    Attributes:
        folder: Is created if it does not exist.
    """

    folder: Path

    def send(self, event: Mapping[str, Any]) -> None:
        """Append one line, in one write at the file's end."""
        path = self.folder / f"{datetime.now(UTC).date()}.python.jsonl"
        line = (json.dumps(event, separators=(",", ":"), ensure_ascii=True) + "\n").encode()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(handle, line)
            finally:
                os.close(handle)
        except OSError as error:
            raise LineageNotSentError(
                f"lineage could not be written: {error.strerror or error}",
                location=str(path),
                fix=f"make the folder writable: {self.folder}",
            ) from error


@dataclass(frozen=True)
class HttpTransport:
    """Posts events to `<url>/api/v1/lineage`.

    Attributes:
        url: The server, with `http` or `https`.
        token: Sent as a bearer token; never part of a message.
        timeout: Seconds.

    Raises:
        LineageSettingError: The address has no host, or is not one of HTTP; no header can hold the token.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    timeout: float = _TIMEOUT

    def __post_init__(self) -> None:
        if not _is_address(self.url):
            raise LineageSettingError(
                "the address of the lineage server is not one of HTTP",
                location=URL_VARIABLE,
                fix=f"set {URL_VARIABLE} to an address such as https://lineage.example.com",
            )
        if self.token and not (self.token.isascii() and self.token.isprintable()):
            raise LineageSettingError(
                "the key of the lineage server has a line end or another character that no header can hold",
                location=KEY_VARIABLE,
                fix=f"set {KEY_VARIABLE} to the key alone, as one line",
            )

    @classmethod
    def of_environment(cls, environ: Mapping[str, str] | None = None) -> HttpTransport | None:
        """Return the transport that `OPENLINEAGE_URL` and `OPENLINEAGE_API_KEY` name; None without an address."""
        environ = os.environ if environ is None else environ
        url, token = (environ.get(name, "").strip() for name in (URL_VARIABLE, KEY_VARIABLE))
        return cls(url, token or None) if url else None

    @property
    def host(self) -> str:
        """The server's name, for messages: an address may hold a password."""
        return urlsplit(self.url).hostname or ""

    def send(self, event: Mapping[str, Any]) -> None:
        """Post one event."""
        status = self.post(json.dumps(event).encode())
        if not is_taken(status):
            raise self.problem(f"answered {status}")

    def post(self, body: bytes, *, timeout: float | None = None) -> int:
        """Post one event, and return the status of the answer; a redirect is one: the token stays with the server that was named.

        Args:
            body: The event as JSON.
            timeout: Seconds, in place of those of the transport.

        Raises:
            LineageNotSentError: There was no answer in time.
        """
        with self.connected() as post:
            return post(body, timeout=timeout)

    @contextmanager
    def connected(self) -> Iterator[Post]:
        """Yield `post` for several events over one connection."""
        headers = {"Content-Type": "application/json", "User-Agent": "databricks-utils"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        parts = urlsplit(self.url)
        address = parts._replace(path=parts.path.rstrip("/") + _PATH).geturl()

        def post(body: bytes, *, timeout: float | None = None) -> int:
            try:
                return connection.post(body, timeout=self.timeout if timeout is None else timeout)
            except (OSError, ValueError, HTTPException) as error:
                raise self.problem(f"did not answer: {type(error).__name__}") from None

        try:
            connection = Connection(address, headers)
        except (ValueError, HTTPException):
            raise self.problem("cannot be reached: the address of the proxy is not one of HTTP") from None
        with closing(connection):
            yield post

    def problem(self, what: str) -> LineageNotSentError:
        """Return the error that the server did not accept the event."""
        return LineageNotSentError(
            f"the lineage server {self.host} {what}",
            location=URL_VARIABLE,
            fix=f"check {URL_VARIABLE} and {KEY_VARIABLE}, or unset {URL_VARIABLE} to send nothing",
        )


def _is_address(url: str) -> bool:
    """Return whether a text is an address of HTTP; no error may have it, because it may hold a password."""
    if any(sign.isspace() or not sign.isprintable() for sign in url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket without its partner, or a port that is not a number
        return False


def is_taken(status: int) -> bool:
    """Return whether a status says that the server has the event."""
    return 200 <= status < 300
