"""Read the JSON of `databricks bundle plan -o json`, and refuse what is not known in full.

A gate that overlooks what it does not understand lets everything pass. The CLI reads its own plans as strictly.
Source: https://github.com/databricks/cli/blob/main/bundle/deployplan/plan.go
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, NoReturn

from lakewright.deploy.plan.entries import read_entry
from lakewright.deploy.plan.errors import PlanError
from lakewright.deploy.plan.made_by import plan_command
from lakewright.deploy.plan.model import Engine, Plan
from lakewright.deploy.plan.shape import UPDATE, Shape
from lakewright.shown_text.printable import printable

VERSION = 2  # the direct engine's; that of terraform writes none
_FIRST_CLI = "0.284.0"  # from here on a plan of terraform has no version
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LONGEST_NUMBER = 30  # digits; ids have 20, and Python reads no number of thousands
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")


def read_plan(content: bytes, *, source: str, target: str | None = None) -> Plan:
    """Return a plan.

    Args:
        content: The JSON, as the CLI printed it. UTF-8, or UTF-16 with its mark, as PowerShell writes it.
        source: The file's name, for messages.
        target: The target, for messages.

    Raises:
        PlanError: It is no plan, its version is not known, or an entry has an action or a field that is not known.

    Examples:
        >>> plan = read_plan(b'{"plan_version": 2, "plan": {"resources.jobs.main": {"action": "skip"}}}', source="plan.json")
        >>> plan.engine, plan.entries["resources.jobs.main"].action
        (<Engine.DIRECT: 'direct'>, <Action.SKIP: 'skip'>)
    """
    shape = Shape(source)
    make_it = f"make it with: {plan_command(target)} > plan.json"
    top = shape.mapping(_parsed(content, source, make_it), "")
    engine = _engine(top, shape)
    shape.only(top, ("plan_version", "cli_version", "lineage", "serial", "plan", "not_selected"), "")
    if "plan" not in top:
        raise shape.refusal("it has no `plan`", "", fix=make_it)
    entries = shape.mapping(top["plan"], "plan")
    return Plan(
        engine,
        {key: read_entry(key, entry, shape, engine=engine) for key, entry in entries.items()},
        shape.text(top.get("cli_version", ""), "cli_version"),
        shape.count(top.get("not_selected", 0), "not_selected"),
    )


def _engine(top: Mapping[str, Any], shape: Shape) -> Engine:
    if "plan_version" not in top:
        return Engine.TERRAFORM
    version = top["plan_version"]
    if version == VERSION and not isinstance(version, bool):
        return Engine.DIRECT
    is_older = isinstance(version, int) and version < VERSION
    fix = f"plan with Databricks CLI {_FIRST_CLI} or newer" if is_older else UPDATE
    raise shape.refusal(f"version {json.dumps(version)} of the plan is not known", "plan_version", fix=fix)


def _parsed(content: bytes, source: str, make_it: str) -> Any:  # noqa: ANN401 - JSON
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise PlanError("the plan is not UTF-8", location=source, fix=make_it) from error
    if not text.strip():
        raise PlanError("the plan is empty", location=source, fix=f"the CLI printed nothing; {make_it}")
    try:
        found = json.loads(
            text, object_pairs_hook=_each_key_once, parse_constant=_no_number, parse_int=_number
        )
    except json.JSONDecodeError as error:
        raise PlanError(
            f"the plan is not JSON: {error.msg}",
            location=f"{source}:{error.lineno}:{error.colno}",
            fix=f"its standard output alone is the plan (no `2>&1`, and `-o json`); {make_it}",
        ) from error
    except _NotStrictError as error:
        raise PlanError(str(error), location=source, fix=make_it) from error
    except RecursionError as error:
        raise PlanError("the plan is nested too deeply", location=source, fix=make_it) from error
    if _HALVES.search(text) and not _is_shown(found):
        raise PlanError("the plan has half a character", location=source, fix=make_it)
    return found


def _number(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise _NotStrictError(f"the plan has a number of {len(text)} digits")
    return int(text)


def _is_shown(value: object) -> bool:
    """Whether an output can show all texts of a plan: halves of characters are none, and the CLI never writes any."""
    try:
        return bool(json.dumps(value, ensure_ascii=False).encode())
    except (UnicodeEncodeError, RecursionError):
        return False


class _NotStrictError(Exception):
    """Raised inside of the parser, for what `json` would accept."""


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise _NotStrictError(f"the plan has the key `{printable(twice)[:200]}` twice in one object")
    return found


def _no_number(text: str) -> NoReturn:
    raise _NotStrictError(f"the plan has the number {text}, which is not JSON")
