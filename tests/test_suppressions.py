"""Each comment that silences ruff or mypy gives its reason."""

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
_NOQA = re.compile(r"# noqa\b(?!: [A-Z]+\d+(?:, [A-Z]+\d+)* - \S)")
_IGNORE = re.compile(r"# type: ignore\b(?!\[[a-z, -]+\]  # \S)")


def without_reason(line: str) -> bool:
    return bool(_NOQA.search(line) or _IGNORE.search(line))


def test_each_suppression_gives_its_reason():
    command = ["git", "grep", "-nE", "# (noqa|type: ignore)", "--", "*.py", ":!tests/test_suppressions.py"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert found
    assert [line for line in found if without_reason(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa",
        "x = 1  # noqa: E731",
        "x = 1  # noqa: E731 (shorter)",
        "x = 1  # type: ignore",
        "x = 1  # type: ignore[index]",
    ],
)
def test_a_suppression_without_a_reason_is_found(line):
    assert without_reason(line)


def test_a_suppression_with_a_reason_passes():
    assert not without_reason("x = 1  # noqa: E731, ANN401 - shorter")
    assert not without_reason("x = 1  # type: ignore[index]  # it is set above")
