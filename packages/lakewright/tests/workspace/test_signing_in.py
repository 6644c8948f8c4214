"""Signing in over HTTP: what is wrong with host, credentials or network is said, with a fix, and no secret is ever shown."""

import socket
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic

import pytest

pytest.importorskip("databricks.sdk")

from lakewright.workspace import Answer, MissingSdkError, SignInError, identity_of
from lakewright.workspace.refusing import Kind, network_reason
from lakewright.workspace.signing_in import connect

pytestmark = pytest.mark.unit

TOKEN = "dapi-secret-of-the-test"
LOGIN_PAGE = "<!DOCTYPE html><html><body>Sign in with dapi-secret-of-the-test</body></html>"


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """A server that gives one answer to everything: `server.answer = status, type, body`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version, wbufsize = "HTTP/1.1", -1

        def do_GET(self) -> None:
            given = self.server.answer
            status, kind, body, *more = given(self.path) if callable(given) else given
            content = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            for name, value in more:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.answer = (404, "application/json", "{}")
    Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture(autouse=True)
def no_surroundings(tmp_path, monkeypatch) -> None:
    """No credentials but the token of the test."""
    for name in (
        "DATABRICKS_CONFIG_PROFILE",
        "DATABRICKS_CLIENT_ID",
        "DATABRICKS_CLIENT_SECRET",
        "DATABRICKS_HOST",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("DATABRICKS_TOKEN", TOKEN)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("lakewright.workspace.calls._PAUSE", 0)
    monkeypatch.setattr("lakewright.workspace.signing_in._SIGN_IN_SECONDS", 1)
    monkeypatch.setattr("lakewright.workspace.signing_in._RETRY_SECONDS", 1)


def address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def refused(ask: Callable[[], object]) -> SignInError:
    with pytest.raises(SignInError) as raised:
        ask()
    error = raised.value
    assert error.exit_code == 3
    assert error.fix
    assert TOKEN not in str(error)
    return error


@pytest.mark.parametrize(
    ("answer", "words", "fix"),
    [
        (
            (401, "UNAUTHENTICATED", f"Credential was not sent {TOKEN}"),
            "does not accept the credentials",
            "auth login",
        ),
        (
            (403, "403", "Invalid access token."),
            "does not accept the credentials",
            "renew the secret or the token",
        ),
        ((403, "403", f"Token {TOKEN} is expired"), "the credentials have expired", "databricks auth login"),
        (
            (403, "403", "Unauthorized access to Org: 42"),
            "refuses these credentials from here",
            "of this workspace",
        ),
        ((403, "PERMISSION_DENIED", "User is not in the workspace"), "no right to ask", "add this principal"),
        ((404, "ENDPOINT_NOT_FOUND", "No API found for 'GET /Me'"), "does not offer it", "check the address"),
        ((500, "INTERNAL_ERROR", "boom"), "failed to answer", "check the address"),
    ],
)
def test_a_refusal_at_the_door_is_named(server, answer, words, fix):
    status, code, message = answer
    server.answer = (status, "application/json", f'{{"error_code": "{code}", "message": "{message}"}}')
    error = refused(lambda: identity_of(connect({"host": address(server)}).calls))
    assert words in error.summary
    assert fix in error.fix
    assert error.location == address(server)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_another_host_is_refused_before_anything_is_sent_there(server, status):
    """`localhost` is another host than 127.0.0.1, though the same server would answer."""
    asked = []
    other = f"http://localhost:{server.server_port}/elsewhere?o=1"

    def answer(path):
        asked.append(path)
        return status, "text/html", "", ("Location", other)

    server.answer = answer
    calls = connect({"host": address(server)}).calls
    asked.clear()  # the SDK has asked for a description of the host, without credentials
    error = refused(lambda: identity_of(calls))
    assert error.summary == "the host answers with a redirect to another host"
    assert "it leads to localhost" in error.detail
    assert "host: https://localhost" in error.fix
    assert len(asked) == 1  # nothing is sent elsewhere, and nothing is asked again


def test_a_redirect_on_the_own_host_is_followed(server):
    def answer(path):
        if path.startswith("/api/2.0/preview/scim"):
            return 302, "text/html", "", ("Location", "/moved/Me")
        return 200, "application/json", '{"userName": "ana@example.com"}'

    server.answer = answer
    assert identity_of(connect({"host": address(server)}).calls).name == "ana@example.com"


@pytest.mark.parametrize("body", [LOGIN_PAGE, "not JSON at all"])
def test_a_host_that_answers_with_a_page_is_no_workspace(server, body):
    server.answer = (200, "text/html", body)
    error = refused(lambda: identity_of(connect({"host": address(server)}).calls))
    assert error.summary == "a web page comes back, not an answer of the API"
    assert error.detail is None


def later(server: ThreadingHTTPServer, *answer: object) -> Answer:
    """Return what a question is answered with after somebody has signed in."""
    me = (200, "application/json", '{"userName": "ana@example.com"}')
    server.answer = lambda path: answer if "/things" in path else me
    calls = connect({"host": address(server)}).calls
    identity_of(calls)
    return calls.get("/api/2.0/things")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("", "the answer is empty"),
        (
            '{"error_code": "INTERNAL_ERROR", "message": "boom dapi-secret-of-the-test"}',
            "INTERNAL_ERROR: boom [redacted]",
        ),
        ('{"things": [{"name": "a"}, {"na', "Unterminated string"),
        ('"a text"', "the answer is no object"),
        ("3", "the answer is no object"),
    ],
)
def test_what_is_no_whole_answer_is_a_refusal_though_its_status_says_that_all_is_well(server, body, detail):
    answer = later(server, 200, "application/json", body)
    assert answer.content is None
    assert answer.refusal.kind is Kind.FAILED
    assert answer.refusal.detail.startswith(detail)


def test_an_answer_that_broke_off_is_asked_for_again(server):
    bodies = iter(['{"things": [', '{"things": []}'])
    me = (200, "application/json", '{"userName": "ana@example.com"}')
    server.answer = lambda path: (200, "application/json", next(bodies)) if "/things" in path else me
    calls = connect({"host": address(server)}).calls
    identity_of(calls)
    assert calls.get("/api/2.0/things").content == {"things": []}


def test_a_server_cannot_make_a_question_wait_for_an_hour(server, monkeypatch):
    monkeypatch.setattr("lakewright.workspace.signing_in._LONGEST_PAUSE", 0.1)
    busy = '{"error_code": "RESOURCE_EXHAUSTED", "message": "later"}'
    began = monotonic()
    answer = later(server, 429, "application/json", busy, ("Retry-After", "5"))
    assert answer.refusal.kind is Kind.BUSY
    assert monotonic() - began < 4


def test_a_host_that_answers_with_other_json_is_no_workspace(server):
    server.answer = (200, "application/json", '{"hello": "world"}')
    error = refused(lambda: identity_of(connect({"host": address(server)}).calls))
    assert error.summary == "the host does not answer as a workspace does"


def test_an_address_from_the_browser_is_that_of_the_workspace(server):
    server.answer = lambda path: (
        (200, "application/json", '{"userName": "ana@example.com"}')
        if path.startswith("/api/")
        else (404, "application/json", "{}")
    )
    connection = connect({"host": f"{address(server)}/?o=12"})
    assert connection.host == address(server)
    assert identity_of(connection.calls).name == "ana@example.com"


def test_a_host_that_is_not_there_is_given_up_in_time():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = refused(lambda: identity_of(connect({"host": f"http://127.0.0.1:{port}"}).calls))
    assert error.summary == "the workspace does not answer"
    assert error.detail == "the host refuses the connection"
    assert "network" in error.fix


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "HTTPSConnectionPool(host='a', port=443): Max retries (Caused by NameResolutionError(\"Failed to resolve 'a'\"))",
            "no such host is known here",
        ),
        (
            "HTTPSConnectionPool(host='a', port=443): Read timed out. (read timeout=10)",
            "no connection within the time",
        ),
        (
            "(Caused by SSLError(SSLCertVerificationError(1, 'certificate verify failed')))",
            "the certificate of the host is not accepted",
        ),
        (
            "(Caused by ProxyError('Cannot connect to proxy.', timeout('timed out')))",
            "the proxy does not answer",
        ),
        ("something else", "something else"),
    ],
)
def test_why_there_is_no_answer_is_said_in_words(text, words):
    assert network_reason(text) == words


def test_no_host_is_refused_with_every_place_that_was_looked_in(tmp_path):
    error = refused(lambda: connect({}))
    assert error.summary == "no workspace is named"
    assert "workspace.host" in error.detail
    assert str(tmp_path / "none") in error.detail
    assert "databricks.yml" in error.fix


def test_no_credentials_are_refused_with_the_way_to_sign_in(server, monkeypatch, tmp_path):
    monkeypatch.delenv("DATABRICKS_TOKEN")
    monkeypatch.setenv("PATH", str(tmp_path))
    error = refused(lambda: connect({"host": address(server)}))
    assert error.summary == "there are no credentials for the workspace"
    assert "databricks auth login" in error.fix


def test_credentials_of_two_kinds_are_refused(server, monkeypatch):
    monkeypatch.setenv("DATABRICKS_USERNAME", "ana")
    monkeypatch.setenv("DATABRICKS_PASSWORD", "hunter2hunter2")
    error = refused(lambda: connect({"host": address(server)}))
    assert error.summary == "there are credentials of two kinds"
    assert "DATABRICKS_AUTH_TYPE" in error.fix
    assert "hunter2" not in str(error)


@pytest.mark.parametrize(
    "refusal",
    [
        (401, '{"error": "invalid_client", "error_description": "no: hunter2hunter2"}'),
        (400, '{"error": "invalid_scope", "error_description": "hunter2hunter2"}'),
    ],
)
def test_a_client_secret_that_is_refused_is_not_shown(server, monkeypatch, refusal):
    host = address(server)
    found = f'{{"token_endpoint": "{host}/token", "authorization_endpoint": "{host}/a", "oidc_endpoint": "{host}/oidc"}}'

    def answer(path: str) -> tuple[int, str, str]:
        status, body = refusal if path == "/token" else (200, found)
        return status, "application/json", body

    server.answer = answer
    monkeypatch.delenv("DATABRICKS_TOKEN")
    monkeypatch.setenv("DATABRICKS_CLIENT_ID", "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84")
    monkeypatch.setenv("DATABRICKS_CLIENT_SECRET", "hunter2hunter2")
    error = refused(lambda: identity_of(connect({"host": host}).calls))
    assert error.summary == "the workspace does not accept the credentials"
    assert "hunter2" not in str(error)


def test_a_profile_signs_in_with_its_own_token(server, monkeypatch, tmp_path):
    monkeypatch.delenv("DATABRICKS_TOKEN")
    (tmp_path / "none").write_text(f"[prod]\nhost = {address(server)}\ntoken = dapi-of-the-profile\n")
    server.answer = (
        200,
        "application/json",
        '{"userName": "ana@example.com", "groups": [{"display": "admins"}]}',
    )
    connection = connect({"host": address(server)})
    me = identity_of(connection.calls)
    assert (me.name, me.is_admin, connection.source, connection.auth_type) == (
        "ana@example.com",
        True,
        "the profile prod",
        "pat",
    )


def test_without_the_sdk_the_error_is_the_install_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "databricks.sdk", None)
    with pytest.raises(MissingSdkError) as raised:
        connect({"host": "https://prod.example.com"})
    assert raised.value.fix == "pip install databricks-sdk"
