"""The magics of cells: with and without an argument, skipped cells, and `%run` alone in its cell."""

import json
from typing import Any

import pytest

from lakewright.runner.inside.notebook.run_command import RunCommand, RunCommandError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "cell",
    ["# MAGIC %restart_python", "# MAGIC %pip install a\n# MAGIC %restart_python\n# MAGIC print('never')"],
)
def test_restart_python_forgets_names_and_ends_its_cell(notebooks: Any, cell: str) -> None:
    ended = notebooks.run("x = 1", cell, "print('x' in globals())")
    assert ended.ok, ended.problem
    log = notebooks.log()
    assert "Python was restarted" in log
    assert "never" not in log
    assert log.endswith("False\n")


def test_a_restart_inside_a_timed_line_ends_the_cell(notebooks: Any) -> None:
    assert notebooks.run("%time dbutils.library.restartPython()\nprint('never')").ok
    assert "never" not in notebooks.log()


@pytest.mark.parametrize("cell", ["# MAGIC %foo", "x = 1\n%foo", "x = 1\n%debug"])
def test_a_magic_that_does_not_run_here_is_refused_without_an_argument_too(notebooks: Any, cell: str) -> None:
    found = notebooks.problem(cell)
    assert "do not run here" in found.summary
    assert (found.location or "").startswith("notebooks/n.py:")


@pytest.mark.parametrize("cell", ["# MAGIC %run", "# MAGIC %fs", "x = 1\n%fs"])
def test_a_magic_that_needs_an_argument_is_refused_without_one(notebooks: Any, cell: str) -> None:
    assert "`%" in (notebooks.problem(cell).fix or "")


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "# MAGIC %sql",
        "# MAGIC %python",
        "# MAGIC %sh",
        "# MAGIC %md",
        "# MAGIC %time",
        "# MAGIC %capture",
    ],
)
def test_an_empty_cell_does_nothing(notebooks: Any, cell: str) -> None:
    ended = notebooks.run(cell)
    assert (ended.ok, ended.notes, notebooks.log()) == (True, (), "")


@pytest.mark.parametrize("cell", ["# MAGIC %env", "x = 1\n%env"])
def test_env_without_a_name_lists_nothing_and_is_noted(notebooks: Any, cell: str) -> None:
    (note,) = notebooks.run(cell).notes
    assert "`%env` has no argument" in note


@pytest.mark.parametrize("name", ["pip", "conda", "uv"])
def test_an_installation_without_an_argument_is_noted(notebooks: Any, name: str) -> None:
    (note,) = notebooks.run(f"# MAGIC %{name}").notes
    assert f"`%{name}` was skipped" in note


