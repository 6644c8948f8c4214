"""Running a program of the command line: its output, its end with its children, and failures to start."""

import os
import subprocess
import sys
import threading
import time

import pytest

from lakewright.databricks_cli.process import _end, run

pytestmark = pytest.mark.unit

# A child keeps the output open, so that only the end of the whole group ends the run.
ENDLESS = (
    "import subprocess, time; subprocess.Popen(['sleep', '60']); print('started', flush=True); time.sleep(60)"
)


def python(code, tmp_path, **given):
    return run([sys.executable, "-c", code], tmp_path, os.environ, **{"seconds": 60, **given})


def test_output_is_returned_as_it_is_and_errors_without_secrets(tmp_path):
    code = "import sys; sys.stdout.buffer.write(bytes([0xff, 0x0a])); sys.exit('failed with swordfish')"
    done = python(code, tmp_path, secrets=["swordfish"])
    assert (done.code, done.stdout, done.stderr) == (1, b"\xff\n", "failed with [redacted]\n")
    assert done.printed == "\ufffd\n"


def test_much_output_on_both_streams_does_not_block(tmp_path):
    code = "import sys\nfor _ in range(4000): print('x' * 99); print('y' * 99, file=sys.stderr)"
    done = python(code, tmp_path)
    assert (len(done.stdout), len(done.stderr)) == (400_000, 400_000)


def test_at_the_time_limit_the_program_ends_with_its_children(tmp_path):
    began = time.monotonic()
    assert python(ENDLESS, tmp_path, seconds=0.5).code is None
    assert time.monotonic() - began < 30


def test_a_run_that_is_stopped_ends_at_once(tmp_path):
    stop = threading.Event()
    stop.set()
    began = time.monotonic()
    assert python(ENDLESS, tmp_path, stop=stop).code is None
    assert time.monotonic() - began < 30


def test_a_program_that_cannot_start_gives_its_error(tmp_path):
    done = run([str(tmp_path / "none")], tmp_path, {}, seconds=5)
    assert (done.code, "none" in done.stderr) == (127, True)


def test_a_group_that_has_ended_meanwhile_is_no_error():
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE, start_new_session=True)
    process.wait()
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    _end(process)
