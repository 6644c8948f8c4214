"""A command that the warm process runs behaves as one that Python has started: the same code runs both ways."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.unit,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only"),
]
LOOK = """
import json, os, resource, signal, sys, time
def stream(s):
    return [s.name, s.encoding, s.errors, s.line_buffering, s.write_through, s.isatty(), s.newlines]
def main():
    os.environ.pop("LAKEWRIGHT_TASK_PROCESS", None)
    print(json.dumps({
        "parent": int(os.environ.pop("LAKEWRIGHT_PARENT_PID", os.getppid())), "environ": dict(os.environ),
        "argv": sys.argv, "cwd": os.getcwd(), "umask": os.umask(0), "path": sys.path, "executable": sys.executable,
        "streams": [stream(s) for s in (sys.stdin, sys.stdout, sys.stderr)],
        "signals": {n: str(signal.getsignal(n)) for n in sorted(map(int, signal.valid_signals()))},
        "limits": [resource.getrlimit(n) for n in range(15)], "time": time.tzname, "read": sys.stdin.read(),
        "descriptors": os.listdir("/proc/self/fd"), "threads": len(os.listdir("/proc/self/task")),
        "children": open(f"/proc/self/task/{os.getpid()}/children").read(),
    }, indent=1, sort_keys=True))
    return 7
