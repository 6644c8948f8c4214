"""Notebooks into cells, SQL scripts into statements."""

import json
from pathlib import Path

import pytest

from lakewright.runner.errors import NotebookError
from lakewright.runner.inside.notebook.cells import find_notebook, read_notebook
from lakewright.runner.inside.sql.statements import split_statements

pytestmark = pytest.mark.unit

SOURCE = """# Databricks notebook source
# MAGIC %md
# MAGIC # Title

# COMMAND ----------

import os
x = 1

# COMMAND ----------

# DBTITLE 1,Count
# MAGIC %sql
# MAGIC SELECT count(*)
# MAGIC FROM t

# COMMAND ----------

# MAGIC %run ./setup

# COMMAND ----------

# MAGIC %pip install x

# COMMAND ----------

# MAGIC %python
# MAGIC print(1)

# COMMAND ----------

# a comment
# MAGIC %run ./not_a_magic_cell
y = 2
"""


def test_cells_keep_their_language_and_the_line_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "n.py"
    file.write_text(SOURCE)
    cells = read_notebook(file).cells
    assert [cell.language for cell in cells] == ["md", "python", "sql", "run", "pip", "python", "python"]
    assert cells[2].title == "Count"
    assert cells[2].source.split() == ["SELECT", "count(*)", "FROM", "t"]
    lines = SOURCE.splitlines()
    for cell in cells[1:3]:
        offset = next(index for index, line in enumerate(cell.source.splitlines()) if line.strip())
        wanted = cell.source.splitlines()[offset].strip()
        assert wanted in lines[cell.line + offset - 1]
    assert cells[3].source.strip() == "./setup"
    assert [cell.number for cell in cells] == [1, 2, 3, 4, 5, 6, 7]


def test_a_pip_line_with_code_below_it_is_a_python_cell(tmp_path: Path) -> None:
    file = tmp_path / "n.py"
    file.write_text("# Databricks notebook source\n# MAGIC %pip install x\n# MAGIC import x\n")
    (cell,) = read_notebook(file).cells
    assert (cell.language, cell.source, cell.line) == ("python", "%pip install x\nimport x", 2)


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\f", "\v", "\x1c"])
def test_a_sign_that_ends_no_line_of_python_stays_inside_its_text(tmp_path: Path, sign: str) -> None:
    file = tmp_path / "n.py"
    code = f"x = 'a{sign}# COMMAND ----------'"
    source = f"# Databricks notebook source\n{code}\n\n# COMMAND ----------\n# MAGIC %md a{sign}b\n"
    file.write_text(source, encoding="utf-8", newline="")
    first, second = read_notebook(file).cells
    assert first.source.strip("\n") == code
    assert (second.language, second.source, second.line) == ("md", f"a{sign}b", 5)


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    file = tmp_path / "n.py"
    file.write_bytes(b"# Databricks notebook source\r\nx = 1\r\n\r\n# COMMAND ----------\r\ny = 2\r\n")
    assert [(cell.source, cell.line) for cell in read_notebook(file).cells] == [
        ("\nx = 1\n", 1),
        ("y = 2", 5),
    ]


def test_a_sql_notebook_has_sql_cells_and_python_by_magic(tmp_path: Path) -> None:
    file = tmp_path / "n.sql"
    file.write_text(
        "-- Databricks notebook source\nSELECT 1\n\n-- COMMAND ----------\n\n-- MAGIC %python\n-- MAGIC x = 1\n"
    )
    assert [cell.language for cell in read_notebook(file).cells] == ["sql", "python"]


