"""`restartPython`, `%sh` and `!command` in the cells of a notebook."""

from typing import Any

import pytest

pytestmark = pytest.mark.unit


def test_a_restart_forgets_names_modules_and_environment_and_keeps_widgets(project: Any) -> None:
    project.write("notebooks/mine.py", "seen = []\n")
    task = project.task(
        "n",
        'dbutils.widgets.text("day", "monday")\nimport mine, os, sys\nmine.seen.append(1)\nx = 1',
        'os.environ["MINE"] = "1"\nsys.path.append("/mine")\nos.chdir("/")',
        'print("before")\ndbutils.library.restartPython()\nprint("never")',
        'assert "x" not in globals() and "mine" not in globals()',
        "import mine, os, sys\nassert mine.seen == [] and 'MINE' not in os.environ and '/mine' not in sys.path",
        'print(dbutils.widgets.get("day"), os.path.basename(os.getcwd()), callable(display))',
    )
    assert project.run(task).status == "success", project.log("n")
    log = project.log("n")
    assert "before" in log
    assert "never" not in log
    assert "monday notebooks True" in log


def test_an_included_notebook_restarts_the_python_of_both(project: Any, notebooks: Any) -> None:
    project.notebook("notebooks/setup", "y = 1", "dbutils.library.restartPython()", "z = 3")
    ended = notebooks.run("x = 1", "# MAGIC %run ./setup", "print([n in globals() for n in ('x', 'y', 'z')])")
    assert ended.ok, ended.problem
    assert "[False, False, True]" in notebooks.log()


@pytest.mark.ours(
    where=("connect", "classic"),
    area="Notebooks and dbutils",
    what="modules of installed packages after `restartPython()`",
    fails="stays changed",
    instead="names and the project's modules are forgotten, modules of installed packages stay imported",
    workspace="forgotten too",
    reason="compiled modules cannot be loaded twice; a new process for the rest of the notebook can do it",
    link="https://docs.databricks.com/aws/en/libraries/restart-python-process",
)
def test_a_restart_forgets_installed_modules(notebooks: Any) -> None:
    ended = notebooks.run(
        "import click\nclick.mine = 1\ndbutils.library.restartPython()",
        "import click\nassert not hasattr(click, 'mine'), 'stays changed'",
    )
    assert ended.ok, ended.problem


def test_nothing_catches_a_restart(notebooks: Any) -> None:
    code = """
        try:
            dbutils.library.restartPython()
        except Exception:
            print("caught")
    """
    assert notebooks.run(code, "print('next')").ok
    log = notebooks.log()
    assert "caught" not in log
    assert "next" in log


def test_a_command_that_fails_does_not_fail_the_cell_and_is_noted(project: Any) -> None:
    task = project.task(
        "n", "# MAGIC %sh\n# MAGIC ls /gone\n# MAGIC echo on\n# MAGIC exit 3", "print('next')"
    )
    summary = project.run(task)
    assert summary.status == "success", summary.as_dict()
    assert summary.tasks["n"].notes == (
        "n.py, cell 1: `%sh` ended with code 3; only `%sh -e` fails the cell",
    )
    assert "on\n" in project.log("n")
    assert "next" in project.log("n")


@pytest.mark.parametrize("cell", ["# MAGIC %sh -e\n# MAGIC false\n# MAGIC echo on", "# MAGIC %sh -e false"])
def test_a_command_of_a_strict_cell_fails_it(notebooks: Any, cell: str) -> None:
    found = notebooks.problem(cell)
    assert "`%sh -e` cell ended with code 1" in found.summary
    assert "echo" not in notebooks.log()


def test_a_line_of_the_shell_sets_its_exit_code(notebooks: Any) -> None:
    ended = notebooks.run(
        "!exit 4\nprint('code', _exit_code)", "lines = !ls /gone; exit 5\nprint(len(lines), _exit_code)"
    )
    assert ended.ok, ended.problem
    assert "code 4" in notebooks.log()


def test_the_errors_of_a_command_are_among_its_lines(notebooks: Any) -> None:
    assert notebooks.run("lines = !ls /gone-for-ever\nprint(lines[0][-25:], _exit_code)").ok
    assert "No such file or directory 2" in notebooks.log()


@pytest.mark.parametrize(
    "cell",
    [
        "# MAGIC %time x = sum(range(4))",
        "# MAGIC %timeit -n1 -r1 x = sum(range(4))",
        "# MAGIC %%time\n# MAGIC y = 4\n# MAGIC x = sum(range(y))",
        "# MAGIC %time\n# MAGIC x = sum(range(4))",
        "# MAGIC %%capture\n# MAGIC x = sum(range(4))",
    ],
)
def test_a_timed_statement_runs_and_keeps_its_names(notebooks: Any, cell: str) -> None:
    ended = notebooks.run(cell, "print('x is', x)")
    assert ended.ok, ended.problem
    log = notebooks.log()
    assert "x is 6" in log
    assert ("Wall time" in log) == ("%%time" in cell or "x = sum" in cell.splitlines()[0])
    assert ended.notes == ()


def test_variables_and_folders_are_set_in_the_order_of_the_lines(project: Any) -> None:
    task = project.task(
        "n",
        "# MAGIC %env MINE=a b\n# MAGIC import os\n# MAGIC print('mine', os.environ['MINE'])",
        "# MAGIC %env OTHER 2",
        "# MAGIC %cd ..",
        "# MAGIC %pwd",
        "print(os.environ['OTHER'], os.path.basename(os.getcwd()))",
    )
    assert project.run(task).status == "success", project.log("n")
    log = project.log("n")
    assert "mine a b" in log
    assert f"2 {project.root.name}" in log
    assert f"{project.root}\n" in log
