"""`make soak`: a case that tests nothing fails, and the record names what ran, when, and on which commit."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import soak
import soak_commands
import soak_record
from soak_commands import CaseFailedError, Outcome

pytestmark = pytest.mark.unit


def case(name, run=lambda folder: "seeds 1 to 2"):
    return soak_record.Case(name, "shows something", run)


def fail(_: Path) -> str:
    raise CaseFailedError("exit code 3: pytest")


@pytest.fixture
def record(tmp_path, monkeypatch):
    monkeypatch.setattr(soak_record, "RECORD", tmp_path / "last.json")
    monkeypatch.setattr(soak_record, "PAGE", tmp_path / "soak.md")
    monkeypatch.setattr(soak_record, "commit", lambda: "abc1234")
    return tmp_path / "last.json"


def program(path, text):
    """Write a program of the shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


# ---- the record -------------------------------------------------------------------------------------------------------------


def test_a_case_that_passes_is_recorded_with_date_commit_and_machine():
    entry = soak_record.run(case("a/1"))
    assert (entry["result"], entry["note"]) == ("passed", "seeds 1 to 2")
    assert entry["date"]
    assert entry["commit"]
    assert "cores" in entry["machine"]


def test_a_case_that_fails_is_recorded_as_failed_and_the_command_fails(record, monkeypatch):
    monkeypatch.setattr(soak, "cases", lambda: iter([case("a/1", fail), case("b/1")]))
    assert soak.main([]) == 1
    assert {name: entry["result"] for name, entry in json.loads(record.read_text()).items()} == {
        "a/1": "failed",
        "b/1": "passed",
    }
    assert "| failed |" in soak_record.PAGE.read_text()


def test_a_part_runs_alone_and_the_others_keep_their_last_result(record, monkeypatch):
    monkeypatch.setattr(soak, "cases", lambda: iter([case("a/1"), case("a/2"), case("b/1", fail)]))
    assert soak.main(["b"]) == 1
    assert soak.main(["a/2"]) == 0
    assert set(soak_record.read_record()) == {"a/2", "b/1"}
    assert soak_record.PAGE.read_text().count("| not run |") == 1


def test_a_case_that_no_longer_exists_is_removed_from_the_record(record):
    record.write_text(json.dumps({"old/1": {"result": "passed"}}), encoding="utf-8")
    entry = soak_record.run(case("a/1"))
    soak_record.write_record({**soak_record.read_record(), "a/1": entry}, [case("a/1")])
    assert set(soak_record.read_record()) == {"a/1"}


def test_a_changed_file_makes_the_commit_dirty_but_the_record_of_the_case_before_does_not(tmp_path):
    def git(*arguments):
        who = ("-c", "user.name=a", "-c", "user.email=a@b.c")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    for path in ("tests/soak/last.json", "docs/reference/soak.md", "code.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("1\n", encoding="utf-8")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "start")
    (tmp_path / "tests/soak/last.json").write_text("2\n", encoding="utf-8")
    (tmp_path / "docs/reference/soak.md").write_text("2\n", encoding="utf-8")
    assert not soak_record.commit(tmp_path).endswith("-dirty")
    (tmp_path / "new.py").touch()
    assert soak_record.commit(tmp_path).endswith("-dirty")


def test_a_commit_that_changes_while_a_case_runs_is_recorded_as_dirty(monkeypatch):
    for during, recorded in (("abc1234", "abc1234"), ("def5678", "abc1234-dirty")):
        commits = iter(["abc1234", during])
        monkeypatch.setattr(soak_record, "commit", lambda commits=commits: next(commits))
        assert soak_record.run(case("a/1"))["commit"] == recorded


def test_a_note_does_not_break_the_table_of_the_page():
    entry = {**soak_record.run(case("a/1")), "note": "one | two\nthree"}
    assert r"| one \| two three |" in soak_record.page({"a/1": entry}, [case("a/1")])


def test_the_committed_page_shows_the_committed_record():
    expected = soak_record.page(soak_record.read_record(), list(soak.cases()))
    assert soak_record.PAGE.read_text(encoding="utf-8") == expected


# ---- the cases --------------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("given", ["", "7"])
def test_no_two_kill_cases_share_a_seed(monkeypatch, given):
    monkeypatch.setenv("LAKEWRIGHT_SEED", given)
    used = []
    monkeypatch.setattr(soak, "_kills", lambda seed: used.extend(range(seed, seed + soak.KILL_ROUNDS)) or "")
    for each in soak.cases():
        if each.name.startswith("kills/"):
            each.run(Path())
    assert len(set(used)) == soak.KILL_CASES * soak.KILL_ROUNDS
    assert not given or min(used) == 7


def test_a_kill_case_that_fails_names_its_seeds(monkeypatch):
    monkeypatch.setenv("LAKEWRIGHT_SEED", "40")

    def run_tests(*_, **__):
        raise CaseFailedError("test_x")

    monkeypatch.setattr(soak, "run_tests", run_tests)
    [entry] = [soak_record.run(each) for each in soak.cases() if each.name == "kills/2"]
    assert (entry["result"], entry["note"]) == ("failed", "seeds 42 to 43: test_x")


# ---- tests that really ran --------------------------------------------------------------------------------------------------

PASSES = """
import pytest
def test_passes(): pass
@pytest.mark.xfail(strict=True)
def test_fails_as_expected(): assert False
"""


def test_passed_tests_and_expected_failures_are_counted(tmp_path):
    (tmp_path / "test_it.py").write_text(PASSES, encoding="utf-8")
    assert soak_commands.run_tests(sys.executable, str(tmp_path)) == "2 tests"


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('no disk')", "1 tests were skipped: no disk"),
        ("def test_a(): pass\ndef test_b(): assert False", "^test_b$"),
        ("def test_a(broken): pass", "^test_a$"),
        ("", "exit code 5: .* -m pytest"),
    ],
)  # fmt: skip
def test_a_case_whose_tests_were_skipped_failed_or_not_found_fails(tmp_path, code, problem):
    (tmp_path / "test_it.py").write_text(code, encoding="utf-8")
    with pytest.raises(CaseFailedError, match=problem):
        soak_commands.run_tests(sys.executable, str(tmp_path))