"""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_it_sees_the_same_arguments_environment_streams_signals_and_limits(
    warm: Any, tmp_path: Path, unbuffered: str
) -> None:
    warm.start("probe_ahead")
    warm.probe(LOOK)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    options = {
        "input": "täxt\n".encode(),
        "cwd": folder,
        "env": warm.environ(SECRET="ß \udce4", TZ="America/New_York", PYTHONUNBUFFERED=unbuffered),
        "preexec_fn": lambda: os.umask(0o027),
    }
    alone, forked = (warm.run(warm=way, **options) for way in (False, True))
    assert alone.returncode == 7, alone.stderr
    assert forked.returncode == 7, forked.stderr
    seen, expected = json.loads(forked.stdout), json.loads(alone.stdout)
    assert {name: (seen[name], expected[name]) for name in seen if seen[name] != expected[name]} == {}


@pytest.mark.parametrize(
    "setting",
    [{"PYTHONIOENCODING": "latin-1:replace"}, {"PYTHONUNBUFFERED": "1"}, {"PYTHONFAULTHANDLER": "1"}],
)
def test_the_streams_follow_the_environment(warm: Any, setting: dict[str, str]) -> None:
    warm.start("probe_ahead")
    warm.probe(
        "import faulthandler, sys\ndef main():\n"
        "    print('ä', sys.stdout.encoding, sys.stdout.write_through, sys.stdin.errors, faulthandler.is_enabled())"
    )
    alone, forked = (warm.run(warm=way, env=warm.environ(**setting)) for way in (False, True))
    assert (forked.stdout, forked.stderr, forked.returncode) == (alone.stdout, alone.stderr, 0)


ENDS = {
    "nothing": "pass",
    "a code": "return 3",
    "a text": "return 'this is why'",
    "exit": "sys.exit(4)",
    "an exception": "raise ValueError('wrong')",
    "an interrupt": "raise KeyboardInterrupt",
    "a signal": "os.kill(os.getpid(), signal.SIGTERM)",
    "a kill": "os.kill(os.getpid(), signal.SIGKILL)",
    "at once": "os._exit(5)",
    "what is left to do": "atexit.register(print, 'at exit'); print('first')",
    "a thread": "threading.Thread(target=lambda: (threading.main_thread().join(), print('thread'))).start(); print('first')",
    "an unflushed line": "print('no newline', end='')",
    "processes": "print(subprocess.run(['sh', '-c', 'echo from a shell; exit 2']).returncode, flush=True)",
    "a new interpreter": "with multiprocessing.get_context('spawn').Pool(1) as pool: print(pool.map(abs, [-3]))",
    "a fork": "with multiprocessing.get_context('fork').Pool(1) as pool: print(pool.map(abs, [-3]))",
}


@pytest.mark.parametrize("end", ENDS)
def test_it_ends_in_the_same_way(warm: Any, end: str) -> None:
    warm.start("probe_ahead")
    warm.probe(
        "import atexit, multiprocessing, os, signal, subprocess, sys, threading, time\n"
        f"def main():\n    print('start', flush=True)\n    {ENDS[end]}\n"
    )
    alone, forked = (warm.run(warm=way) for way in (False, True))
    assert forked.returncode == alone.returncode
    assert forked.stdout == alone.stdout
    # The frames above `main` differ.
    assert forked.stderr.splitlines()[-1:] == alone.stderr.splitlines()[-1:]


def test_a_closed_pipe_ends_both(warm: Any) -> None:
    warm.start("probe_ahead")
    warm.probe("def main():\n    for number in range(100_000): print(number)\n")
    ends = []
    for way in (False, True):
        with subprocess.Popen(
            warm.command(warm=way), env=warm.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"0\n"
            process.stdout.close()
            assert process.stderr is not None
            code = process.wait(30)
            # 120 if the last flush fails as well, which depends on what was in the buffer.
            ends.append((code in {1, 120}, b"BrokenPipeError" in process.stderr.read()))
    assert ends == [(True, True)] * 2


SLEEPS = (
    "import os, signal, time\ndef main():\n    print('ready', os.getpid(), flush=True)\n    time.sleep(60)\n"
)


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1]
)
def test_a_signal_reaches_it_and_ends_both(warm: Any, number: signal.Signals) -> None:
    warm.start("probe_ahead")
    warm.probe(SLEEPS)
    ends = []
    for way in (False, True):
        with subprocess.Popen(
            warm.command(warm=way), env=warm.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(b"ready")
            process.send_signal(number)
            _, errors = process.communicate(timeout=30)
            ends.append((process.returncode, errors.splitlines()[-1:]))
    assert ends[0] == ends[1] == (-number, [b"KeyboardInterrupt"] if number == signal.SIGINT else [])


def test_a_signal_that_is_ignored_from_the_start_stays_ignored(warm: Any) -> None:
    warm.start("probe_ahead")
    warm.probe("import os, signal\ndef main():\n    os.kill(os.getpid(), signal.SIGINT)\n    print('on')\n")
    ignore = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)}
    assert [warm.run(warm=way, **ignore).stdout for way in (False, True)] == [b"on\n", b"on\n"]


def test_it_stops_with_its_caller_and_goes_on_with_it(warm: Any) -> None:
    warm.start("probe_ahead")
    warm.probe(
        "import os\ndef main():\n    print(os.getpid(), flush=True)\n    input()\n    print('went on')\n"
    )
    with subprocess.Popen(
        warm.command(warm=True), env=warm.environ(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        forked = int(process.stdout.readline())
        process.send_signal(signal.SIGTSTP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        while _state(forked) != "T":
            time.sleep(0.01)
        process.send_signal(signal.SIGCONT)
        output, _ = process.communicate(b"\n", timeout=30)
    assert output == b"went on\n"


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[-1].split()[0]


def test_a_caller_that_is_killed_leaves_no_process(warm: Any) -> None:
    warm.start("probe_ahead")
    warm.probe(SLEEPS)
    with subprocess.Popen(warm.command(warm=True), env=warm.environ(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        forked = os.pidfd_open(int(process.stdout.readline().split()[-1]))
        process.kill()
        assert process.stdout.read() == b""  # the last one that could write has ended
    os.close(forked)


def test_it_ends_when_the_warm_process_is_killed(warm: Any) -> None:
    server = warm.start("probe_ahead")
    warm.probe(SLEEPS)
    with subprocess.Popen(warm.command(warm=True), env=warm.environ(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"ready")
        os.kill(server, signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
        assert process.stdout.read() == b""


def test_a_terminal_is_a_terminal_with_its_size_and_its_input(warm: Any) -> None:
    warm.start("probe_ahead")
    warm.probe(
        "import os, sys\ndef main():\n    print(sys.stdout.isatty(), sys.stdout.line_buffering, *os.get_terminal_size())\n"
        "    print(input('name? '))\n"
    )
    seen = [_on_a_terminal(warm.command(warm=way), warm.environ()) for way in (False, True)]
    assert seen[0] == seen[1]
    assert b"True True 77 33" in seen[0]
    assert seen[0].endswith(b"you\r\n")


def _on_a_terminal(command: list[str], environ: dict[str, str]) -> bytes:
    """Run a command on a terminal of 77 columns, as its foreground, and type `you`."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(command[0], command, environ)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 77, 0, 0))
    os.write(terminal, b"you\n")
    seen = b""
    try:
        while part := os.read(terminal, 1024):
            seen += part
    except OSError:  # the end of a terminal
        pass
    os.close(terminal)
    assert os.waitpid(pid, 0)[1] == 0
    return seen


def test_ctrl_c_on_a_terminal_interrupts_it(warm: Any) -> None:
    warm.start("probe_ahead")
    warm.probe(SLEEPS)
    command, environ = warm.command(warm=True), warm.environ()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(command[0], command, environ)
    with open(terminal, "rb+", buffering=0) as screen:  # noqa: PTH123 - a descriptor
        assert screen.readline().startswith(b"ready")
        screen.write(b"\x03")
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGINT
