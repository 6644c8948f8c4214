"""The groups of `make test`: side by side, measured with everything they start, failing when one fails."""

import os
import re
import signal
import sys
from pathlib import Path

import group_list
import groups
import pytest
import soak_drawn

pytestmark = pytest.mark.unit
OF_SOAK = {"tests/test_standalone_cluster.py"}  # too long for each change, and three more JVMs

ROOT = Path(__file__).parent.parent
BUSY = "t = __import__('time'); e = t.process_time() + 0.5\nwhile t.process_time() < e: pass\n"
STAY = (
    "import os, signal\nif not os.fork():\n    print('left', os.getpid(), flush=True)\n    signal.pause()\n"
)


def group(code, name="one"):
    return groups.Group(name, (sys.executable, "-c", code))


def test_a_group_that_fails_is_named_with_its_exit_code_and_its_output(capsys):
    ok, bad = groups.run([group("print('fine')"), group("print('broken'); exit(3)", "two")], lanes=2)
    shown = capsys.readouterr()
    assert (ok.code, bad.code) == (0, 3)
    assert "two: FAILED (exit code 3)" in shown.err
    assert "broken" in shown.out


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are counted on Linux only")
def test_the_time_of_a_process_that_outlives_its_parent_is_counted():
    child = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY!r}])"
    (measured,) = groups.run([group(child)], lanes=1)
    assert measured.code == 0
    assert measured.cpu_minutes * 60 >= 0.5


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are found on Linux only")
def test_a_group_that_leaves_a_process_running_fails(monkeypatch, capsys):
    monkeypatch.setenv("LAKEWRIGHT_ORPHANS_END_SECONDS", "0.2")
    (measured,) = groups.run([group(STAY)], lanes=1)
    shown = capsys.readouterr().out
    os.kill(int(shown.split("left ")[1].split()[0]), signal.SIGKILL)
    assert measured.code == 1
    assert "left processes running" in shown


def test_the_table_has_a_row_for_each_group_and_the_sum():
    measured = [groups.Measured("unit", 0, 2.0, 1.5), groups.Measured("kills", 0, 3.0, 4.5)]
    assert groups.table(measured, 3.25).splitlines() == [
        "| group | minutes | CPU minutes |",
        "|---|---:|---:|",
        "| unit | 2.0 | 1.5 |",
        "| kills | 3.0 | 4.5 |",
        "| **all, side by side** | **3.2** | **6.0** |",
    ]


def test_every_file_with_tests_of_an_engine_or_a_project_belongs_to_a_group():
    named = [ROOT / part for group in groups.GROUPS for part in group.command if "/" in part]
    found = [
        path
        for folder in (ROOT / "tests", *ROOT.glob("packages/*/tests"))
        for path in folder.rglob("test_*.py")
        if re.search(r"mark\.integration", path.read_text(encoding="utf-8"))
    ]
    without = {
        path.relative_to(ROOT).as_posix() for path in found if not any(map(path.is_relative_to, named))
    }
    assert without == OF_SOAK
    soak = (ROOT / "scripts" / "soak.py").read_text(encoding="utf-8")
    assert all(f'"{path}"' in soak for path in OF_SOAK)


def test_a_run_makes_some_of_the_long_tests_each_has_its_turn_and_all_exist():
    runs = [groups.long_in_this_run(groups.GROUPS, str(seed)) for seed in range(300)]
    long = {test: group for group in groups.GROUPS for test in group.long}
    assert {len(run) for run in runs} == {group_list.LONG_IN_A_RUN}
    assert {test for run in runs for test in run} == set(long)
    for name, group in long.items():
        file, _, test = name.partition("::")
        assert f"def {test or 'test_'}" in (group.folder / file).read_text(encoding="utf-8")


def test_a_group_leaves_out_its_long_tests_that_were_not_chosen():
    one = groups.Group("one", ("pytest",), long=("a", "b", "c"))
    assert one.with_long(["b", "of another group"]) == ("pytest", "--deselect=a", "--deselect=c")


def test_a_run_makes_one_of_the_groups_that_take_turns_and_each_has_its_turn():
    runs = [groups.in_this_run(groups.GROUPS, str(seed)) for seed in range(50)]
    turns = {one.name for one in groups.GROUPS if one.in_turn}
    assert len(turns) > 1
    assert {len(groups.GROUPS) - len(run) for run in runs} == {len(turns) - 1}
    assert {one.name for run in runs for one in run if one.in_turn} == turns


def test_groups_that_are_named_are_made_though_another_one_has_its_turn(monkeypatch):
    made = []
    monkeypatch.setattr(
        groups, "run", lambda chosen, lanes, seed: made.extend(one.name for one in chosen) or []
    )
    turns = [one.name for one in groups.GROUPS if one.in_turn]
    monkeypatch.setattr(sys, "argv", ["groups.py", "--only", *turns])
    assert groups.main() == 0
    assert sorted(made) == sorted(turns)


def test_soak_makes_all_that_a_run_draws_from(monkeypatch):
    made, called = [], []
    monkeypatch.setattr(soak_drawn, "run_tests", lambda _, *given, **_more: made.append(given) or "1 tests")
    monkeypatch.setattr(soak_drawn, "call", lambda *command, **_: called.append(command))
    assert soak_drawn.run_drawn().startswith("4 tests marked")
    for group in groups.GROUPS:
        if group.folder == group_list.FLIGHTS:
            assert all(test.startswith(("tests/integration/", "tests/steps/")) for test in group.long)
            assert {"tests/integration", "tests/steps"} <= set(called[0])
        else:
            assert not group.long or any(set(group.long) <= set(given) for given in made)
        assert not group.in_turn or group.arguments in made


def test_the_marked_tests_are_all_in_a_part_of_soak():
    parts = [part[0] for part in soak_drawn._APART]
    folders = [ROOT / "tests", *ROOT.glob("packages/*/tests")]
    marked = [
        path
        for folder in folders
        for path in folder.rglob("test_*.py")
        if "mark.drawn(" in path.read_text("utf-8")
    ]
    assert len(marked) > 50
    assert all(any(path.is_relative_to(ROOT / part) for part in parts) for path in marked)


def test_one_seed_draws_for_all_groups_and_is_printed(monkeypatch, capsys):
    code = "import os, sys; print('seed', os.environ['LAKEWRIGHT_SEED'], sys.argv[1:])"
    long = groups.Group("long", (sys.executable, "-c", code), long=("a", "b", "c"))
    monkeypatch.delenv("LAKEWRIGHT_SEED", raising=False)
    groups.run([long, group(code, "short")], lanes=1)
    shown = capsys.readouterr().out
    (seed,) = set(re.findall(r"\$ cd \S+; LAKEWRIGHT_DRAW=1 LAKEWRIGHT_SEED=(\d+)", shown))
    assert len(re.findall(f"seed {seed} ", shown)) == 2
    assert len(re.findall(r"\['--deselect=[abc]'\]", shown)) == 1
