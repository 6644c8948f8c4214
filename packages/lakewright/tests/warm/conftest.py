"""A project with a process that is taken for its engine, and programs that run on their own or in a process forked from its warm one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from lakewright.warm.client import start_server
from lakewright.warm.place import WarmPlace

_AHEAD = "import os, pathlib\nPID = os.getpid()\npathlib.Path(__file__).with_suffix('.imported').touch()\n"
_NOT_A_USERS = {"LAKEWRIGHT_TASK_PROCESS", "LAKEWRIGHT_WARM", "PYTHONUNBUFFERED"}
# Runs the function `main` of the module `probe`: in a forked process, or in this one.
_HAND_OVER = """
import sys
from pathlib import Path
from lakewright.warm.handover import hand_over
hand_over(Path({project!r}), "probe:main", modules=["probe_ahead"])
sys.exit(99)
"""
_ALONE = """
import sys
import probe
if __name__ == "__main__":
    sys.exit(probe.main())
"""


@pytest.fixture(autouse=True)
def signals_of_a_terminal() -> Iterator[None]:
    """Let programs begin as in a terminal: what starts tests in the background may ignore these signals, and children would too."""
    wanted = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGHUP: signal.SIG_DFL,
        signal.SIGQUIT: signal.SIG_DFL,
    }
    before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@dataclass
class Warm:
    """A project below a folder of the test."""

    project: Path
    engine: subprocess.Popen[bytes]

    @property
    def place(self) -> WarmPlace:
        return WarmPlace(self.project)

    @property
    def ahead(self) -> Path:
        return self.project / "ahead"

    def environ(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_A_USERS}
        return {**kept, "PYTHONPATH": str(self.ahead), **more}

    def start(self, *modules: str, **more: str) -> int:
        """Start the warm process, and return its id when it has answered."""
        connection, process = start_server(self.place, self.environ(**more), modules)
        with connection:
            answer = json.loads(connection.recv(1 << 16))
        assert answer == {"welcome": process.pid}
        self.processes.append(process)
        while process.poll() is None and not all(map(self.is_imported, modules)):
            time.sleep(0.01)
        return process.pid

    def __post_init__(self) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []

    def is_imported(self, name: str) -> bool:
        return (self.ahead / f"{name}.imported").exists()

    def probe(self, code: str) -> None:
        (self.ahead / "probe.py").write_text(code, encoding="utf-8")

    def command(self, *, warm: bool) -> list[str]:
        """Return the command that runs the probe, on its own or by the warm process."""
        program = self.project / "bin" / "program"  # the same `sys.argv` for both
        program.parent.mkdir(exist_ok=True)
        program.write_text(_HAND_OVER.format(project=str(self.project)) if warm else _ALONE, encoding="utf-8")
        return [sys.executable, str(program), "one", "two words"]

    def run(self, *, warm: bool, **options: object) -> subprocess.CompletedProcess[bytes]:
        given: Mapping[str, object] = {
            "env": self.environ(),
            "capture_output": True,
            "timeout": 60,
            **options,
        }
        return subprocess.run(self.command(warm=warm), check=False, **given)  # type: ignore[call-overload,no-any-return]  # the options vary


@pytest.fixture
def warm(tmp_path: Path) -> Iterator[Warm]:
    """A project with a process that is taken for its engine."""
    root = tmp_path / ".lakewright"
    root.mkdir()
    (tmp_path / "ahead").mkdir()
    for name in ("probe", "probe_ahead", "later"):  # a new module would be a change
        (tmp_path / "ahead" / f"{name}.py").write_text(_AHEAD)
    engine = subprocess.Popen(
        ["cat", "-", str(root / "engine.json")],  # waits for its input
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    (root / "engine.json").write_text(json.dumps({"pid": engine.pid}), encoding="utf-8")
    found = Warm(tmp_path, engine)
    yield found
    engine.kill()
    engine.communicate()
    for process in found.processes:
        process.wait(30)
