"""The page about the gate tells the truth: its commands print what it shows, and its tables are those of the code."""

from pathlib import Path

import pytest
from page_walk import PAGES, follow

from lakewright.deploy.gate import KINDS, Keeps
from lakewright.deploy.gate.differences.perpetual import PERPETUAL

pytestmark = pytest.mark.unit

PAGE = PAGES / "reference" / "plan-gate.md"


def rows_of(heading: str) -> list[list[str]]:
    """The cells of all tables below a heading, without the heads of the tables."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in section.splitlines()
        if line.startswith("| `")
    ]


def test_the_page_tells_the_truth(tmp_path: Path):
    follow(PAGE, tmp_path)


def test_the_table_of_kinds_is_that_of_the_code():
    rows = {cells[0].strip("`"): cells[1:] for cells in rows_of("What holds data")}
    expected = {name: kind for name, kind in KINDS.items() if kind.keeps is not Keeps.NOTHING}
    assert list(rows) == list(expected)
    for name, kind in expected.items():
        assert rows[name][0].rstrip(" |") == kind.loss
        if kind.keeps is Keeps.DATA:
            assert all(text in rows[name][1] for text in (kind.recovery, kind.source))


def test_the_table_of_differences_is_that_of_the_code():
    rows = [
        (cells[0].strip("`"), cells[1], cells[3], cells[5].rstrip(" |"))
        for cells in rows_of("Differences that are none")
    ]
    assert rows == [(rule.name, ", ".join(rule.kinds), rule.because, rule.fixed_in) for rule in PERPETUAL]
    assert all(f"]({rule.source})" in PAGE.read_text(encoding="utf-8") for rule in PERPETUAL)
