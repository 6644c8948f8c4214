"""What may be destroyed, named one by one: by an option of the command, or in a file that a pull request shows.

There is no pattern and no option for everything. An allowance in the file says why and until when.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.model.tree import Node
from lakewright.bundle.reading.yaml_source import SourceError, load_source
from lakewright.deploy.gate.errors import AllowanceError
from lakewright.deploy.plan.model import Action

FILE = "plan-gate.yml"
LONGEST = timedelta(days=31)
_KEY = re.compile(r"resources\.[a-z][a-z0-9_]*\.[^\s*?\[\]]+")
_FIELDS = ("resource", "action", "target", "reason", "until")
_ACTIONS = (Action.DELETE, Action.RECREATE)
_EXAMPLE = "allow:\n  - {{resource: resources.schemas.old, action: delete, target: prod, reason: moved to the archive, until: {}}}"


@dataclass(frozen=True)
class Allowance:
    """The permission to destroy one resource.

    Attributes:
        resource: Its key, such as `resources.schemas.bronze`.
        action: `delete` or `recreate`.
        reason: Why; empty for an option.
        target: The target that it is for; empty for an option, which is for the plan at hand.
        until: The last day on which it holds; None for an option.
        location: Where it is written; None for an option.
    """

    resource: str
    action: Action
    reason: str = ""
    target: str = ""
    until: date | None = None
    location: Location | None = None

    def __str__(self) -> str:
        """Return it as a person would give it."""
        return (
            f"{self.resource} ({self.action})" if self.location else f"--allow-{self.action} {self.resource}"
        )


def allowances_of_options(deleted: Iterable[str], recreated: Iterable[str]) -> tuple[Allowance, ...]:
    """Return what the options `--allow-delete` and `--allow-recreate` allow.

    Raises:
        AllowanceError: A value is not the whole key of one resource.
    """
    found = []
    for action, keys in ((Action.DELETE, deleted), (Action.RECREATE, recreated)):
        for key in dict.fromkeys(keys):
            if not _KEY.fullmatch(key):
                raise AllowanceError(
                    f"`--allow-{action} {key}` names no single resource",
                    fix=f"give its whole key, as the plan has it: --allow-{action} resources.schemas.bronze",
                )
            found.append(Allowance(key, action))
    return tuple(found)


def read_allowances(file: Path, *, today: date) -> tuple[Allowance, ...]:
    """Return the allowances of a file.

    Args:
        file: The file, absolute.
        today: The day; an allowance may hold for 31 days from it.

    Raises:
        AllowanceError: The file is not YAML, or an entry lacks a field, has an unknown one, or holds too long.
    """
    try:
        root = load_source(file).node
    except SourceError as error:
        found = error.diagnostic
        raise AllowanceError(
            found.summary, detail=found.detail, location=str(found.location), fix=found.fix
        ) from error
    if root.value is None:
        return ()
    entries = root.get("allow") if root.is_map else None
    if entries is None or not entries.is_list or list(root.value) != ["allow"]:
        raise _wrong("the file has one key, `allow`, with a list", root.location, today)
    allowances = tuple(_allowance(entry, today) for entry in entries.value)
    _require_each_once(allowances, today)
    return allowances


def _allowance(entry: Node, today: date) -> Allowance:
    if not entry.is_map:
        raise _wrong("an allowance is a map", entry.location, today)
    for name in entry.value:
        if name not in _FIELDS:
            raise _wrong(f"an allowance has no field `{name}`", entry.keys.get(name, entry.location), today)
    texts = dict(_texts(entry, today))
    if not _KEY.fullmatch(texts["resource"]):
        raise _wrong(
            f"`{texts['resource']}` is not the whole key of one resource", _at(entry, "resource"), today
        )
    if texts["action"] not in _ACTIONS:
        raise _wrong(
            f"the action is `delete` or `recreate`, not `{texts['action']}`", _at(entry, "action"), today
        )
    until = _until(texts["until"], _at(entry, "until"), today)
    return Allowance(
        texts["resource"],
        Action(texts["action"]),
        texts["reason"].strip(),
        texts["target"],
        until,
        entry.location,
    )


def _texts(entry: Node, today: date) -> Iterator[tuple[str, str]]:
    for name in _FIELDS:
        value = entry.get(name)
        if value is None or value.value is None or not str(value.value).strip():
            raise _wrong(f"an allowance needs `{name}`", entry.location, today)
        if value.is_map or value.is_list:
            raise _wrong(f"`{name}` is one value", value.location, today)
        yield name, str(value.value)


def _until(text: str, location: Location | None, today: date) -> date:
    try:
        until = date.fromisoformat(text)
    except ValueError:
        raise _wrong(f"`until: {text}` is not a day such as {today + LONGEST}", location, today) from None
    if until > today + LONGEST:
        latest = today + LONGEST
        raise _wrong(
            f"`until: {until}` is more than {LONGEST.days} days ahead; {latest} is the latest day",
            location,
            today,
        )
    return until


def _require_each_once(allowances: tuple[Allowance, ...], today: date) -> None:
    seen: set[tuple[str, Action, str]] = set()
    for each in allowances:
        key = (each.resource, each.action, each.target)
        if key in seen:
            raise _wrong(f"{each.resource} is allowed twice for target {each.target}", each.location, today)
        seen.add(key)


def _at(entry: Node, name: str) -> Location | None:
    value = entry.get(name)
    return value.location if value is not None else entry.location


def _wrong(summary: str, location: Location | None, today: date) -> AllowanceError:
    return AllowanceError(
        summary, location=str(location) if location else None, fix=_EXAMPLE.format(today + LONGEST)
    )