@pytest.mark.parametrize(
    ("outcome", "problem"),
    [
        (Outcome(0, (), ()), "no test ran"),
        (Outcome(0, (), ("a process in classic mode has one session",)), "no test ran"),
        (Outcome(9, (), ("a process in classic mode has one session", "no Java")), "1 tests were skipped: no Java"),
        (Outcome(9, ("test_x",), ()), "test_x"),
    ],
)  # fmt: skip
def test_an_outcome_without_proof_is_refused(outcome, problem):
    with pytest.raises(CaseFailedError, match=problem):
        soak_commands.prove_tested(outcome)


def test_a_test_without_a_subject_in_a_case_may_be_skipped():
    assert (
        soak_commands.prove_tested(Outcome(9, (), ("a process in classic mode has one session",)))
        == "9 tests"
    )


# ---- commands and interpreters ----------------------------------------------------------------------------------------------


def test_a_command_that_cannot_start_or_fails_is_named():
    with pytest.raises(CaseFailedError, match=r"No such file.*: program --flag"):
        soak_commands.call("/no/such/program", "--flag")
    with pytest.raises(CaseFailedError, match="exit code 3: sh -c exit 3"):
        soak_commands.call("sh", "-c", "exit 3")


def test_the_settings_of_the_callers_shell_do_not_reach_a_case(monkeypatch):
    for name in ("PYTHONPATH", "VIRTUAL_ENV", "PYTEST_ADDOPTS", "SPARK_HOME", "DBX_ENV", "LAKEWRIGHT_SEED"):
        monkeypatch.setenv(name, "leaked")
    soak_commands.call("sh", "-c", "! env | grep leaked && test $OMP_NUM_THREADS = 1")
    soak_commands.call("sh", "-c", "test $LAKEWRIGHT_SEED = 7", environment={"LAKEWRIGHT_SEED": "7"})


def test_the_registries_of_a_company_reach_a_case():
    given = {
        "LAKEWRIGHT_MAVEN_URL": "a",
        "PIP_INDEX_URL": "b",
        "UV_INDEX": "c",
        "HTTPS_PROXY": "d",
        "PATH": "e",
    }
    assert given.items() <= soak_commands.clean(given).items()


@pytest.fixture
def pythons(tmp_path, monkeypatch):
    """A machine with uv and no Python."""
    program(tmp_path / "bin" / "uv", "exit 2")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/sbin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def test_a_python_on_path_is_found(pythons):
    expected = program(pythons / "bin" / "python3.99", "echo Python 3.99.1")
    assert soak_commands.find_python("3.99") == expected


def test_a_shim_of_a_version_that_is_not_active_is_passed_over_for_pyenvs_own(pythons):
    program(pythons / "bin" / "python3.99", "exit 127")
    expected = program(pythons / "pyenv" / "versions" / "3.99.2" / "bin" / "python", "echo Python 3.99.2")
    assert soak_commands.find_python("3.99") == expected


def test_a_python_that_uv_has_installed_is_found(pythons):
    expected = program(pythons / "uvs" / "python3.99", "echo Python 3.99.3")
    program(pythons / "bin" / "uv", f'test "$2 $3 $5" = "find --managed-python 3.99" && echo {expected}')
    assert soak_commands.find_python("3.99") == expected


def test_a_python_that_is_missing_or_has_another_version_fails_the_case(pythons):
    program(pythons / "bin" / "python3.99", "echo Python 3.9.9")
    with pytest.raises(CaseFailedError, match=r"Python 3\.99 is not on this machine"):
        soak_commands.find_python("3.99")


@pytest.mark.parametrize(
    ("printed", "message"),
    [
        ("warn  runtime           pandas 2.3.3; serverless-4 has 2.2.3", "unlike the runtime: pandas 2.3.3"),
        ("ok    Python            3.12.1", "doctor compared nothing with a runtime"),
    ],
)
def test_a_case_of_a_runtime_fails_if_the_libraries_differ(tmp_path, printed, message):
    doctor = tmp_path / "python"
    doctor.write_text(f"#!/bin/sh\necho '{printed}'\n", encoding="utf-8")
    doctor.chmod(0o755)
    with pytest.raises(CaseFailedError, match=message):
        soak.prove_same_libraries(str(doctor), tmp_path)


def test_a_case_of_a_runtime_names_what_was_compared(tmp_path):
    doctor = tmp_path / "python"
    doctor.write_text(
        "#!/bin/sh\necho 'ok    runtime           40 libraries are those of serverless-4'\n", encoding="utf-8"
    )
    doctor.chmod(0o755)
    assert soak.prove_same_libraries(str(doctor), tmp_path) == "40 libraries are those of serverless-4"
