"""Tests wait for an event: who waits for a fixed time gives the reason in the line."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
TESTS = ("tests/**/*.py", "packages/*/tests/**/*.py")


def fixed_waits(text: str) -> Iterator[int]:
    """Yield the lines that sleep outside of a loop which looks for something, and have no comment."""
    if "sleep(" not in text:
        return
    tree = ast.parse(text)
    looking = {
        id(inner) for node in ast.walk(tree) if isinstance(node, ast.While) for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("time.sleep", "sleep"):
            continue
        if id(node) not in looking and "  # " not in text.splitlines()[node.lineno - 1]:
            yield node.lineno


def test_no_test_waits_for_a_fixed_time_without_a_reason():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for pattern in TESTS
        for path in sorted(ROOT.glob(pattern))
        for line in fixed_waits(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_fixed_wait_is_found():
    text = "import time\ntime.sleep(1)\nwhile not there():\n    time.sleep(0.1)\ntime.sleep(2)  # nothing comes\n"
    assert list(fixed_waits(text)) == [2]
