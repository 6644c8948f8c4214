"""Paths of fields: matched with patterns, looked up in states."""

import pytest

from lakewright.deploy.plan.field_paths import look_up, matches, parent_of, steps_of

pytestmark = pytest.mark.unit

STATE = {
    "tasks": [
        {"task_key": "a.b", "libraries": [{"whl": "x.whl"}]},
        {"task_key": "it's", "run_if": "ALL_DONE"},
    ],
    "properties": {"unity.catalog": "on"},
    "__embed__": [{"principal": "readers", "privileges": ["SELECT"]}],
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tasks[task_key='a.b'].libraries[0].whl", "x.whl"),
        ("tasks[task_key='it''s'].run_if", "ALL_DONE"),
        ("tasks[1].task_key", "it's"),
        ("properties['unity.catalog']", "on"),
        ("[principal='readers'].privileges[0]", "SELECT"),
        ("tasks[task_key='none'].run_if", None),
        ("tasks[7]", None),
        ("properties.other.deeper", None),
    ],
)
def test_a_path_finds_its_value_or_nothing(path, value):
    assert look_up(STATE, path) == value


def test_an_element_that_is_there_twice_is_not_found():
    assert (
        look_up({"tasks": [{"task_key": "a", "n": 1}, {"task_key": "a", "n": 2}]}, "tasks[task_key='a'].n")
        is None
    )


@pytest.mark.parametrize(
    ("path", "pattern", "fits"),
    [
        ("tasks[task_key='a].run_if'].run_if", "tasks[*].run_if", True),
        ("tasks[0].run_if", "tasks[*].run_if", True),
        ("tasks[0].run_if.more", "tasks[*].run_if", False),
        ("tasksX0].run_if", "tasks[*].run_if", False),
        ("creator_name", "creator_name", True),
        ("creator_names", "creator_name", False),
        ("creatorxname", "creator.name", False),
    ],
)
def test_a_pattern_stands_for_whole_paths(path, pattern, fits):
    assert matches(path, pattern) is fits


def test_a_parent_is_one_step_shorter_also_if_a_key_has_dots():
    assert parent_of("tasks[task_key='a.b'].libraries[0]") == "tasks[task_key='a.b'].libraries"
    assert parent_of("tasks[task_key='a.b']") == "tasks"


def test_what_is_no_path_ends_it():
    assert list(steps_of("a[")) == ["a"]
