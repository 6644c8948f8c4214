"""The record of `make soak`: what ran is dated, what did not says so, and the page shows the record."""

import json
from pathlib import Path

import pytest
import soak

pytestmark = pytest.mark.unit


def case(name, run=lambda folder: "seeds 1 to 2"):
    return soak.Case(name, "shows something", run)


def fail(_: Path) -> str:
    raise soak.CaseFailedError("exit code 3: pytest")


def test_a_case_that_passes_is_recorded_with_date_commit_and_machine():
    entry = soak.run(case("a/1"))
    assert (entry["result"], entry["note"]) == ("passed", "seeds 1 to 2")
    assert entry["date"]
    assert entry["commit"]
    assert "cores" in entry["machine"]


def test_a_case_that_fails_is_recorded_as_failed_and_the_command_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(soak, "RECORD", tmp_path / "last.json")
    monkeypatch.setattr(soak, "PAGE", tmp_path / "soak.md")
    monkeypatch.setattr(soak, "cases", lambda: iter([case("a/1", fail), case("b/1")]))
    assert soak.main([]) == 1
    assert {name: entry["result"] for name, entry in json.loads(soak.RECORD.read_text()).items()} == {
        "a/1": "failed",
        "b/1": "passed",
    }
    assert "| failed |" in soak.PAGE.read_text()


def test_a_part_runs_alone_and_the_others_keep_their_last_result(tmp_path, monkeypatch):
    monkeypatch.setattr(soak, "RECORD", tmp_path / "last.json")
    monkeypatch.setattr(soak, "PAGE", tmp_path / "soak.md")
    monkeypatch.setattr(soak, "cases", lambda: iter([case("a/1"), case("a/2"), case("b/1", fail)]))
    assert soak.main(["b"]) == 1
    assert soak.main(["a/2"]) == 0
    assert set(soak.read_record()) == {"a/2", "b/1"}
    assert soak.PAGE.read_text().count("| not run |") == 1


def test_an_unknown_part_is_refused():
    with pytest.raises(SystemExit, match="there is no part or case nope"):
        soak.chosen(list(soak.cases()), ["nope"])


def test_thirty_kills_every_python_and_every_runtime_are_cases():
    names = [case.name for case in soak.cases()]
    assert len(set(names)) == len(names)
    assert soak.KILL_CASES * soak.KILL_ROUNDS * 3 >= 30
    assert {
        "python/3.11",
        "python/3.12",
        "python/3.13",
        "lowest/direct",
        "disks/full",
        "modes/classic",
    } <= set(names)
    assert len([name for name in names if name.startswith("runtimes/")]) >= 3


def test_the_committed_page_shows_the_committed_record():
    assert soak.PAGE.read_text(encoding="utf-8") == soak.page(soak.read_record(), list(soak.cases()))
