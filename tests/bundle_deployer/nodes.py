"""The nodes of a plan: each resource of a bundle, and its permissions and grants as nodes of their own, with their references."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bundle_deployer.errors import DeployError
from bundle_deployer.kinds import KINDS
from lakewright.bundle import Bundle
from lakewright.bundle.resolving.identity import is_service_principal

Json = dict[str, Any]
REFERENCE = re.compile(r"\$\{resources\.([^.}\s]+)\.([^.}\s]+)\.([^}\s]+)\}")
_ONE_OWNER = ("jobs", "pipelines")


@dataclass(frozen=True)
class Node:
    """A part of a bundle that is created, changed and deleted as a whole.

    Attributes:
        key: `resources.jobs.main`, `resources.schemas.gold.grants`.
        kind: The section, `jobs`.
        part: `permissions`, `grants`, or empty for the resource itself.
        value: What is wanted; references are still in it.
        depends_on: The nodes that it refers to, with the references.
    """

    key: str
    kind: str
    part: str
    value: Json
    depends_on: list[Json] = field(default_factory=list)


def nodes_of(resolved: Json, user: str, bundle: Bundle) -> dict[str, Node]:
    """Return the nodes of a resolved bundle, those that others refer to first; dashboards and alerts with the content of their files.

    Raises:
        DeployError: A kind is unknown to this deployer, or nodes refer to each other in a circle.
    """
    resources: Json = resolved.get("resources") or {}
    if unknown := sorted(set(resources) - set(KINDS)):
        raise DeployError(
            f"resources.{unknown[0]}: this deployer does not know this kind; it knows {', '.join(KINDS)}"
        )
    found = {
        node.key: node
        for kind, section in resources.items()
        for name, value in (section or {}).items()
        for node in _parts(kind, name, _with_file(bundle, kind, name, value or {}), user)
    }
    return ordered(found, {key: [each["node"] for each in node.depends_on] for key, node in found.items()})


def ordered(found: dict[str, Any], needs: dict[str, list[str]]) -> dict[str, Any]:
    """Return nodes in an order in which each follows those that it needs."""
    done: dict[str, Any] = {}
    left = dict(found)
    while left:
        ready = [key for key in left if not any(need in left for need in needs[key])]
        if not ready:
            raise DeployError(f"these resources refer to each other in a circle: {', '.join(sorted(left))}")
        for key in ready:
            done[key] = left.pop(key)
    return done


def _with_file(bundle: Bundle, kind: str, name: str, value: Json) -> Json:
    """Return a resource with what its `file_path` holds."""
    if kind not in ("dashboards", "alerts") or not value.get("file_path"):
        return value
    place = bundle.locate(f"resources.{kind}.{name}.file_path")
    assert place is not None
    text = (place.file.parent / value["file_path"]).read_text(encoding="utf-8")
    return {"serialized_dashboard": text, **value} if kind == "dashboards" else {**json.loads(text), **value}


def _parts(kind: str, name: str, value: Json, user: str) -> Iterator[Node]:
    known, key = KINDS[kind], f"resources.{kind}.{name}"
    # The CLI leaves an empty text out since 1.10 (https://github.com/databricks/cli/pull/6088).
    wanted = {each: value[each] for each in known.fields if value.get(each, "") != ""}
    if kind == "secret_scopes":
        wanted["scope"] = value.get("name", name)
        wanted |= {"scope_backend_type": value["backend_type"]} if "backend_type" in value else {}
    if kind == "experiments":
        wanted["name"] = wanted["name"].removeprefix("/Workspace")
    yield _node(key, kind, "", wanted)
    if value.get("permissions") and known.permissions:
        listed = [*value["permissions"]]
        if kind in _ONE_OWNER and not any(each.get("level") == "IS_OWNER" for each in listed):
            who = "service_principal_name" if is_service_principal(user) else "user_name"
            listed = [*(each for each in listed if each.get(who) != user), {"level": "IS_OWNER", who: user}]
        object_id = f"/{known.permissions[0]}/${{{key}.{known.permissions[1]}}}"
        if kind == "secret_scopes":
            object_id = f"${{{key}.id}}"
        yield _node(f"{key}.permissions", kind, "permissions", {"object_id": object_id, "__embed__": listed})
    if value.get("grants") and known.securable:
        listed = [{**each, "privileges": sorted(each.get("privileges") or ())} for each in value["grants"]]
        state = {"securable_type": known.securable, "full_name": f"${{{key}.id}}", "__embed__": listed}
        yield _node(f"{key}.grants", kind, "grants", state)


def _node(key: str, kind: str, part: str, value: Json) -> Node:
    labels = dict.fromkeys(found[0] for text in texts(value) for found in REFERENCE.finditer(text))
    depends_on = [{"node": node_of(label), "label": label} for label in labels]
    return Node(key, kind, part, value, depends_on)


def node_of(label: str) -> str:
    """Return the key of the node that a reference names."""
    found = REFERENCE.fullmatch(label)
    assert found is not None, label
    return f"resources.{found[1]}.{found[2]}"


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def replaced(value: Any, known: Json) -> Any:
    """Return a value with the references that are known replaced; a reference alone keeps the type of what it stands for."""
    if isinstance(value, dict):
        return {name: replaced(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, known) for each in value]
    if not isinstance(value, str) or "${resources." not in value:
        return value
    if value in known:
        return known[value]
    return REFERENCE.sub(lambda found: str(known.get(found[0], found[0])), value)


def value_in(value: Any, path: str) -> Any:
    """Return what a path such as `name` or `tags.team` or `tasks[0].task_key` names; None if there is nothing."""
    for name, number in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        if name and isinstance(value, dict):
            value = value.get(name)
        elif number and isinstance(value, list) and int(number) < len(value):
            value = value[int(number)]
        else:
            return None
    return value
