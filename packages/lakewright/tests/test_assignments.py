"""`NAME=VALUE` on the command line."""

import click
import pytest

from lakewright.commands.assignments import read_assignments

pytestmark = pytest.mark.unit


def test_a_value_may_be_empty_and_may_hold_the_sign():
    assert read_assignments("--var", ["a=1", "b=", "c=x=y", " d = e"]) == {
        "a": "1",
        "b": "",
        "c": "x=y",
        "d": " e",
    }


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["a"], "write --param name=value"),
        (["=1"], "is not NAME=VALUE"),
        (["a=1", "a=2"], "a is given twice"),
    ],
)
def test_what_is_no_assignment_or_given_twice_is_refused(given: list[str], words: str):
    with pytest.raises(click.BadParameter, match=words):
        read_assignments("--param", given)
