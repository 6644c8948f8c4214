"""`%fs`: the words of a cell become a call of `dbutils.fs`, or an error with the usage."""

from typing import Any

import pytest

from lakewright.runner.inside.dbutils.filesystem import FileSystem
from lakewright.runner.inside.notebook.fs_commands import FsUsageError, run_fs

pytestmark = pytest.mark.unit


class Recorded(FileSystem):
    """Returns each call of a method instead of doing it."""

    def __init__(self) -> None:
        pass

    def ls(self, path: str) -> Any:
        return ("ls", path)

    def rm(self, path: str, recurse: bool = False) -> Any:
        return ("rm", path, recurse)

    def cp(self, source: str, dest: str, recurse: bool = False) -> Any:
        return ("cp", source, dest, recurse)

    def head(self, file: str, max_bytes: int = 65536) -> Any:
        return ("head", file, max_bytes)

    def put(self, file: str, contents: str, overwrite: bool = False) -> Any:
        return ("put", file, contents, overwrite)


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ("ls", ("ls", "/")),
        ("ls '/a b'", ("ls", "/a b")),
        ("rm -r /x", ("rm", "/x", True)),
        ("rm /x -r", ("rm", "/x", True)),
        ("rm /x true", ("rm", "/x", True)),
        ("rm --recurse=true /x", ("rm", "/x", True)),
        ("rm --recurse=false /x", ("rm", "/x", False)),
        ("cp -r /a /b", ("cp", "/a", "/b", True)),
        ("cp /a --recurse /b", ("cp", "/a", "/b", True)),
        ("head /f 5", ("head", "/f", 5)),
        ("head --maxBytes=5 /f", ("head", "/f", 5)),
        ("put /f 'a b' --overwrite", ("put", "/f", "a b", True)),
        ("put /f 5 true", ("put", "/f", "5", True)),
    ],
)
def test_words_become_a_call(words: str, call: tuple[Any, ...]) -> None:
    assert run_fs(Recorded(), words, "n.py:2") == call


@pytest.mark.parametrize(
    ("words", "problem", "usage"),
    [
        ("rm -r", "PATH is missing", "%fs rm [-r] PATH"),
        ("rm -x /a", "there is no option `-x`", "%fs rm [-r] PATH"),
        ("ls --recurse /a", "there is no option `--recurse`", "%fs ls [PATH]"),
        ("ls /a /b", "`/b` is one argument too many", "%fs ls [PATH]"),
        ("cp -r /a", "DEST is missing", "%fs cp [-r] SOURCE DEST"),
        ("head /f much", "`much` is not a number", "%fs head [--maxBytes=65536] FILE"),
        ("put /f a maybe", "`maybe` is neither true nor false", "%fs put [--overwrite] FILE CONTENTS"),
        ("", "`%fs` is not known", "COMMAND PATH"),
        ("ls '/a", "is not known", "COMMAND PATH"),
        ("_mount /a", "is not known", "ls, cp, mv, rm"),
    ],
)
def test_words_that_are_no_call_are_refused_with_the_usage(words: str, problem: str, usage: str) -> None:
    with pytest.raises(FsUsageError) as caught:
        run_fs(Recorded(), words, "n.py:2 (cell 1)")
    assert problem in caught.value.summary
    assert usage in (caught.value.fix or "")
    assert caught.value.location == "n.py:2 (cell 1)"


def test_a_folder_is_copied_and_removed_by_a_cell(notebooks: Any) -> None:
    ended = notebooks.run(
        'dbutils.fs.put("/mnt/a/b.txt", "abcdef")',
        "# MAGIC %fs cp -r /mnt/a /mnt/c",
        "# MAGIC %fs head /mnt/c/b.txt 3",
        "# MAGIC %fs rm -r /mnt/a",
        "# MAGIC %fs ls",
    )
    assert ended.ok, ended.problem
    dbfs = notebooks.root / ".lakewright/lakehouse/dbfs"
    assert (dbfs / "mnt/c/b.txt").is_file()
    assert not (dbfs / "mnt/a").exists()
    log = notebooks.log()
    assert "\nabc\n" in log
    assert "dbfs:/mnt/" in log


@pytest.mark.parametrize("cell", ["# MAGIC %fs", "x = 1\n%fs rm", "# MAGIC %fs head /f five"])
def test_a_cell_with_wrong_arguments_names_the_usage(notebooks: Any, cell: str) -> None:
    found = notebooks.problem(cell)
    assert "%fs" in found.summary
    assert "%fs" in (found.fix or "")
