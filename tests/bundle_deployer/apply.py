"""Carries out a plan: node after node, with the state written after each."""

from dataclasses import dataclass
from typing import Any

import requests
from databricks.sdk.errors import DatabricksError, NotFound, PermissionDenied

from bundle_deployer.errors import DeployError, LostAnswerError
from bundle_deployer.kinds import KINDS, Api
from bundle_deployer.nodes import REFERENCE, Node, node_of, ordered, replaced, value_in
from bundle_deployer.parts import write_part
from bundle_deployer.plan import identifier
from bundle_deployer.state import State

Json = dict[str, Any]


@dataclass
class Applier:
    """Carries out a plan.

    Attributes:
        api: Calls the workspace; the SDK retries what may be retried.
        once: The same for calls that must not be done twice: the SDK does not retry those whose answer was lost.
        state: What was deployed.
        nodes: What is wanted.
    """

    api: Api
    once: Api
    state: State
    nodes: dict[str, Node]

    def apply(self, plan: Json) -> None:
        """Create and change, then delete; those that others need come first, and are deleted last.

        Raises:
            DeployError: A call was refused; the state holds what was done before.
        """
        entries = plan["plan"]
        for key, node in self.nodes.items():
            if entries[key]["action"] != "skip":
                self._guarded(
                    entries[key]["action"], key, lambda node=node: self._do(node, entries[node.key])
                )
        deleted = {key: entry for key, entry in entries.items() if entry["action"] == "delete"}
        needs = {
            key: [each["node"] for each in entry.get("depends_on", [])] for key, entry in deleted.items()
        }
        for key in reversed(ordered(deleted, needs)):
            self._guarded(
                "delete", key, lambda key=key: self._delete(key, gone=entries[key].get("gone", False))
            )

    def _guarded(self, action: str, key: str, step: Any) -> None:
        try:
            step()
        except (DatabricksError, requests.RequestException, TimeoutError) as error:
            raise DeployError(f"cannot {action} {key}: {str(error).partition(' Config: ')[0]}") from error

    def _do(self, node: Node, entry: Json) -> None:
        value = replaced(
            node.value, {each["label"]: self._value_of(each["label"]) for each in node.depends_on}
        )
        number = self.state.id_of(node.key)
        action = entry["action"]
        if node.part:
            number = write_part(self.api, node.kind, node.part, value, entry.get("remote_state"))
        elif action == "recreate":
            assert number is not None
            self._remove(node.kind, number)
            self.state.forget(node.key)
            number = self._create(node, value)
        elif action == "create":
            number = self._create(node, value)
        else:
            update = KINDS[node.kind].update
            assert update is not None
            assert number is not None
            number = update(self.api, number, value) or number
        self.state.save(node.key, number, value, node.depends_on)

    def _create(self, node: Node, value: Json) -> str:
        """Create a resource; of a kind of which there may be several with one name, never twice."""
        kind = KINDS[node.kind]
        if kind.find is None:
            return kind.create(self.api, value)
        if node.key in self.state.pending and (found := kind.find(self.api, value)):
            raise LostAnswerError(
                f"cannot create {node.key}: an earlier deployment did not learn whether it was created, and the workspace has "
                f"{', '.join(found)} under its name: `databricks bundle deployment bind {node.key.rpartition('.')[2]} {found[0]}`"
            )
        self.state.begin(node.key)
        try:
            return kind.create(self.once, value)
        except DatabricksError:
            self.state.refused(node.key)
            raise
        except (requests.RequestException, TimeoutError) as lost:
            raise LostAnswerError(
                f"cannot create {node.key}: no answer; it may have been created ({type(lost).__name__})"
            ) from lost

    def _value_of(self, label: str) -> Any:
        parts = REFERENCE.fullmatch(label)
        assert parts is not None, label
        key, path = node_of(label), parts[3]
        if path not in ("id", "endpoint_id"):
            return value_in(self.state.entries[key]["state"], path)
        return identifier(self.api, self.state, parts[1], key, path)

    def _delete(self, key: str, *, gone: bool) -> None:
        """Permissions and grants go with their resource; what the workspace no longer has is only forgotten."""
        if not gone and key.count(".") == 2:
            self._remove(key.split(".")[1], self.state.entries[key]["__id__"])
        self.state.forget(key)

    def _remove(self, kind: str, number: str) -> None:
        try:
            KINDS[kind].delete(self.api, number)
        except NotFound:
            pass  # somebody else deleted it
        except PermissionDenied:
            if kind != "jobs":  # of a job that is gone, the API says who may not see it
                raise
