"""Many events go over one connection; each answer belongs to its event, and the key goes to the named server only."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from databricks_utils.lineage import HttpTransport, LineageNotSentError

pytestmark = pytest.mark.unit

KEY = "secret-api-key"
FORWARDED = "http://lineage.invalid:80/api/v1/lineage"


@pytest.fixture
def server():
    """A server that keeps connections. `answers` are pairs of a status and a way to send it; then 200 without text."""
    state = SimpleNamespace(
        answers=[], requests=[], connections=0, closed=threading.Event(), let_go=threading.Event()
    )

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            super().setup()
            state.connections += 1

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.requests.append((self.path, dict(self.headers), body))
            status, way = state.answers.pop(0) if state.answers else (200, "")
            if way == "hang":
                state.let_go.wait(1)
            if way in ("drop", "hang"):
                self.close_connection = True
                return
            self.send_response(status)
            if way == "chunked":
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.wfile.write(b"3\r\nabc\r\n0\r\n\r\n")
                return
            text = {"": b"", "text": b"some text", "long": b"x" * 200_000}.get(way, b"")
            # `cut` announces more than it sends.
            self.send_header("Content-Length", str(len(text) + 10 * (way == "cut")))
            self.end_headers()
            self.wfile.write(text)
            self.close_connection = way in ("cut", "idle")

        def do_CONNECT(self):
            state.requests.append((self.path, dict(self.headers), b""))
            self.send_error(403)

        def finish(self):
            super().finish()
            if self.close_connection:
                self.connection.close()
                state.closed.set()

        def log_message(self, *_):
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    listening.block_on_close = False
    state.address = f"127.0.0.1:{listening.server_port}"
    state.transport = HttpTransport(f"http://{state.address}", KEY, timeout=5)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    yield state
    state.let_go.set()
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def posted(transport, number):
    with transport.connected() as post:
        return [post(f"{index}".encode()) for index in range(number)]


def test_events_go_over_one_connection_whatever_the_answers_are(server):
    server.answers = [(200, ""), (201, "text"), (400, "text"), (200, "chunked"), (503, "text"), (302, "")]
    assert posted(server.transport, 7) == [200, 201, 400, 200, 503, 302, 200]
    assert server.connections == 1
    assert [body for _, _, body in server.requests] == [b"%d" % number for number in range(7)]
    assert {(path, headers["Authorization"]) for path, headers, _ in server.requests} == {
        ("/api/v1/lineage", f"Bearer {KEY}")
    }


def test_an_event_on_its_own_leaves_no_connection_open(server):
    assert server.transport.post(b"0") == 200
    assert server.transport.post(b"1") == 200
    assert server.connections == 2


@pytest.mark.parametrize("way", ["long", "cut"])
def test_an_answer_that_is_too_long_or_cut_has_its_status_and_the_next_event_a_connection_of_its_own(
    server, way
):
    server.answers = [(200, way), (201, "")]
    assert posted(server.transport, 3) == [200, 201, 200]
    assert server.connections == 2


def test_a_connection_that_the_server_has_closed_between_events_is_opened_again(server):
    server.answers = [(200, "idle")]
    with server.transport.connected() as post:
        assert post(b"0") == 200
        assert server.closed.wait(5)
        assert post(b"1") == 200
    assert server.connections == 2
    assert [body for _, _, body in server.requests] == [b"0", b"1"]


def test_a_server_that_drops_each_event_is_an_error_and_the_connection_is_usable_again(server):
    server.answers = [(200, ""), (0, "drop"), (0, "drop")]
    with server.transport.connected() as post:
        assert post(b"0") == 200
        with pytest.raises(LineageNotSentError, match="did not answer: RemoteDisconnected"):
            post(b"1")
        assert post(b"2") == 200


def test_each_event_has_its_own_time(server):
    server.answers = [(200, ""), (0, "hang")]
    with server.transport.connected() as post:
        assert post(b"0", timeout=10) == 200
        with pytest.raises(LineageNotSentError, match="did not answer: TimeoutError"):
            post(b"1", timeout=0.05)
        assert post(b"2", timeout=10) == 200
    assert server.connections == 2


def test_a_user_and_a_password_in_the_address_are_sent_if_there_is_no_key(server):
    address = f"http://me:p%40ss@{server.address}/behind/?team=a"
    assert HttpTransport(address).post(b"") == 200
    assert HttpTransport(address, KEY).post(b"") == 200
    (path, basic, _), (_, bearer, _) = server.requests
    assert path == "/behind/api/v1/lineage?team=a"
    assert (basic["Authorization"], bearer["Authorization"]) == ("Basic bWU6cEBzcw==", f"Bearer {KEY}")
    assert basic["Host"] == server.address


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_a_proxy_forwards_events_over_one_connection(server, monkeypatch, scheme):
    monkeypatch.setenv("http_proxy", f"{scheme}me:p%40ss@{server.address}")
    assert posted(HttpTransport("http://lineage.invalid", KEY), 2) == [200, 200]
    assert server.connections == 1
    assert {(path, headers["Proxy-Authorization"]) for path, headers, _ in server.requests} == {
        (FORWARDED, "Basic bWU6cEBzcw==")
    }
    assert server.requests[0][1]["Host"] in ("lineage.invalid", "lineage.invalid:80")


def test_a_proxy_of_https_is_asked_for_a_tunnel_and_does_not_see_the_key(server, monkeypatch):
    monkeypatch.setenv("https_proxy", f"http://{server.address}")
    with pytest.raises(LineageNotSentError, match="did not answer: OSError") as problem:
        HttpTransport("https://lineage.invalid", KEY).post(b"event")
    ((path, headers, _),) = server.requests
    assert path == "lineage.invalid:443"
    assert KEY not in str(headers) + str(problem.value)


def test_a_server_that_no_proxy_leads_to_is_asked_itself(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert server.transport.post(b"") == 200


@pytest.mark.parametrize("proxy", ["http://[", "socks5://127.0.0.1:1", "http://", "http://x:port"])
def test_an_address_of_a_proxy_that_cannot_be_used_is_an_error(server, monkeypatch, proxy):
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(LineageNotSentError, match="address of the proxy"):
        server.transport.post(b"")


def test_an_address_with_https_sends_nothing_without_tls(server):
    secure = HttpTransport(f"https://{server.address}", KEY, timeout=5)
    with pytest.raises(LineageNotSentError, match="did not answer: SSL"):
        secure.post(b"event")
    assert server.requests == []
