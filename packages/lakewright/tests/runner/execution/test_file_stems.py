"""The names of the files that each task of a run has: no two tasks share one, on any disk."""

import itertools
from typing import Any

import pytest

from lakewright.runner.execution.task_specs import file_stem
from lakewright.runner.planning.attempt import Attempt

pytestmark = pytest.mark.unit


def stem(label: str, number: int = 1) -> str:
    anything: Any = None
    return file_stem(Attempt(anything, anything, label, number, {}, {}, {}))


@pytest.mark.parametrize(
    "label", ["load", "load_all", "load-all", "call/load", "loop[3]", "call/loop[0]/load", "loop[12]/x"]
)
def test_a_plain_path_is_its_own_name(label: str) -> None:
    assert stem(label) == label.replace("/", ".")
    assert stem(label, 3) == f"{stem(label)}.3"


def test_no_two_tasks_share_a_name_not_even_on_a_disk_that_ignores_case() -> None:
    labels = [
        *(
            "load",
            "Load",
            "LOAD",
            "lÖad",
            "löad",
            "l\u00f6ad ",
            "lo\u0308ad",
            "加载",
            "載入",
            "a.b",
            "a/b",
            "A/b",
        ),
        *(
            "a_b",
            "a b",
            "a+b",
            "loop[0]",
            "Loop[0]",
            "loop[0]/a",
            "loop[0].a",
            "ß",
            "ẞ",
            "ss",
            "a.2",
            "i",
            "I",
            "ı",
            "İ",
        ),
        *("x" * 100 + "/" + "y" * 100, "x" * 100 + "/" + "y" * 99 + "z", "x" * 200),
    ]
    names = {(label, number): stem(label, number) for label in labels for number in (1, 2)}
    for one, other in itertools.combinations(names, 2):
        assert names[one].casefold() != names[other].casefold(), (one, other)


def test_a_name_is_short_enough_for_every_disk() -> None:
    assert all(len(f"{stem('加' * size, 10)}.result.json".encode()) < 255 for size in (1, 80, 200, 1000))
