"""The table in the docstring of `result.py` is what the code does."""

import re

import pytest

from lakewright.runner.record import result
from lakewright.runner.record.result import Standing, Status, TaskResult

pytestmark = pytest.mark.unit

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (result.__doc__ or "").splitlines()
    if line.startswith("| ") and "`" in line and "Status" not in line
]


def word(cell: str) -> str:
    (found,) = re.findall(r"`([a-z_]+)`", cell)
    return str(found)


def test_every_status_and_standing_is_in_the_table() -> None:
    assert {word(row[1]) for row in ROWS} == {item.value for item in Status}
    assert {word(row[2]) for row in ROWS} == {item.value for item in Standing}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_result_state_is_that_of_the_table(row: list[str]) -> None:
    what, status, standing, state = row
    ended = TaskResult(Status(word(status)), Standing(word(standing)), timed_out="time limit" in what)
    assert ended.result_state == word(state)
