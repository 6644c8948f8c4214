"""Events are sent from where the last sending ended: nothing is lost while the server is down, and the key is in no message."""

import io
import json
import os
import shutil
import threading
from contextlib import nullcontext, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from databricks_utils.lineage import HttpTransport, LineageNotSentError
from databricks_utils.lineage.connection import Connection
from lakewright.lineage.lines import Line, read_lines
from lakewright.lineage.sending.after_run import send_after_run
from lakewright.lineage.sending.new_events import Sent, send_new
from lakewright.lineage.sending.positions import Positions

pytestmark = pytest.mark.unit

KEY = "secret-api-key"


@pytest.fixture
def server():
    """A server on the loopback address. `answers` are the next statuses; `hang` waits, `drop` ends the connection; then 200."""
    state = SimpleNamespace(answers=[], taken=[], keys=set(), path=set(), let_go=threading.Event())

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = state.answers.pop(0) if state.answers else 200
            state.keys.add(self.headers.get("Authorization"))
            state.path.add(self.path)
            if answer == "hang":
                state.let_go.wait(20)
            if answer in ("hang", "drop"):
                self.close_connection = True
                return
            if answer == 200:
                state.taken.append(json.loads(body)["run"]["runId"])
            self.send_response(answer)
            self.end_headers()

        def log_message(self, *_):
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.transport = HttpTransport(f"http://127.0.0.1:{listening.server_port}", KEY, timeout=0.2)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    yield state
    state.let_go.set()
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def write(folder, *runs, name="2026-03-01.jsonl", tail=""):
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("".join(json.dumps({"run": {"runId": run}}) + "\n" for run in runs) + tail)


def send(folder, server):
    return send_new(folder, server.transport, pause=lambda _: None)


def end(folder, name="2026-03-01.jsonl"):
    """Where the next sending begins in a file."""
    (files,) = json.loads((folder / "sent.json").read_text(encoding="utf-8")).values()
    return files[name]["end"]


def test_each_event_is_posted_once_with_the_key_and_only_new_ones_the_next_time(folder, server):
    write(folder, "a", "b")
    write(folder, "c", name="2026-03-02.python.jsonl")
    assert send(folder, server) == Sent(posted=3)
    assert send(folder, server) == Sent()
    write(folder, "d")
    assert send(folder, server) == Sent(posted=1)
    assert server.taken == ["a", "b", "c", "d"]
    assert (server.keys, server.path) == ({f"Bearer {KEY}"}, {"/api/v1/lineage"})


def test_all_events_go_over_one_connection(folder, server, monkeypatch):
    write(folder, "a", "b", "c")
    opened, connect = [], Connection.__init__

    def count(self, *arguments):
        opened.append(self)
        connect(self, *arguments)

    monkeypatch.setattr(Connection, "__init__", count)
    assert send(folder, server) == Sent(posted=3)
    assert len(opened) == 1


@pytest.mark.parametrize("answer", [500, 503, 429, "hang", "drop"])
def test_what_may_pass_is_tried_again(folder, server, answer):
    write(folder, "a", "b")
    server.answers = [answer, answer]
    assert send(folder, server) == Sent(posted=2)
    assert server.taken == ["a", "b"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (500, "answered 500"),
        ("hang", "did not answer"),
        ("drop", "did not answer"),
        (401, "answered 401"),
        (302, "answered 302"),
    ],
)
def test_a_server_that_takes_nothing_loses_nothing(folder, server, answer, said):
    write(folder, "a", "b", "c")
    server.answers = [200, *[answer] * 3]
    with pytest.raises(LineageNotSentError, match=said) as problem:
        send(folder, server)
    assert KEY not in str(problem.value)
    server.answers = []
    assert send(folder, server) == Sent(posted=2)
    assert server.taken == ["a", "b", "c"]


def test_a_server_that_is_not_there_is_an_error_and_loses_nothing(folder, server):
    write(folder, "a")
    nobody = HttpTransport("http://127.0.0.1:1", KEY)
    with pytest.raises(LineageNotSentError, match="did not answer"):
        send_new(folder, nobody, pause=lambda _: None)
    assert send(folder, server) == Sent(posted=1)


@pytest.mark.parametrize("answer", [400, 413, 422])
def test_an_event_that_the_server_does_not_want_does_not_hold_up_the_others(folder, server, answer):
    write(folder, "a", "b", "c")
    server.answers = [200, answer]
    assert send(folder, server) == Sent(posted=2, refused=1, places=("2026-03-01.jsonl, byte 24",))
    assert server.taken == ["a", "c"]


