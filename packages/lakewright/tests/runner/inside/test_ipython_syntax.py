"""IPython's syntax inside Python cells, and `await` across cells, without a process."""

import asyncio
from typing import Any

import pytest

from lakewright.runner.inside.notebook.ipython_syntax import Shell, to_python
from lakewright.runner.inside.notebook.python_cells import PythonCells

pytestmark = pytest.mark.unit


def run(source: str, **names: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Run a cell; its namespace, and the magics that it called."""
    magics: list[tuple[str, str]] = []
    namespace: dict[str, Any] = dict(names)
    shell = Shell(namespace, lambda name, line: magics.append((name, line)))
    namespace["get_ipython"] = lambda: shell
    cells = PythonCells(namespace)
    cells.run(to_python(source), "cell")
    cells.close()
    return namespace, magics


def test_magics_run_in_the_order_of_the_lines_with_python_between_them() -> None:
    namespace, magics = run("x = 1\n%sql SELECT 1\nif x:\n    %pip install a\ny = 2")
    assert magics == [("sql", "SELECT 1"), ("pip", "install a")]
    assert (namespace["x"], namespace["y"]) == (1, 2)


def test_a_percent_sign_inside_a_text_is_not_a_magic() -> None:
    namespace, magics = run('text = """\n%sql\n!ls\n"""\n%config x')
    assert namespace["text"] == "\n%sql\n!ls\n"
    assert magics == [("config", "x")]


def test_the_output_of_a_command_is_a_list_of_lines_and_names_are_filled_in() -> None:
    namespace, _ = run("a = !echo {word} $word; echo two\nb = !echo x y | awk '{print $1}'", word="one")
    assert list(namespace["a"]) == ["one one", "two"]
    assert list(namespace["b"]) == ["x"]


def test_a_question_mark_asks_for_help() -> None:
    assert run("x = 1\nx?")[1] == [("pinfo", "x")]


@pytest.mark.parametrize("source", ["x = 5 %3", "await f()", "", "%"])
def test_what_ipython_does_not_change_keeps_its_lines(source: str) -> None:
    assert to_python(source).count("\n") == source.count("\n")


def test_a_command_over_several_lines_keeps_the_lines_behind_it_in_their_place() -> None:
    source = "%pip install a \\\n  b\nx = 1\n1 / 0"
    assert to_python(source).split("\n")[3] == "1 / 0"


def test_an_asyncio_task_of_one_cell_is_awaited_in_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    cells = PythonCells({"answer": answer})
    cells.run("import asyncio\ntask = asyncio.create_task(answer())\nawait asyncio.sleep(0)", "one")
    cells.run("await task", "two")
    cells.close()
    assert capsys.readouterr().out == "42\n"