def test_an_ipynb_gives_its_code_cells_and_their_magics(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# hi"]},
        {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
        {"cell_type": "code", "source": "%sql\nSELECT 1"},
        {"cell_type": "code", "source": "%%sh\necho hi"},
        {"cell_type": "code", "source": "%pip install x\nimport x"},
        {"cell_type": "code", "source": "!ls"},
    ]
    file = tmp_path / "n.ipynb"
    file.write_text(json.dumps({"cells": cells}))
    read = read_notebook(file).cells
    assert [cell.language for cell in read] == ["md", "python", "sql", "sh", "python", "sh"]
    assert read[2].source.strip() == "SELECT 1"
    assert read[5].source.strip() == "ls"


def test_a_notebook_is_found_with_and_without_its_extension(tmp_path: Path) -> None:
    file = tmp_path / "01_ingest.py"
    file.write_text("")
    assert find_notebook(tmp_path / "01_ingest") == file
    assert find_notebook(file) == file


def test_a_missing_notebook_names_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "01_ingest.py").write_text("")
    with pytest.raises(NotebookError, match="there is no notebook") as caught:
        find_notebook(tmp_path / "01_ingst")
    assert "`01_ingest.py`" in (caught.value.fix or "")


@pytest.mark.parametrize(
    ("name", "content"),
    [("n.ipynb", b"{"), ("n.ipynb", b"[]"), ("n.py", b"\xff\xfe\x00"), ("n.scala", b"val x = 1")],
)
def test_a_file_that_is_not_a_notebook_is_refused_with_its_place(
    tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(NotebookError) as caught:
        read_notebook(file)
    assert caught.value.location == str(file)
    assert caught.value.fix


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        ("SELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]),
        (
            "SELECT ';' ; -- a;b\nSELECT \"x;y\"; /* ; /* ; */ */ SELECT `a;b`",
            ["SELECT ';'", 'SELECT "x;y"', "SELECT `a;b`"],
        ),
        ("SELECT 'it''s; fine'; SELECT 'a\\';b'", ["SELECT 'it''s; fine'", "SELECT 'a\\';b'"]),
        ("-- only a comment\n;;  ;", []),
        ("", []),
        (
            "BEGIN\n  DECLARE x INT; IF x > 1 THEN SELECT 1; ELSE SELECT CASE WHEN x THEN 1 END; END IF;\nEND; SELECT 2",
            [
                "BEGIN\n  DECLARE x INT; IF x > 1 THEN SELECT 1; ELSE SELECT CASE WHEN x THEN 1 END; END IF;\nEND",
                "SELECT 2",
            ],
        ),
        (
            "SELECT CASE WHEN a THEN 1 END; SELECT if(a, 1, 2); SELECT 3",
            ["SELECT CASE WHEN a THEN 1 END", "SELECT if(a, 1, 2)", "SELECT 3"],
        ),
        (
            "BEGIN WHILE x DO SELECT repeat('a', 2); END WHILE; END; SELECT 1",
            ["BEGIN WHILE x DO SELECT repeat('a', 2); END WHILE; END", "SELECT 1"],
        ),
        (
            "CREATE FUNCTION f() RETURNS INT LANGUAGE PYTHON AS $$\nreturn 1; # ;\n$$; SELECT 1",
            ["CREATE FUNCTION f() RETURNS INT LANGUAGE PYTHON AS $$\nreturn 1; # ;\n$$", "SELECT 1"],
        ),
        ("SELECT end, begin FROM t; SELECT 1", ["SELECT end, begin FROM t", "SELECT 1"]),
        (
            "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET *; SELECT 1",
            ["MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET *", "SELECT 1"],
        ),
        ("SELECT r'\\'; SELECT 2", ["SELECT r'\\'", "SELECT 2"]),
        (
            "BEGIN REPEAT SET x = x + 1; UNTIL x > 3 END REPEAT; END; SELECT 1",
            ["BEGIN REPEAT SET x = x + 1; UNTIL x > 3 END REPEAT; END", "SELECT 1"],
        ),
    ],
)
def test_a_script_is_split_where_statements_end(script: str, statements: list[str]) -> None:
    assert [statement.text for statement in split_statements(script)] == statements


def test_parameters_are_found_outside_of_strings_comments_and_casts() -> None:
    found = split_statements("-- :no\nSELECT :a, ':b', x::int, m:path FROM IDENTIFIER(:c)\n;\n\nSELECT :d")
    assert [sorted(statement.parameters) for statement in found] == [["a", "c"], ["d"]]
    assert [statement.line for statement in found] == [2, 5]