def test_of_many_events_that_the_server_does_not_want_the_first_ten_places_are_kept(folder):
    (folder / "x.jsonl").write_bytes(b'{"run": {"runId": ""}}\r\n' * 500)
    nobody_wants = SimpleNamespace(
        url="http://x", timeout=1, connected=lambda: nullcontext(lambda *_, **__: 400)
    )
    sent = send_new(folder, nobody_wants, pause=lambda _: None)
    assert sent.refused == 500
    assert sent.places == tuple(f"x.jsonl, byte {24 * number}" for number in range(10))


def test_a_line_that_is_half_written_is_sent_when_it_is_whole(folder, server):
    write(folder, "a", tail='{"run": {"run')
    assert send(folder, server) == Sent(posted=1)
    write(folder, tail='Id": "b"}}\n')
    assert send(folder, server) == Sent(posted=1)
    assert server.taken == ["a", "b"]


def test_damaged_lines_are_counted_and_no_event_is_lost(folder, server):
    write(folder, "a", tail='{"run": {"run\n[]\n\n\x00\n')
    write(folder, "b")
    assert send(folder, server) == Sent(posted=2, damaged=3)


def test_a_line_that_is_too_long_for_an_event_is_a_damaged_one(folder, server, monkeypatch):
    write(folder, "a", tail="x" * 2000 + "\n")
    write(folder, "b")
    monkeypatch.setattr("lakewright.lineage.sending.new_events.read_lines", partial(read_lines, maximum=1000))
    assert send(folder, server) == Sent(posted=2, damaged=1)


def test_a_file_that_was_removed_and_made_anew_is_sent_from_its_start(folder, server):
    write(folder, "a", "b")
    send(folder, server)
    (folder / "2026-03-01.jsonl").unlink()
    write(folder, "c")
    assert send(folder, server) == Sent(posted=1)
    assert server.taken == ["a", "b", "c"]


def test_a_file_that_was_made_anew_and_is_longer_is_sent_from_its_start(folder, server):
    write(folder, "a", "b")
    send(folder, server)
    (folder / "2026-03-01.jsonl").unlink()
    write(folder, "c", "d", "e", "f")
    assert send(folder, server) == Sent(posted=4)
    assert server.taken == ["a", "b", "c", "d", "e", "f"]


def test_a_file_that_was_cut_is_sent_from_its_start(folder, server):
    write(folder, "a", "b")
    send(folder, server)
    os.truncate(folder / "2026-03-01.jsonl", 24)
    assert send(folder, server) == Sent(posted=1)


def test_files_that_are_gone_have_no_position_and_other_servers_keep_theirs(folder, server):
    write(folder, "a")
    write(folder, "b", name="gone.jsonl")
    other = SimpleNamespace(url="http://x", timeout=1, connected=lambda: nullcontext(lambda *_, **__: 200))
    assert send_new(folder, other, pause=lambda _: None) == Sent(posted=2)
    (folder / "gone.jsonl").unlink()
    write(folder, "c")
    assert send(folder, server) == Sent(posted=2)
    assert send_new(folder, other, pause=lambda _: None) == Sent(posted=1)
    assert "gone.jsonl" not in (folder / "sent.json").read_text(encoding="utf-8")
    assert send(folder, server) == Sent()


def test_a_file_that_was_copied_with_its_positions_is_not_sent_again(folder, server, tmp_path_factory):
    write(folder, "a", "b")
    send(folder, server)
    copied = tmp_path_factory.mktemp("copy") / "lineage"
    shutil.copytree(folder, copied)
    write(copied, "c")
    assert send(copied, server) == Sent(posted=1)


def test_a_file_that_is_removed_while_others_are_sent_is_left_out(folder, server, monkeypatch):
    write(folder, "a", name="1.jsonl")
    write(folder, "b", name="2.jsonl")
    write(folder, "c", name="3.jsonl")
    post = Connection.post

    def remove(*arguments, **options):
        (folder / "2.jsonl").unlink(missing_ok=True)
        return post(*arguments, **options)

    monkeypatch.setattr(Connection, "post", remove)
    assert send(folder, server) == Sent(posted=2)
    assert server.taken == ["a", "c"]


@pytest.mark.parametrize("known", [{}, [], 24, "24", {"end": 24}, {"end": -1, "begins": ""}, {"end": "x"}])
def test_positions_of_another_form_send_all_again(folder, server, known):
    write(folder, "a")
    send(folder, server)
    path = folder / "sent.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({name: {"2026-03-01.jsonl": known} for name in found}), encoding="utf-8")
    assert send(folder, server) == Sent(posted=1)


def test_positions_that_are_damaged_send_all_again(folder, server):
    write(folder, "a")
    send(folder, server)
    (folder / "sent.json").write_text('{"', encoding="utf-8")
    assert send(folder, server) == Sent(posted=1)


