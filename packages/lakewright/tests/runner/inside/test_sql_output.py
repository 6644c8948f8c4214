"""The rows that a SQL task hands back: as plain data, within the limits of Databricks."""

import datetime
import decimal
from typing import Any

import pytest

from lakewright.runner.inside.sql.output import MOST_BYTES, MOST_ROWS, output_rows

pytestmark = pytest.mark.unit


class Row:
    def __init__(self, **columns: Any) -> None:
        self.columns = columns

    def asDict(self, *, recursive: bool) -> dict[str, Any]:
        assert recursive
        return self.columns


class Frame:
    """The two methods of a DataFrame that are used."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def limit(self, count: int) -> "Frame":
        return Frame(self.rows[:count])

    def collect(self) -> list[Row]:
        return self.rows


def test_rows_become_plain_data() -> None:
    row = Row(n=1, day=datetime.date(2026, 1, 2), price=decimal.Decimal("1.50"), tags=["a"], none=None)
    assert output_rows(Frame([row])) == [
        {"n": 1, "day": "2026-01-02", "price": "1.50", "tags": ["a"], "none": None}
    ]


def test_no_more_rows_and_bytes_are_kept_than_on_databricks() -> None:
    assert len(output_rows(Frame([Row(n=1)] * (MOST_ROWS + 5)))) == MOST_ROWS
    wide = output_rows(Frame([Row(text="ü" * 1024)] * 100))
    assert 20 < len(wide) < MOST_BYTES / 2048
