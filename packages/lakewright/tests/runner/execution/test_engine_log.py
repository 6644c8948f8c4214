"""Secrets in the log of an engine that goes on writing it."""

from pathlib import Path

import pytest

from lakewright.runner.execution.engine_log import remove_secrets_from_engine_log
from lakewright.runner.handover.redactor import Redactor

pytestmark = pytest.mark.unit


def test_secrets_are_written_over_and_the_engine_writes_on(tmp_path: Path) -> None:
    folder = tmp_path / ".lakewright"
    folder.mkdir()
    log = folder / "engine.log"
    (folder / "engine.log.1").write_text("before: a-long-secret-value\n")
    with log.open("wb", buffering=0) as engine:
        engine.write(b"option password=a-long-secret-value, again abc\n")
        remove_secrets_from_engine_log(tmp_path, Redactor(["a-long-secret-value", "abc"]))
        engine.write(b"next line\n")
    assert log.read_text() == "option password=[REDACTED]*********, again [RE\nnext line\n"
    assert (folder / "engine.log.1").read_text() == "before: [REDACTED]*********\n"


def test_a_project_without_an_engine_has_no_log(tmp_path: Path) -> None:
    remove_secrets_from_engine_log(tmp_path, Redactor(["secret"]))
    assert list(tmp_path.iterdir()) == []