def test_another_server_gets_all_events_and_no_address_is_written(folder, server):
    write(folder, "a")
    other = HttpTransport(server.transport.url.replace("http://", "http://user:password@"))
    assert send(folder, server) == Sent(posted=1)
    with pytest.raises(LineageNotSentError):
        send_new(folder, HttpTransport("http://127.0.0.1:1"), pause=lambda _: None)
    assert "127.0.0.1" not in (folder / "sent.json").read_text(encoding="utf-8")
    assert other.host == "127.0.0.1"


def test_two_senders_do_not_send_twice(folder, server):
    write(folder, "a")
    server.answers = ["hang"]
    slow = HttpTransport(server.transport.url, KEY, timeout=10)
    first = threading.Thread(target=lambda: send_new(folder, slow, pause=lambda _: None))
    first.start()
    while server.answers:
        pass
    assert send(folder, server) == Sent(is_busy=True)
    server.let_go.set()
    first.join()
    assert server.taken == ["a"]


def test_a_folder_that_does_not_exist_has_nothing_to_send(tmp_path, server):
    assert send(tmp_path / "nothing", server) == Sent()


def test_a_line_that_is_too_long_for_an_event_is_not_kept_and_its_end_is_known(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"a\n" + b"x" * 50 + b"\nb\n" + b"y" * 20)
    assert list(read_lines(path, maximum=16)) == [
        Line(b"a", 0, 2),
        Line(b"", 2, 53, is_kept=False),
        Line(b"b", 53, 55),
        Line(b"", 55, 75, is_ended=False, is_kept=False),
    ]
    assert next(read_lines(path, start=53, maximum=16)).text == b"b"


def test_a_line_that_is_finished_while_it_is_read_is_not_cut():
    class Growing(io.BytesIO):
        """The writer finishes the line as soon as its first part was read."""

        def readline(self, size=-1, /):
            found, place = super().readline(size), self.tell()
            if place == 6:
                self.seek(0, io.SEEK_END)
                self.write(b"9\nc\n")
                self.seek(place)
            return found

    path = SimpleNamespace(open=lambda _: Growing(b"a\n1234"))
    assert list(read_lines(path)) == [Line(b"a", 0, 2), Line(b"1234", 2, 6, is_ended=False)]


@pytest.fixture
def named(monkeypatch, server):
    monkeypatch.setenv("OPENLINEAGE_URL", server.transport.url)
    monkeypatch.setenv("OPENLINEAGE_API_KEY", KEY)


@pytest.mark.usefixtures("named")
def test_the_end_of_a_run_sends_what_is_new(folder, server):
    write(folder, "a", "b")
    assert send_after_run(folder) is None
    assert server.taken == ["a", "b"]


def test_the_end_of_a_run_without_a_server_sends_nothing(folder, monkeypatch):
    monkeypatch.delenv("OPENLINEAGE_URL", raising=False)
    write(folder, "a")
    assert send_after_run(folder) is None
    assert not (folder / "sent.json").exists()


@pytest.mark.usefixtures("named")
def test_a_server_that_fails_is_a_warning_at_the_end_of_a_run(folder, server):
    write(folder, "a")
    server.answers = [401]
    warning = send_after_run(folder)
    assert "answered 401" in warning
    assert "lakewright lineage --send" in warning
    assert KEY not in warning
    server.answers = [400]
    assert "did not want 1 event(s)" in send_after_run(folder)


@pytest.mark.usefixtures("named")
def test_a_server_that_hangs_holds_the_end_of_a_run_for_seconds_only_and_the_next_run_goes_on(folder, server):
    write(folder, "a", "b", "c", "d")
    server.answers = [200, 200, "hang"]
    assert "only 2 event(s) of lineage were sent within 1 seconds" in send_after_run(folder, seconds=1)
    assert end(folder) == 48
    server.answers = []
    assert send_after_run(folder) is None
    assert server.taken == ["a", "b", "c", "d"]


@pytest.fixture
def clock(monkeypatch):
    """The clock of the sending; `now[0]` is its time in seconds."""
    now = [0.0]
    for module in ("new_events", "attempts"):
        clock = SimpleNamespace(monotonic=lambda: now[0])
        monkeypatch.setattr(f"lakewright.lineage.sending.{module}.time", clock)
    return now


@pytest.mark.usefixtures("named")
def test_a_sender_that_cannot_end_in_time_has_saved_what_was_answered(folder, clock, monkeypatch):
    """The process ends while its thread is in a call that no timeout ends."""
    write(folder, "a", "b", "c")
    let_go = threading.Event()

    def post(_, body, **__):
        if b'"c"' in body:
            let_go.wait(20)
            raise TimeoutError
        clock[0] += 0.3
        return 200

    monkeypatch.setattr(Connection, "post", post)
    monkeypatch.setattr("lakewright.lineage.sending.after_run._LONGER", 0.0)
    try:
        assert "not sent within 1 seconds" in send_after_run(folder, seconds=1)
        assert end(folder) == 48
    finally:
        let_go.set()


