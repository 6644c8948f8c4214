"""Sizes: a function has at most 60 lines, a module of the packages at most 300; each exception gives its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
PACKAGES = "packages/*/src/**/*.py"
CODE = (PACKAGES, "packages/*/tests/**/*.py", "tests/**/*.py", "scripts/**/*.py", "benchmarks/**/*.py")
MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_MODULE = 300
LONGER_FUNCTIONS = {
    "packages/databricks-utils/tests/mlops/test_walk.py::test_the_whole_walk_and_the_same_walk_again": (
        "training, gate, scoring and monitoring follow each other on one session"
    ),
    "packages/lakewright/tests/test_exploring.py::"
    "test_a_notebook_in_a_subfolder_uses_the_project_and_works_after_its_engine_stops": (
        "most of its lines are the cells of one notebook; each start of a kernel takes seconds"
    ),
}
LONGER_MODULES = {
    "packages/databricks-utils/src/databricks_utils/medallion/silver/refinement.py": (
        "one transformation: two commits, and what a later call does after a crash between them"
    ),
}


def long_functions(path: Path) -> Iterator[str]:
    """The names of the functions of a file that have too many lines, decorators not counted."""
    text = path.read_text(encoding="utf-8")
    if text.count("\n") < MOST_LINES_OF_A_FUNCTION:  # to parse every file takes seconds
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            if node.end_lineno - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION:
                yield node.name


def is_long(path: Path) -> bool:
    return len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES_OF_A_MODULE


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_function_is_longer_than_sixty_lines_without_a_reason():
    files = [path for pattern in CODE for path in sorted(ROOT.glob(pattern))]
    found = {f"{named(path)}::{name}" for path in files for name in long_functions(path)}
    assert found == set(LONGER_FUNCTIONS)


def test_no_module_of_the_packages_is_longer_than_three_hundred_lines_without_a_reason():
    assert {named(path) for path in ROOT.glob(PACKAGES) if is_long(path)} == set(LONGER_MODULES)


def test_a_longer_function_and_a_longer_module_are_found(tmp_path):
    short, long = tmp_path / "short.py", tmp_path / "long.py"
    short.write_text("def walk():\n" + "    pass\n" * (MOST_LINES_OF_A_FUNCTION - 1))
    long.write_text("async def walk():\n" + "    pass\n" * MOST_LINES_OF_A_MODULE)
    assert (list(long_functions(short)), is_long(short)) == ([], False)
    assert (list(long_functions(long)), is_long(long)) == (["walk"], True)
