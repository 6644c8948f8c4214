"""A connection to the lineage server that stays open between events: a handshake of TLS takes longer than an event."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

_PORTS = {"http": 80, "https": 443}
_LONGEST_ANSWER = 64 * 1024  # bytes; after a longer one the connection is closed


class Connection:
    """Posts to one address. It opens with the first event, and again when the server has closed it.

    A proxy is used where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say so.

    Args:
        url: With `http` or `https`, and a host; a user and a password in it become the header `Authorization`.
        headers: Sent with each event.

    Raises:
        ValueError: The address of the proxy is not one of HTTP.
    """

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        shown = f"[{host}]" if ":" in host else host
        self._headers = {**_authorization("Authorization", parts), **headers}
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        proxy = None if proxy_bypass(f"{shown}:{port}") else getproxies().get(parts.scheme)
        if not proxy:
            self._http = kind(host, port)
            return
        way = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        if way.scheme not in _PORTS or not way.hostname:
            raise ValueError("the address of the proxy is not one of HTTP")
        self._http = kind(way.hostname, way.port or _PORTS[parts.scheme])
        for_proxy = _authorization("Proxy-Authorization", way)
        if parts.scheme == "https":
            self._http.set_tunnel(host, port, headers=for_proxy)
        else:
            self._target = f"http://{shown}:{port}{self._target}"
            self._headers |= for_proxy

    def post(self, body: bytes, *, timeout: float) -> int:
        """Post a body, and return the status of the answer. Redirects are not followed: the headers stay with this server.

        Args:
            body: JSON.
            timeout: Seconds for the connection, and for each part of the answer.

        Raises:
            OSError: There was no answer.
            HTTPException: The answer is not one of HTTP.
        """
        was_open = self._http.sock is not None
        try:
            return self._post_once(body, timeout)
        except (ConnectionResetError, BrokenPipeError):
            if not was_open:
                raise
            return self._post_once(body, timeout)  # the server had closed the connection since the last event

    def close(self) -> None:
        """Close the connection; the next event opens it again."""
        self._http.close()

    def _post_once(self, body: bytes, timeout: float) -> int:
        self._http.timeout = timeout
        if self._http.sock is not None:
            self._http.sock.settimeout(timeout)
        try:
            self._http.request("POST", self._target, body, self._headers)
            answer = self._http.getresponse()
        except BaseException:
            self.close()
            raise
        self._read_rest(answer)
        return answer.status

    def _read_rest(self, answer: HTTPResponse) -> None:
        """Read the answer to its end, where the next one begins. Its status is known: what fails here only closes the connection."""
        try:
            answer.read(_LONGEST_ANSWER)
        except (OSError, HTTPException):
            self.close()
        else:
            if not answer.isclosed():
                self.close()


def _authorization(header: str, parts: SplitResult) -> dict[str, str]:
    """Return a header with the user and the password of an address; none if it has no user."""
    if not parts.username:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {header: f"Basic {base64.b64encode(pair.encode()).decode()}"}
