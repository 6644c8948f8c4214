"""Makes a plan: what a deployment would do with each node, in the JSON of `databricks bundle plan -o json` (direct engine)."""

from dataclasses import dataclass, field
from typing import Any

from databricks.sdk.errors import NotFound

from bundle_deployer.differences import action_of, changes_of, open_references
from bundle_deployer.kinds import KINDS, Api, Kind
from bundle_deployer.nodes import REFERENCE, Node, node_of, replaced, value_in
from bundle_deployer.parts import RULES, read_part
from bundle_deployer.state import CLI_VERSION, State

Json = dict[str, Any]
PLAN_VERSION = 2
_NEW_ID = ("create", "recreate", "update_id", "delete")


@dataclass
class Planner:
    """Compares nodes with a state and with the workspace.

    Attributes:
        api: Calls the workspace.
        state: What was deployed.
        nodes: What is wanted, in order.
        entries: The plan so far.
    """

    api: Api
    state: State
    nodes: dict[str, Node]
    entries: dict[str, Json] = field(default_factory=dict)

    def plan(self) -> Json:
        """Return the plan as JSON."""
        for node in self.nodes.values():
            self.entries[node.key] = self._entry(node)
        for key in self.state.entries:
            if key not in self.nodes:
                self.entries[key] = self._deletion(key)
        head: Json = {"plan_version": PLAN_VERSION, "cli_version": CLI_VERSION}
        if self.state.lineage:
            head |= {"lineage": self.state.lineage, "serial": self.state.serial}
        return {**head, "plan": dict(sorted(self.entries.items()))}

    def _entry(self, node: Node) -> Json:
        value = replaced(node.value, self._known(node))
        open_values = dict(open_references(value))
        new: Json = {"value": without_open(value), **({"vars": open_values} if open_values else {})}
        entry: Json = {"depends_on": node.depends_on} if node.depends_on else {}
        saved = self.state.entries.get(node.key)
        if saved is None:
            return {**entry, "action": "create", "new_state": new}
        remote = self.read(node.key, saved["__id__"])
        kind = rules_of(node)
        there = None if remote is None else comparable(remote, kind)
        changes = changes_of(
            kind, comparable(saved["state"], kind), comparable(without_open(value), kind), there
        )
        action = action_of(changes) if remote is not None else "create"
        if action == "update" and not node.part and kind.update is None:
            action = "recreate"
        entry["action"] = action
        entry |= {"new_state": new} if action != "skip" else {}
        entry |= {"remote_state": remote} if remote is not None else {}
        return entry | ({"changes": changes} if changes else {})

    def _deletion(self, key: str) -> Json:
        saved = self.state.entries[key]
        remote = self.read(key, saved["__id__"])
        entry: Json = {"depends_on": saved["depends_on"]} if saved.get("depends_on") else {}
        entry["action"] = "delete"
        return entry | ({"gone": True} if remote is None else {"remote_state": remote})

    def _known(self, node: Node) -> Json:
        """Return the values of the references that are known before anything is done."""
        found = {}
        for each in node.depends_on:
            value = self._value_of(each["label"])
            if value is not None:
                found[each["label"]] = value
        return found

    def _value_of(self, label: str) -> Any:
        parts = REFERENCE.fullmatch(label)
        assert parts is not None, label
        key, path = node_of(label), parts[3]
        target = self.nodes.get(key)
        if path not in ("id", "endpoint_id") and target is not None:
            value = value_in(replaced(target.value, self._known(target)), path)
            return None if isinstance(value, str) and "${resources." in value else value
        if self.entries.get(key, {}).get("action") in _NEW_ID or key not in self.state.entries:
            return None
        return identifier(self.api, self.state, parts[1], key, path)

    def read(self, key: str, number: str) -> Json | None:
        """Return what the workspace has of a node; None if it is gone."""
        kind, name = key.split(".")[1], key.split(".")[3] if key.count(".") == 3 else ""
        try:
            if name:
                return read_part(self.api, kind, name, number)
            return KINDS[kind].read(self.api, number)
        except (NotFound, LookupError):
            return None


def identifier(api: Api, state: State, kind: str, key: str, path: str) -> Any:
    """Return the id of a deployed resource; permissions of an endpoint need another one than its name."""
    number = state.id_of(key)
    if path == "endpoint_id" and number is not None:
        return KINDS[kind].read(api, number)["id"]
    return int(number) if kind == "jobs" and number is not None else number


def rules_of(node: Node) -> Kind:
    return RULES if node.part else KINDS[node.kind]


def comparable(value: Json, kind: Kind) -> Json:
    """Return what of a value is compared; permissions and grants stand at its root, as in the CLI's plans."""
    if kind is RULES:
        return {("" if name == "__embed__" else name): each for name, each in value.items()}
    return {name: each for name, each in value.items() if name in kind.fields}


def without_open(value: Any, name: str = "") -> Any:
    """Return a value in which what cannot hold a reference is empty where one is open: numbers, and the object of a part."""
    if isinstance(value, dict):
        return {each: without_open(inner, each) for each, inner in value.items()}
    if isinstance(value, list):
        return [without_open(each) for each in value]
    if not isinstance(value, str) or "${resources." not in value:
        return value
    return {"job_id": 0, "object_id": "", "full_name": ""}.get(name, value)