def test_runs_with_a_slow_server_send_all_events_one_after_another(folder, server, clock, monkeypatch):
    write(folder, *"abcdefghij")
    post = Connection.post

    def slow(self, body, **options):
        clock[0] += 3
        return post(self, body, **options)

    monkeypatch.setattr(Connection, "post", slow)
    found = [send_new(folder, server.transport, seconds=10, pause=lambda _: None) for _ in range(4)]
    assert found == [*[Sent(posted=4, is_late=True)] * 2, Sent(posted=2), Sent()]
    assert server.taken == list("abcdefghij")


def test_a_fast_server_does_not_wait_for_the_disk_after_each_event(folder, server, clock, monkeypatch):
    write(folder, *"abcdefghij")
    saved, save = [], Positions.write
    monkeypatch.setattr(Positions, "write", lambda self: (saved.append(self.files), save(self)))
    assert send(folder, server) == Sent(posted=10)
    assert (len(saved), clock) == (1, [0.0])
    assert end(folder) == 240


def test_no_pause_is_longer_than_the_time_that_is_left(folder, server, clock):
    write(folder, "a")
    server.answers = [503, 503, 503]
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        clock[0] += seconds

    assert send_new(folder, server.transport, seconds=0.2, pause=pause) == Sent(is_late=True)
    assert pauses == [0.0, 0.2]
    assert server.answers == [503, 503]


def test_a_folder_whose_positions_cannot_be_kept_is_an_error_with_its_place(folder, server):
    write(folder, "a")
    (folder / "sent.json").mkdir()
    with pytest.raises(LineageNotSentError, match="could not be kept") as problem:
        send(folder, server)
    assert problem.value.location == str(folder)


@pytest.mark.parametrize("url", ["ftp://x", "http://[", "http://x:99999"])
def test_an_address_that_is_not_one_of_http_is_a_warning_at_the_end_of_a_run(folder, monkeypatch, url):
    monkeypatch.setenv("OPENLINEAGE_URL", url)
    assert "not one of HTTP" in send_after_run(folder)


@pytest.mark.usefixtures("named")
def test_a_mistake_of_ours_is_a_warning_without_its_text_at_the_end_of_a_run(folder, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError(KEY)

    write(folder, "a")
    monkeypatch.setattr(Connection, "post", fail)
    warning = send_after_run(folder)
    assert "RuntimeError" in warning
    assert KEY not in warning


class Failing(HttpTransport):
    """A server in memory that fails after some events."""

    def __init__(self):
        super().__init__("http://127.0.0.1:1")
        object.__setattr__(self, "taken", [])
        object.__setattr__(self, "left", 0)

    def connected(self):
        return nullcontext(self.post)

    def post(self, body, *, timeout=None):
        if self.left == 0:
            raise self.problem("did not answer")
        object.__setattr__(self, "left", self.left - 1)
        self.taken.append(json.loads(body)["run"]["runId"])
        return 200


_PART = st.integers(1, 40)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from("ab"), _PART),
        st.tuples(st.just("damage"), st.sampled_from("ab"), st.binary(max_size=8)),
        st.tuples(st.just("send"), st.just(""), st.integers(0, 4)),
    ),
    max_size=25,
)


@given(steps=_STEPS)
@settings(max_examples=60, deadline=None)
def test_whatever_fails_in_between_each_whole_event_arrives_in_the_order_of_its_file(tmp_path_factory, steps):
    folder, server = tmp_path_factory.mktemp("lineage"), Failing()
    written, begun = {"a": [], "b": []}, {"a": b"", "b": b""}

    def append(name, data):
        with (folder / f"{name}.jsonl").open("ab") as file:
            file.write(data)

    for number, (kind, name, value) in enumerate(steps):
        if kind == "write":
            line = json.dumps({"run": {"runId": f"{name}{number}"}}).encode() + b"\n"
            append(name, begun[name] + line[:value])  # the rest of a line follows with the next one
            begun[name] = line[value:]
            written[name].append(f"{name}{number}")
        elif kind == "damage":
            append(name, begun[name] + value.replace(b"\n", b"") + b"\n")
            begun[name] = b""
        else:
            object.__setattr__(server, "left", value)
            with suppress(LineageNotSentError):
                send_new(folder, server, pause=lambda _: None)
    for name, rest in begun.items():
        append(name, rest)
    object.__setattr__(server, "left", 1000)
    send_new(folder, server, pause=lambda _: None)
    arrived = list(dict.fromkeys(server.taken))
    for name, events in written.items():
        assert [run for run in arrived if run.startswith(name)] == events
