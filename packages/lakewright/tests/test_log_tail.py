"""The last lines of a log."""

from pathlib import Path

import pytest

from lakewright.log_tail import log_tail

pytestmark = pytest.mark.unit


def test_the_last_lines_of_a_long_log_are_read_whatever_its_encoding(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"x" * 200_000 + b"\none\ncaf\xe9\nthree\n")
    assert log_tail(log, lines=2) == "caf\\xe9\nthree"


def test_a_log_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert log_tail(tmp_path / "none", lines=5) == ""
