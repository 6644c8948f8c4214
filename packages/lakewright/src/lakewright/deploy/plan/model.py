"""A deployment plan as data.

The values of a plan may be secrets: they are left out of every `repr`, and only `shown_value` prints them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """What a deployment does with one resource, the mildest first.

    Source: https://github.com/databricks/cli/blob/main/bundle/deployplan/action.go
    """

    SKIP = "skip"
    RESIZE = "resize"
    UPDATE = "update"
    UPDATE_ID = "update_id"
    CREATE = "create"
    RECREATE = "recreate"
    DELETE = "delete"

    @property
    def severity(self) -> int:
        """Its place in the order of the CLI, from 0."""
        return _SEVERITIES[self]

    @property
    def destroys(self) -> bool:
        """Whether what exists today is deleted."""
        return self in {Action.RECREATE, Action.DELETE}


_SEVERITIES = {action: at for at, action in enumerate(Action)}


class Engine(StrEnum):
    """What makes and executes a plan."""

    DIRECT = "direct"
    TERRAFORM = "terraform"


@dataclass(frozen=True)
class Change:
    """One field that differs.

    Attributes:
        path: The field, such as `catalog_name` or `tasks[task_key='main'].run_if`.
        action: What the difference alone would need; `skip` for one that is left as it is.
        reason: Why, in a word of the CLI; often empty.
        old: The value of the last deployment; None if there was none.
        new: The value of the bundle; None if it sets none.
        remote: The value in the workspace; None if there is none, or the API does not return it.
    """

    path: str
    action: Action
    reason: str = ""
    old: Any = field(default=None, repr=False)
    new: Any = field(default=None, repr=False)
    remote: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class Entry:
    """What a deployment does with one resource, or with the permissions or grants of one.

    Attributes:
        key: The whole key, such as `resources.schemas.gold.grants`.
        kind: The kind, such as `schemas`.
        name: The key of the resource in the bundle, such as `gold`.
        part: `permissions` or `grants`; empty for the resource itself.
        action: What happens.
        gone: Whether somebody deleted it already, so that only the state of the deployment is cleaned.
        depends_on: The keys that it refers to, each once.
        changes: The fields that differ; none in a plan of the terraform engine.
        new_state: What is sent to the workspace; empty if nothing is, and in a plan of the terraform engine.
        remote_state: What the workspace holds today; empty if nothing, and in a plan of the terraform engine.
        id: The id in the workspace, where the plan has it.
    """

    key: str
    kind: str
    name: str
    part: str
    action: Action
    gone: bool = False
    depends_on: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    new_state: Mapping[str, Any] = field(default_factory=dict, repr=False)
    remote_state: Mapping[str, Any] = field(default_factory=dict, repr=False)
    id: str = ""

    @property
    def differences(self) -> tuple[Change, ...]:
        """The changes that the deployment acts upon."""
        return tuple(change for change in self.changes if change.action is not Action.SKIP)


@dataclass(frozen=True)
class Plan:
    """A whole plan.

    Attributes:
        engine: What made it.
        entries: Its entries by key.
        cli_version: The version of the CLI; empty if it is not said.
        not_selected: How many resources `--select` left out.
    """

    engine: Engine
    entries: Mapping[str, Entry]
    cli_version: str = ""
    not_selected: int = 0
