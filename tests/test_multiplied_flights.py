"""The flights that the scale benchmark generates are many, have keys of their own, and are otherwise like the real ones."""

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest
from multiplied_flights import multiply_file, multiply_lines

pytestmark = pytest.mark.unit
MONTH = (
    Path(__file__).parents[1]
    / "examples"
    / "flights"
    / "data"
    / "landing"
    / "flights"
    / "flights_2013-02.csv.gz"
)
KEY = ("year", "month", "day", "carrier", "flight", "origin")
TIMES = 7


def lines():
    with gzip.open(MONTH, "rt", encoding="utf-8", newline="") as stream:
        return stream.read().splitlines()


def records(text):
    return list(csv.DictReader(text))


def without_number(record):
    return tuple(value for name, value in record.items() if name != "flight")


def test_every_record_is_there_as_often_with_all_that_is_missing_or_wrong_in_it():
    real, many = records(lines()), records(list(multiply_lines(lines(), TIMES)))
    assert list(many[0]) == list(real[0])
    expected = Counter(
        {record: count * TIMES for record, count in Counter(map(without_number, real)).items()}
    )
    assert Counter(map(without_number, many)) == expected


def test_each_flight_has_a_key_of_its_own_and_the_real_ones_keep_theirs():
    real, many = records(lines()), records(list(multiply_lines(lines(), TIMES)))
    keys = [tuple(record[name] for name in KEY) for record in many]
    own = {tuple(record[name] for name in KEY) for record in real}
    assert len(own) == len(real)
    assert len(set(keys)) == len(keys) == len(real) * TIMES
    assert own < set(keys)


def test_an_invalid_flight_number_stays_invalid_and_a_field_with_a_comma_one_field():
    made = list(multiply_lines(["flight,note", 'x1,"a,b"', " 12 ,c"], 2))
    assert made == ["flight,note", 'x1,"a,b"', 'x1-1,"a,b"', " 12 ,c", "10012,c"]


def test_once_is_the_file_as_it_was_and_fewer_records_are_a_share_of_it():
    assert list(multiply_lines(lines(), 1)) == lines()
    assert len(list(multiply_lines(lines(), 2, every=10))) == 1 + 2 * -(-(len(lines()) - 1) // 10)


def test_a_generated_file_says_so_and_has_the_same_bytes_each_time(tmp_path):
    made = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        copy = folder / MONTH.name
        copy.write_bytes(MONTH.read_bytes())
        made.append(multiply_file(copy, 3))
        assert [path.name for path in folder.iterdir()] == ["flights_2013-02_generated_x3.csv.gz"]
    assert made[0].read_bytes() == made[1].read_bytes()
