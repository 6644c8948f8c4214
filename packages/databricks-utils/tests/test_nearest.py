"""The nearest right name to a wrong one."""

import pytest

from databricks_utils.nearest import choose_from, did_you_mean, listing, nearest

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("notebok_path", ["notebook_path", "source", "warehouse_id"], ["notebook_path"]),
        ("prd", ["dev", "local", "prod"], ["prod"]),
        ("Task-Key", ["task_key", "task_keys"], ["task_key"]),
        ("catalog", ["sources", "targets"], []),
        ("x", [], []),
    ],
)
def test_the_likely_name_is_found_and_nothing_else(name, candidates, expected):
    assert nearest(name, candidates) == expected


def test_the_likely_name_is_found_among_hundreds():
    many = [f"load_{number:03}_orders" for number in range(400)]
    assert nearest("laod_217_orders", many, limit=1) == ["load_217_orders"]
    assert nearest("load_217_ordesr", many, limit=1) == ["load_217_orders"]
    assert nearest("oad_217_orders", many, limit=1) == ["load_217_orders"]
    assert nearest("something", many) == []


def test_the_caller_may_ask_for_fewer_or_for_closer_names():
    assert nearest("task_kee", ["task_key", "task_keys"], limit=1) == ["task_key"]
    assert nearest("tasks", ["task_key"], cutoff=0.95) == []


def test_a_fix_names_the_nearest_or_is_none():
    assert did_you_mean("task_kee", ["task_key", "task_keys"]) == "did you mean `task_key` or `task_keys`?"
    assert did_you_mean("catalog", ["sources"]) is None


def test_a_long_listing_is_shortened():
    assert listing(["b", "a"]) == "a, b"
    assert listing([]) == "none"
    assert listing((f"n{index:02}" for index in range(20)), limit=2) == "n00, n01, … (20 in all)"


def test_without_a_near_name_all_are_listed_and_without_names_there_is_no_fix():
    assert choose_from("silvr", ["bronze", "silver"]) == "did you mean `silver`?"
    assert choose_from("x", ["silver", "bronze"]) == "choose one of: `bronze`, `silver`"
    assert choose_from("x", []) is None
