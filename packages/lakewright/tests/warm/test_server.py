"""Whom the warm process serves, when it must not be used any more, and when it ends."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lakewright.warm.client import attach
from lakewright.warm.handover import WARM_VARIABLE, hand_over, keep_warm, may_hand_over
from lakewright.warm.marker import MARKER_VARIABLE
from lakewright.warm.place import WarmPlace

pytestmark = [
    pytest.mark.unit,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only"),
]
PLAIN = 99  # the exit code of a program that was not taken over


def attach_to(warm: Any, **more: str) -> socket.socket:
    return attach(warm.place, warm.environ(**more), (), 10)


def test_it_serves_command_after_command_with_modules_that_are_imported_once(warm: Any) -> None:
    server = warm.start("probe_ahead")
    attach(warm.place, warm.environ(), ["later"], 10).close()
    while not warm.is_imported("later"):
        time.sleep(0.01)
    warm.probe("import os, later\ndef main():\n    print(os.getppid(), later.PID)\n")
    for _ in range(2):
        assert warm.run(warm=True).stdout.split() == [str(server).encode()] * 2


def test_the_code_of_a_project_is_read_anew_by_every_command(warm: Any) -> None:
    warm.start("probe_ahead")
    for text in ("one", "three"):  # of another length: Python compares sizes and whole seconds
        warm.probe(f"def main():\n    print({text!r})\n")
        assert warm.run(warm=True).stdout == f"{text}\n".encode()


def test_it_refuses_once_a_module_that_it_has_loaded_has_changed(warm: Any) -> None:
    warm.start("probe_ahead")
    attach_to(warm).close()
    (warm.ahead / "probe_ahead.py").write_text("NEW = 1\n")
    with pytest.raises(OSError, match=r"probe_ahead\.py has changed since it was loaded"):
        attach_to(warm)
    warm.probe("def main(): return 1\n")
    assert warm.run(warm=True).returncode == PLAIN
    assert warm.processes[0].wait(30) == 0


def test_it_refuses_in_the_middle_of_a_run_too(warm: Any) -> None:
    warm.start("probe_ahead")
    with attach_to(warm) as connection:
        (warm.ahead / "probe_ahead.py").write_text("NEW = 1\n")
        empty = os.open(os.devnull, os.O_RDWR)
        socket.send_fds(connection, [json.dumps({"ask": "fork", "marker": "1"}).encode()], [empty] * 4)
        os.close(empty)
        assert "has changed" in json.loads(connection.recv(1 << 16))["refused"]


def test_it_refuses_once_a_package_is_installed_where_it_imports_from(warm: Any) -> None:
    warm.start("probe_ahead")
    (warm.ahead / "data.csv").touch()
    attach_to(warm).close()
    (warm.ahead / "thing-1.0.dist-info").mkdir()
    with pytest.raises(OSError, match="ahead has changed"):
        attach_to(warm)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PYTHONPATH", "/elsewhere"), ("OMP_NUM_THREADS", "7"), ("LC_ALL", "C"), ("LD_PRELOAD", "")],
)
def test_it_refuses_an_environment_that_its_imports_did_not_have(warm: Any, name: str, value: str) -> None:
    warm.start("probe_ahead")
    with pytest.raises(OSError, match=rf"other conditions: \${name}"):
        attach_to(warm, **{name: value})


def test_it_refuses_a_caller_with_other_limits(warm: Any) -> None:
    warm.start("probe_ahead")
    warm.probe("def main(): return 1\n")
    lower = {"preexec_fn": lambda: os.nice(1)}
    assert warm.run(warm=True, **lower).returncode == PLAIN
    assert warm.run(warm=True).returncode == 1


def test_a_fork_without_a_hello_is_refused(warm: Any) -> None:
    warm.start("probe_ahead")
    with warm.place.connect(10) as connection:
        connection.send(json.dumps({"ask": "fork", "marker": "1"}).encode())
        assert json.loads(connection.recv(1 << 16))["refused"] == "no hello"


def test_a_secret_of_a_caller_is_in_no_process_but_its_own(warm: Any) -> None:
    server = warm.start("probe_ahead", DATABRICKS_TOKEN="hunter2-start")
    warm.probe(
        "import os\ndef main():\n    seen = open('/proc/self/environ').read()\n    print(os.environ['DATABRICKS_TOKEN'])\n"
        "    print('hunter2' in seen, '=' + os.environ['LAKEWRIGHT_TASK_PROCESS'] in seen)\n"
    )
    done = warm.run(warm=True, env=warm.environ(DATABRICKS_TOKEN="hunter2-run"))
    assert done.stdout.split() == [b"hunter2-run", b"False", b"True"]
    assert b"hunter2" not in Path(f"/proc/{server}/environ").read_bytes()
    assert b"hunter2" not in _memory(server)


def _memory(pid: int) -> bytes:
    """The writable memory of a process, as far as it can be read."""
    parts = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:  # noqa: PTH123 - not to be buffered
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            area, mode, *_ = line.split()
            first, last = (int(word, 16) for word in area.split("-"))
            if "w" in mode:
                memory.seek(first)
                parts.append(memory.read(last - first))
    return b"".join(parts)


def test_it_ends_with_its_engine(warm: Any) -> None:
    warm.start("probe_ahead")
    warm.engine.kill()
    assert warm.processes[0].wait(30) == 0
    assert warm.place.identity() is None


def test_it_ends_at_once_without_an_engine(warm: Any) -> None:
    (warm.project / ".lakewright" / "engine.json").unlink()
    warm.start("probe_ahead")
    assert warm.processes[0].wait(30) == 0


def test_it_ends_when_its_folder_is_deleted(warm: Any) -> None:
    warm.start("probe_ahead")
    shutil.rmtree(warm.place.folder)
    assert warm.processes[0].wait(30) == 0


def test_it_ends_when_another_takes_its_place(warm: Any) -> None:
    warm.start("probe_ahead")
    second = warm.start("probe_ahead")
    assert warm.processes[0].wait(30) == 0
    warm.probe("import os\ndef main(): print(os.getppid())\n")
    assert warm.run(warm=True).stdout == f"{second}\n".encode()


def test_a_run_in_progress_outlives_the_engine(warm: Any) -> None:
    warm.start("probe_ahead")
    warm.probe("def main():\n    print('ready', flush=True)\n    input()\n    print('done')\n")
    with subprocess.Popen(
        warm.command(warm=True), env=warm.environ(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        warm.engine.kill()
        assert process.communicate(b"\n", timeout=30)[0] == b"done\n"
    assert warm.processes[0].wait(30) == 0


def test_a_folder_that_others_may_enter_is_not_trusted(warm: Any) -> None:
    warm.start("probe_ahead")
    assert warm.place.folder.stat().st_mode & 0o777 == 0o700
    warm.place.folder.chmod(0o755)
    with pytest.raises(PermissionError, match="not private"):
        attach_to(warm)


def test_a_folder_of_another_name_than_its_own_is_not_followed(warm: Any, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    warm.place.folder.symlink_to(other)
    with pytest.raises(PermissionError, match="is not a folder of this user"):
        warm.place.create()


def test_a_long_path_is_no_hindrance(warm: Any, tmp_path: Path) -> None:
    place = WarmPlace(tmp_path / ("long" * 50))
    place.create()
    with place.listen(), place.connect(5):
        pass


def test_a_socket_of_another_process_is_not_removed(tmp_path: Path) -> None:
    place = WarmPlace(tmp_path)
    with place.listen():
        first = place.identity()
        with place.listen():
            place.leave(first)
            assert place.identity() not in {None, first}
            place.leave(place.identity())
            assert place.identity() is None


def test_without_a_warm_process_the_caller_goes_on(tmp_path: Path) -> None:
    assert hand_over(tmp_path, "probe:main", modules=())
    WarmPlace(tmp_path).create()
    assert hand_over(tmp_path, "probe:main", modules=())


def test_a_caller_under_other_conditions_replaces_the_warm_process(
    warm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in set(os.environ) - set(warm.environ()):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONPATH", str(warm.ahead))
    warm.start("probe_ahead")
    before = warm.place.identity()
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert hand_over(warm.project, "probe:main", modules=())
    keep_warm(warm.project, ["probe_ahead"])
    assert warm.processes[0].wait(30) == 0
    with attach_to(warm, OMP_NUM_THREADS="3"):
        assert warm.place.identity() != before


def test_a_warm_process_that_is_still_importing_is_not_replaced(
    warm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lakewright.warm.handover._WELCOME_SECONDS", 0.1)
    with warm.place.listen():  # it does not answer
        assert not hand_over(warm.project, "probe:main", modules=())


def test_a_debugger_a_task_and_a_switch_keep_a_command_in_its_own_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(MARKER_VARIABLE, raising=False)
    monkeypatch.delenv(WARM_VARIABLE, raising=False)
    before = sys.gettrace()
    sys.settrace(None)
    assert may_hand_over()
    sys.settrace(lambda *_: None)
    assert not may_hand_over()
    sys.settrace(before)
    monkeypatch.setenv(MARKER_VARIABLE, "1")
    assert not may_hand_over()
    monkeypatch.delenv(MARKER_VARIABLE)
    monkeypatch.setenv(WARM_VARIABLE, "0")
    assert not may_hand_over()
