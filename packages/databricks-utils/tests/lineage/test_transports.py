"""Events reach a file or a server; a server that fails ends no step, and the token is in no message."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest

from databricks_utils.lineage import (
    FileTransport,
    HttpTransport,
    LineageNotSentError,
    LineageSettingError,
    Source,
    record,
)

pytestmark = pytest.mark.unit

TOKEN = "dapi-secret-token"


@pytest.fixture
def server():
    """A server on the loopback address; `answer` is its status."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((self.path, self.headers.get("Authorization"), json.loads(body)))
            self.send_response(state.answer)
            if state.answer == 302:
                self.send_header("Location", f"{state.url}/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    state = SimpleNamespace(taken=taken, answer=201, url=f"http://127.0.0.1:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    yield state
    listening.shutdown()
    thread.join()
    listening.server_close()


def session(tmp_path=None, **settings):
    """A session with these settings; with a folder, one of the local engine."""
    known = {f"spark.lakewright.lineage.{key}": value for key, value in settings.items()}
    if tmp_path is not None:
        known["spark.lakewright.lakehouse"] = str(tmp_path / "shop" / ".lakewright" / "lakehouse")
    return SimpleNamespace(conf=SimpleNamespace(get=lambda name, default=None: known.get(name, default)))


def recorded(spark, **options):
    columns = {"score": [("c.f.t", "x")]}
    record(spark, "score", inputs=[Source("c.f.t")], output="c.g.p", columns=columns, **options)


@pytest.fixture(autouse=True)
def _no_server(monkeypatch):
    for name in ("OPENLINEAGE_URL", "OPENLINEAGE_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def lines(folder):
    return [
        json.loads(line) for path in folder.glob("*.python.jsonl") for line in path.read_text().splitlines()
    ]


def test_a_file_gets_one_line_for_each_event_and_several_writers_do_not_mix_them(tmp_path):
    transport = FileTransport(tmp_path / "deep" / "lineage")
    threads = [
        threading.Thread(target=lambda: [transport.send({"a": "x" * 5000}) for _ in range(20)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(item["a"]) for item in lines(tmp_path / "deep" / "lineage")] == [5000] * 80


def test_a_step_on_the_local_engine_is_recorded_beside_its_statements(tmp_path):
    recorded(session(tmp_path, job="scoring", task="score", run_id="r1"))
    start, end = lines(tmp_path / "shop" / ".lakewright" / "lineage")
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert end["inputs"][0]["namespace"] == "lakewright://shop"
    assert end["run"]["facets"]["lakewright"]["run_id"] == "r1"


def test_a_step_on_the_local_engine_waits_for_no_server(tmp_path, server, monkeypatch):
    monkeypatch.setenv("OPENLINEAGE_URL", server.url)
    recorded(session(tmp_path), strict=True)
    assert len(lines(tmp_path / "shop" / ".lakewright" / "lineage")) == 2
    assert server.taken == []


def test_lineage_that_is_switched_off_writes_nothing(tmp_path):
    recorded(session(tmp_path, enabled="false"))
    assert not (tmp_path / "shop").exists()


def test_a_session_without_an_engine_and_without_a_server_records_nothing(tmp_path, caplog):
    recorded(session())
    assert caplog.text == ""


def test_a_server_gets_both_events_with_the_token(server, monkeypatch):
    monkeypatch.setenv("OPENLINEAGE_URL", server.url + "/")
    monkeypatch.setenv("OPENLINEAGE_API_KEY", TOKEN)
    recorded(session(namespace="databricks://prod"))
    assert [(path, key, event["eventType"]) for path, key, event in server.taken] == [
        ("/api/v1/lineage", f"Bearer {TOKEN}", "START"),
        ("/api/v1/lineage", f"Bearer {TOKEN}", "COMPLETE"),
    ]
    assert server.taken[0][2]["job"]["namespace"] == "databricks://prod"


def test_a_server_without_a_token_gets_no_header(server):
    HttpTransport(server.url).send({})
    assert server.taken == [("/api/v1/lineage", None, {})]


@pytest.mark.parametrize("answer", [302, 401, 500])
def test_an_answer_that_is_not_success_is_a_warning_without_the_token(server, monkeypatch, caplog, answer):
    server.answer = answer
    monkeypatch.setenv("OPENLINEAGE_URL", server.url)
    monkeypatch.setenv("OPENLINEAGE_API_KEY", TOKEN)
    recorded(session())
    assert f"answered {answer}" in caplog.text
    assert TOKEN not in caplog.text
    assert len(server.taken) == 1, "a redirect was followed"


def test_an_answer_that_is_not_success_is_an_error_where_it_is_asked_for(server, monkeypatch):
    server.answer = 500
    monkeypatch.setenv("OPENLINEAGE_URL", server.url)
    with pytest.raises(LineageNotSentError, match="answered 500") as problem:
        recorded(session(), strict=True)
    assert "unset OPENLINEAGE_URL" in problem.value.fix


def test_a_server_that_is_not_there_ends_no_step(server, monkeypatch, caplog):
    monkeypatch.setenv("OPENLINEAGE_URL", "http://127.0.0.1:1")
    recorded(session())
    assert "did not answer" in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "lineage.example.com", "http://", "ftp://x", "http://["),
        *("http://x:99999", "http://x:port", "http://[::1", "http://a b", "http://x/\ny"),
    ],
)
def test_an_address_that_is_not_one_of_http_is_refused(url, monkeypatch, caplog):
    with pytest.raises(LineageSettingError) as problem:
        HttpTransport(url)
    assert "https://" in problem.value.fix
    monkeypatch.setenv("OPENLINEAGE_URL", url)
    recorded(session())
    assert "not one of HTTP" in caplog.text


@pytest.mark.parametrize("token", [f"{TOKEN}\nX-Other: 1", f"{TOKEN}\r", f"{TOKEN}\x07", f"{TOKEN}€"])
def test_a_token_that_no_header_can_hold_is_refused_and_not_shown(token, monkeypatch, caplog):
    with pytest.raises(LineageSettingError) as problem:
        HttpTransport("https://x", token)
    assert "one line" in problem.value.fix
    assert problem.value.location == "OPENLINEAGE_API_KEY"
    assert TOKEN not in str(problem.value)
    monkeypatch.setenv("OPENLINEAGE_URL", "https://x")
    monkeypatch.setenv("OPENLINEAGE_API_KEY", f"a{token}a")
    recorded(session())
    assert "no header can hold" in caplog.text
    assert TOKEN not in caplog.text


def test_spaces_and_line_ends_around_the_address_and_the_token_do_not_count():
    named = {"OPENLINEAGE_URL": " https://x\n", "OPENLINEAGE_API_KEY": f" {TOKEN}\r\n"}
    assert HttpTransport.of_environment(named) == HttpTransport("https://x", TOKEN)
    assert HttpTransport.of_environment({**named, "OPENLINEAGE_API_KEY": "\n"}) == HttpTransport("https://x")


def test_the_token_is_not_shown_with_the_transport():
    assert TOKEN not in repr(HttpTransport("https://x", TOKEN))


def test_a_folder_that_cannot_be_written_ends_no_step(tmp_path, caplog):
    (tmp_path / "shop").write_text("a file", encoding="utf-8")
    recorded(session(tmp_path))
    assert "could not be written" in caplog.text
    with pytest.raises(LineageNotSentError, match="could not be written"):
        recorded(session(tmp_path), strict=True)


def test_a_mistake_in_an_event_ends_no_step_either(tmp_path, caplog):
    record(session(tmp_path), "score", inputs=[None], output="c.g.p", columns={})
    assert "AttributeError" in caplog.text
    with pytest.raises(LineageNotSentError, match="AttributeError"):
        record(session(tmp_path), "score", inputs=[None], output="c.g.p", columns={}, strict=True)
