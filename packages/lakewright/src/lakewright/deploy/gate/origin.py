"""Whether a plan was made from the target that it is judged for: allowances of one target must not count for another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lakewright.bundle import Bundle
from lakewright.deploy.gate.verdict import Problem
from lakewright.deploy.plan.field_paths import look_up
from lakewright.deploy.plan.made_by import plan_command
from lakewright.deploy.plan.model import Action, Plan

_METADATA = "deployment.metadata_file_path"
_HOME = re.compile(r"(?:/Workspace)?/Users/[^/]+/")


def other_target(plan: Plan, bundle: Bundle) -> Problem | None:
    """Return a problem if the jobs and pipelines of a plan have their deployment in another folder than the target's.

    Args:
        plan: The plan.
        bundle: The bundle, resolved for the target.
    """
    workspace = bundle.resolved.get("workspace") or {}
    expected = _comparable(f"{workspace.get('state_path', '')}/metadata.json")
    user = workspace.get("current_user") or {}
    names = [user.get("userName"), user.get("short_name")]
    if "${" in expected or any(name and str(name).lower() in expected for name in names):
        return None  # the user's name is a guess without a workspace
    found = {path for path in _places(plan) if _comparable(path) != expected}
    if not found:
        return None
    return Problem(
        f"the plan is of another target or bundle: it deploys to {min(found).rpartition('/')[0]}, not to that of target {bundle.target}",
        f"name the target of the plan with -t, or make the plan again: {plan_command(bundle.target)}",
    )


def _places(plan: Plan) -> Iterator[str]:
    for entry in plan.entries.values():
        state = entry.new_state or entry.remote_state
        path = look_up(state, _METADATA) if entry.kind in {"jobs", "pipelines"} and not entry.part else None
        if isinstance(path, str) and entry.action is not Action.DELETE and "${" not in path:
            yield path


def _comparable(path: str) -> str:
    """Return a path without the home that it is in: who plans is not known here."""
    return _HOME.sub("~/", path, count=1).removeprefix("/Workspace").lower()
