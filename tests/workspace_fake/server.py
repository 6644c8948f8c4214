"""The HTTP server: signs callers in, applies faults, and lets one call at a time change the state."""

import base64
import email
import json
import re
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from workspace_fake import handlers  # noqa: F401 - registers the calls
from workspace_fake.errors import ApiError, malformed, not_implemented
from workspace_fake.faults import MESSAGES, Fault
from workspace_fake.routes import Call, routes

if TYPE_CHECKING:
    from workspace_fake.workspace import FakeWorkspace

_WITHOUT_SIGN_IN = "/.well-known/databricks-config"


class Server(ThreadingHTTPServer):
    """A server on a free port of the loopback interface, in threads of this process."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, workspace: "FakeWorkspace") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.workspace = workspace
        self.lock = threading.RLock()
        self.closing = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is the subject of tests, not an error of theirs."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def log_message(self, *_: object) -> None:
        """Write nothing."""

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = f"{self.command} {unquote(path)}"
        with self.server.lock:
            fault = self.server.workspace.faults.of(call)
            self.server.workspace.calls.append(call)
            if fault is None:
                status, answer = self._handled(path, data)
            else:
                status, answer = self._faulty(fault, path, data)
        if fault is not None and fault.hang:
            self.server.closing.wait()
        if status == 0:
            self._reset()
        else:
            self._send(status, answer, fault.retry_after if fault else None)

    def _faulty(self, fault: Fault, path: str, data: bytes) -> tuple[int, Any]:
        if fault.after:
            self._handled(path, data)
        if fault.status is None:
            return 0, None
        code, message = MESSAGES.get(fault.status, ("UNKNOWN", "A fault of the test"))
        return fault.status, {"error_code": code, "message": message}

    def _handled(self, path: str, data: bytes) -> tuple[int, Any]:
        try:
            return 200, self._called(path, data)
        except ApiError as error:
            return error.status, {
                **({"error_code": error.code} if error.code else {}),
                "message": error.message,
            }

    def _called(self, path: str, data: bytes) -> Any:
        workspace = self.server.workspace
        if path == _WITHOUT_SIGN_IN:
            return {"oidc_endpoint": f"{workspace.host}/oidc", "workspace_id": "7474", "cloud": "AZURE"}
        caller = self._caller()
        found = routes.find(self.command, path)
        if found is None:
            raise not_implemented(self.command, path)
        handler, parts = found
        query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        call = Call(workspace.state, caller, {k: unquote(v) for k, v in parts.items()}, query, {}, data)
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("application/json") and data:
            call.body = _parsed(data)
        elif kind.startswith("multipart/form-data"):
            call.body = _form(kind, data)
        answer = handler(call)
        workspace.ignored += call.ignored
        return answer

    def _caller(self) -> Any:
        people = self.server.workspace.state.people
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or not token or self.server.workspace.faults.is_expired(token):
            raise ApiError(401, *MESSAGES[401])
        if token not in people.tokens:
            raise ApiError(403, *MESSAGES[403])
        return people.principals[people.tokens[token]]

    def _send(self, status: int, answer: Any, retry_after: int | None) -> None:
        data = (
            answer if isinstance(answer, bytes) else json.dumps(answer if answer is not None else {}).encode()
        )
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.wfile.flush()

    def _reset(self) -> None:
        """Close the connection with a reset instead of an answer."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _form(kind: str, data: bytes) -> dict[str, Any]:
    """Return the fields of a form, the content as the JSON call has it."""
    message = email.message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + data)
    found: dict[str, Any] = {}
    for part in message.walk():
        name, value = str(part.get_param("name", header="content-disposition")), part.get_payload(decode=True)
        if not isinstance(value, bytes):
            continue
        found[name] = base64.b64encode(value).decode() if name == "content" else value.decode()
    return {name: value == "true" if name == "overwrite" else value for name, value in found.items()}


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except ValueError as error:
        raise malformed(f"Could not parse request object: {re.sub(':.*', '', str(error))}") from error
    if not isinstance(body, dict):
        raise malformed("Could not parse request object: expected an object")
    return body