def test_cd_without_a_folder_goes_home(notebooks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(notebooks.root)
    monkeypatch.setenv("HOME", str(notebooks.root / "notebooks"))
    assert notebooks.run("# MAGIC %cd", "# MAGIC %pwd").ok
    assert notebooks.log().endswith("/notebooks\n")


@pytest.mark.parametrize(
    "cell",
    [
        "# MAGIC %skip\n# MAGIC print('never')",
        "# MAGIC %skip print('never')",
        "# MAGIC %skip\n# MAGIC %sql\n# MAGIC no",
    ],
)
def test_a_skipped_cell_does_not_run_and_is_noted(notebooks: Any, cell: str) -> None:
    ended = notebooks.run(cell, "print('next')")
    assert ended.ok, ended.problem
    assert ended.notes == ("n.py, cell 1: skipped by `%skip`",)
    log = notebooks.log()
    assert "never" not in log
    assert log.endswith("next\n")


def test_a_skip_below_code_is_refused(notebooks: Any) -> None:
    assert "`%skip` is not the first line" in notebooks.problem("print(1)\n%skip").summary


@pytest.mark.parametrize(
    "line",
    ["%set_cell_max_output_size_in_mb 10", "%reset -f", "%reload_ext autoreload", "%uv pip install left-pad"],
)
def test_a_line_without_an_effect_is_noted_and_the_code_below_it_runs(notebooks: Any, line: str) -> None:
    ended = notebooks.run(f"# MAGIC {line}", f"# MAGIC {line}\n# MAGIC print('below')")
    assert ended.ok, ended.problem
    assert len(ended.notes) == 2
    assert "below" in notebooks.log()


@pytest.mark.parametrize(
    ("source", "target", "arguments"),
    [
        ("./setup", "./setup", {}),
        ('\n "./my setup"  \n\n', "./my setup", {}),
        ('./setup $a="1 2" $b=3', "./setup", {"a": "1 2", "b": "3"}),
        ("./setup\n  $a='x'\n  $b=3\n", "./setup", {"a": "x", "b": "3"}),
    ],
)
def test_a_run_has_a_path_and_arguments_over_several_lines(
    source: str, target: str, arguments: dict[str, str]
) -> None:
    assert RunCommand.of(source, "n.py:2") == RunCommand(target, arguments)


@pytest.mark.parametrize(
    ("source", "other"),
    [
        ("./a\n%run ./b", "%run ./b"),
        ("./a\n\nprint(1)", "print(1)"),
        ("./a\n# a comment", "# a comment"),
        ("./a $x=1\nprint(1)", "print(1)"),
        ("./a  # a comment", "# a comment"),
        ('"./a b" print(1)', "print(1)"),
        ("./a $x='1' , $y=2", ","),
    ],
)
def test_something_beside_a_run_is_refused(source: str, other: str) -> None:
    with pytest.raises(RunCommandError, match="alone in its cell") as caught:
        RunCommand.of(source, "n.py:2")
    assert f"`{other}`" in (caught.value.detail or "")


@pytest.mark.parametrize(
    ("cell", "other"),
    [
        ("# MAGIC %run ./setup\n# MAGIC %run ./setup", "%run ./setup"),
        ("# MAGIC %run ./setup\n# MAGIC print(1)", "print(1)"),
        ("x = 1\n%run ./setup", "x = 1"),
        ("x = 1\n# MAGIC %run ./setup", "x = 1"),
        ("# MAGIC %run ./setup\nx = 1", "x = 1"),
    ],
)
def test_a_cell_with_more_than_a_run_fails_before_anything_is_included(
    project: Any, notebooks: Any, cell: str, other: str
) -> None:
    project.notebook("notebooks/setup", "print('included')")
    found = notebooks.problem(cell)
    assert found.summary == "`%run` must be alone in its cell"
    assert f"`{other}`" in (found.detail or "")
    assert "# COMMAND ----------" in (found.fix or "")
    assert "included" not in notebooks.log()


@pytest.mark.parametrize("mark", ["", "# MAGIC "])
def test_a_run_below_comments_is_done_and_reported(project: Any, notebooks: Any, mark: str) -> None:
    project.notebook("notebooks/setup", "y = 2")
    ended = notebooks.run(f"# names for all\n{mark}%run ./setup", "print(y)")
    assert ended.ok, ended.problem
    log = notebooks.log()
    assert "Databricks documents that it is alone in its cell" in log
    assert log.endswith("2\n")


def test_a_magic_among_marked_and_other_lines_runs(notebooks: Any) -> None:
    assert notebooks.run("# libraries\n# MAGIC %pip install x\ny = 3", "print(y)").ok
    log = notebooks.log()
    assert "`%pip install x` was skipped" in log
    assert log.endswith("3\n")


@pytest.mark.parametrize(
    "cell", ["# MAGIC %scala", "# MAGIC %r", "x = 1\n%who", "%lsmagic", "%xmode Verbose"]
)
def test_an_empty_cell_and_a_magic_that_would_only_show_something_do_nothing(
    notebooks: Any, cell: str
) -> None:
    assert notebooks.run(cell).ok


def test_the_output_of_a_captured_cell_that_fails_is_kept(notebooks: Any) -> None:
    ended = notebooks.run(
        "try:\n    get_ipython().run_cell_magic('capture', 'out', 'print(7)\\n1 / 0')\nexcept ZeroDivisionError:\n    print([out.stdout])"
    )
    assert ended.ok, ended.problem
    assert notebooks.log() == "['7\\n']\n"


def test_get_ipython_is_there_before_any_magic(notebooks: Any) -> None:
    ended = notebooks.run(
        "get_ipython().run_line_magic('timeit', 'y = 2')\nx = 1",
        "print(y, get_ipython().user_ns['x'], hasattr(get_ipython(), 'kernel'))",
    )
    assert ended.ok, ended.problem
    assert notebooks.log().endswith("2 1 False\n")


CAPTURED = "%%capture out\nimport sys\nprint('hidden')\nprint('wrong', file=sys.stderr)\nx = 1"


@pytest.mark.parametrize("marked", [True, False])
def test_the_output_of_a_captured_cell_is_an_object(notebooks: Any, marked: bool) -> None:
    cell = "\n".join(f"# MAGIC {line}" for line in CAPTURED.split("\n")) if marked else CAPTURED
    assert notebooks.run(cell).ok
    assert notebooks.log() == ""
    ended = notebooks.run(cell, "print([out.stdout, out.stderr], x)")
    assert ended.ok, ended.problem
    assert notebooks.log() == "['hidden\\n', 'wrong\\n'] 1\n"


def test_a_captured_cell_of_an_ipynb_keeps_its_lines(project: Any, notebooks: Any) -> None:
    cells = [{"cell_type": "code", "source": source} for source in (CAPTURED, "%%capture\nprint(2)\n1 / 0")]
    file = project.write("notebooks/n.ipynb", json.dumps({"cells": cells}))
    found = notebooks.problem(file=file)
    assert found.summary.startswith("ZeroDivisionError")
    assert found.location == "notebooks/n.ipynb cell 2, line 3"


def test_a_captured_cell_may_print_errors(notebooks: Any) -> None:
    assert notebooks.run(CAPTURED.replace("out", "--no-stderr out", 1), "print(out.stderr == '')").ok
    assert sorted(notebooks.log().splitlines()) == ["True", "wrong"]


def test_an_unknown_option_of_capture_names_the_known_ones(notebooks: Any) -> None:
    assert "[--no-stdout]" in (notebooks.problem("%%capture --quiet\nx = 1").fix or "")


def test_an_error_in_a_timed_cell_keeps_its_line(notebooks: Any) -> None:
    assert notebooks.problem("%%time\nx = 1\n1 / 0").location == "notebooks/n.py:4 (cell 1)"


def test_what_a_cell_imports_from_the_future_holds_for_the_next_cells_until_a_restart(notebooks: Any) -> None:
    cell = "def f(x: not_defined) -> None: ..."
    ended = notebooks.run("from __future__ import annotations", cell, "print(f.__annotations__['x'])")
    assert ended.ok, ended.problem
    assert notebooks.log() == "not_defined\n"
    found = notebooks.problem("from __future__ import annotations", "# MAGIC %restart_python", cell)
    assert "not_defined" in found.summary
