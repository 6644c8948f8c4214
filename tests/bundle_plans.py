"""Plans in the shape of `databricks bundle plan -o json`, written for tests.

Source of the shape: https://github.com/databricks/cli/tree/main/acceptance/bundle (the files `out.plan*.json`)
"""

import json
from typing import Any

from lakewright.deploy.plan import Plan, read_plan


def direct(entries: dict[str, Any], **top: Any) -> dict[str, Any]:
    """A plan of the direct engine."""
    head = {"plan_version": 2, "cli_version": "1.13.0", "lineage": "3f2a", "serial": 4}
    return {**head, "plan": entries, **top}


def terraform(actions: dict[str, str]) -> dict[str, Any]:
    """A plan of the terraform engine: actions alone."""
    return {"cli_version": "1.13.0", "plan": {key: {"action": action} for key, action in actions.items()}}


def entry(
    action: str, *, remote: Any = None, new: Any = None, needs: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    """An entry with its states, and the keys that it depends on."""
    found: dict[str, Any] = {"action": action}
    if needs:
        found["depends_on"] = [{"node": key, "label": f"${{{key}.id}}"} for key in needs]
    if new is not None:
        found["new_state"] = {"value": new}
    if remote is not None:
        found["remote_state"] = remote
    return {**found, **more}


def change(action: str, **values: Any) -> dict[str, Any]:
    """A change of one field: `old`, `new`, `remote`, `reason`."""
    return {"action": action, **values}


def as_bytes(plan: dict[str, Any]) -> bytes:
    return json.dumps(plan, indent=2).encode()


def read(plan: dict[str, Any]) -> Plan:
    return read_plan(as_bytes(plan), source="plan.json")
