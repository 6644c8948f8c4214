"""A first line with data in place of names is refused; dates and numbers may be names of columns."""

from pathlib import Path

import pytest

from databricks_utils.contracts import DataFileError
from databricks_utils.contracts.data_files.text_files import TextFile
from databricks_utils.contracts.drafting.from_files import _check_header

pytestmark = pytest.mark.unit


def a_file(header, below):
    return TextFile(Path("a.csv"), 1, tuple(header.split(",")), ",", tuple(below.split(",")) if below else ())


@pytest.mark.parametrize(
    ("header", "below"),
    [
        ("country,2020-01-22,2020-01-23", "NL,3,4"),
        ("country,2019,2020", "NL,3,4"),
        ("id,step 1.5,0.5", "1,2,3.5"),
        ("id,name,born", "1,x,2020-01-22"),
        ("id", ""),
    ],
)
def test_dates_and_numbers_are_names_where_other_values_stand_below(header, below):
    _check_header(a_file(header, below))


@pytest.mark.parametrize(
    ("header", "below"),
    [
        ("NL,2020-01-22,2.5", "BE,2020-01-23,3.5"),
        ("1,NL,2020-01-22", "2,BE,2020-01-23"),
        ("1,2,3", "4,5,6"),
        ("1,2.5", "x,y"),
        ("2020-01-22,2020-01-23", ""),
        ("1,Anna,anna@example.com,NL", "2,Bob,bob@example.com,BE"),
    ],
)
def test_a_first_line_of_data_is_refused(header, below):
    with pytest.raises(DataFileError, match=r"the first line of a\.csv looks like data") as caught:
        _check_header(a_file(header, below))
    assert "give it a header" in caught.value.fix
