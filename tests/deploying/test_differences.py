"""Differences have the paths and the reasons of the CLI's plans."""

import pytest
from bundle_deployer.differences import action_of, changes_of
from bundle_deployer.kinds import KINDS
from bundle_deployer.parts import RULES

pytestmark = pytest.mark.unit

TASK = {"task_key": "main", "timeout_seconds": 5}


@pytest.mark.parametrize(
    ("kind", "old", "new", "remote", "expected"),
    [
        (
            "jobs",
            {"tasks": [TASK]},
            {"tasks": []},
            {"tasks": [TASK]},
            {"tasks[task_key='main']": ("update", None)},
        ),
        (
            "jobs",
            {"tasks": [TASK]},
            {"tasks": [TASK | {"timeout_seconds": 6}]},
            {"tasks": [TASK]},
            {"tasks[task_key='main'].timeout_seconds": ("update", None)},
        ),
        (
            "jobs",
            {"tags": {"a": "1"}},
            {"tags": {"a": "1"}},
            {"tags": {"a": "1", "b": "2"}},
            {"tags['b']": ("update", None)},
        ),
        ("jobs", {}, {}, {"timeout_seconds": 0}, {"timeout_seconds": ("skip", "empty")}),
        ("jobs", {}, {}, {"email_notifications": {}}, {"email_notifications": ("skip", "empty")}),
        ("jobs", {}, {}, {"run_as": {"user_name": "a"}}, {"run_as": ("skip", "backend_default")}),
        ("jobs", {"name": "a"}, {"name": "b"}, {"name": "b"}, {"name": ("skip", "remote_already_set")}),
        ("jobs", {"name": "a"}, {"name": "a"}, {"name": "b"}, {"name": ("update", None)}),
        ("schemas", {"name": "A"}, {"name": "A"}, {"name": "a"}, {"name": ("skip", "id_field")}),
        ("schemas", {"name": "a"}, {"name": "b"}, {"name": "a"}, {"name": ("recreate", "id_field")}),
        (
            "schemas",
            {"storage_root": "x"},
            {"storage_root": "y"},
            {"storage_root": "x"},
            {"storage_root": ("recreate", "immutable")},
        ),
        (
            "schemas",
            {},
            {},
            {"properties": {"unity.catalog.managed.delta.defaults.x": "true"}},
            {"properties": ("skip", "backend_default")},
        ),
        (
            "schemas",
            {},
            {},
            {"properties": {"unity.catalog.managed.delta.defaults.x": "true", "mine": "1"}},
            {"properties": ("update", None)},
        ),
        ("volumes", {"name": "a"}, {"name": "b"}, {"name": "a"}, {"name": ("update_id", "id_field")}),
        ("registered_models", {"aliases": [1]}, {"aliases": [1]}, {}, {"aliases": ("skip", "input_only")}),
        (
            "registered_models",
            {"aliases": [1]},
            {"aliases": [2]},
            {},
            {"aliases": ("update", None), "aliases[0]": ("update", None)},
        ),
    ],
)
def test_a_difference_has_its_path_and_its_reason(kind, old, new, remote, expected):
    found = changes_of(KINDS[kind], old, new, remote)
    assert {path: (each["action"], each.get("reason")) for path, each in found.items()} == expected


def test_grants_and_permissions_are_compared_by_whom_they_are_for():
    old = {"": [{"principal": "a", "privileges": ["X", "Y"]}, {"principal": "b", "privileges": ["X"]}]}
    new = {"": [{"principal": "a", "privileges": ["X", "Z"]}]}
    assert list(changes_of(RULES, old, new, old)) == ["[principal='a'].privileges[1]", "[principal='b']"]
    old, new = (
        {"": [{"group_name": "a", "level": "CAN_VIEW"}]},
        {"": [{"user_name": "a", "level": "CAN_VIEW"}]},
    )
    assert list(changes_of(RULES, old, new, old)) == ["[group_name='a']", "[user_name='a']"]


def test_the_strongest_action_wins():
    assert action_of({}) == "skip"
    assert (
        action_of({"a": {"action": "skip"}, "b": {"action": "recreate"}, "c": {"action": "update"}})
        == "recreate"
    )
