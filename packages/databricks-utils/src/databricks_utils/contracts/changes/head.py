"""Compare what a contract says besides its tables: status, servers, roles, price, texts."""

from collections.abc import Iterator, Mapping

from databricks_utils.config.tree import Data, Node
from databricks_utils.contracts.changes.attributes import (
    TAGS,
    TEXT,
    Kinds,
    always,
    compare_custom,
    compare_keys,
    data_at,
    items,
    matched,
    name_of,
    shown,
)
from databricks_utils.contracts.changes.change import Change, Spot
from databricks_utils.contracts.changes.guidance import compare_guidance
from databricks_utils.contracts.changes.promises.service_levels import compare_service_levels

_KEYS: Mapping[str, Kinds] = {
    **TAGS,
    **dict.fromkeys(
        (
            *("apiVersion", "name", "tenant", "dataProduct", "domain", "support", "team"),
            *("authoritativeDefinitions", "contractCreatedTs"),
        ),
        TEXT,
    ),
    "price": always("price_changed"),
    "slaDefaultElement": always("sla_changed"),
}
_DESCRIPTION: Mapping[str, Kinds] = {
    **dict.fromkeys(("purpose", "usage", "authoritativeDefinitions"), TEXT),
    "limitations": always("limitations_changed"),
}
_TEXTS_OF_A_SERVER = ("id", "description", "environment")
_NO_ADDRESS = frozenset({*_TEXTS_OF_A_SERVER, "server", "roles", "customProperties"})
_OF_A_ROLE: Mapping[str, Kinds] = {
    **dict.fromkeys(("id", "description"), TEXT),
    **dict.fromkeys(
        ("role", "access", "firstLevelApprovers", "secondLevelApprovers"), always("role_changed")
    ),
}
_BEFORE_IT_HOLDS = frozenset({"draft", "proposed"})


def compare_head(spot: Spot) -> Iterator[Change]:
    """Yield the changes of a contract, without those of its tables.

    Args:
        spot: The place of the contract.
    """
    yield from _status(spot)
    yield from compare_keys(spot, _KEYS)
    description = Spot(spot.words, _mapping(spot.old, "description"), _mapping(spot.new, "description"))
    yield from compare_keys(description, _DESCRIPTION)
    yield from compare_custom(description)
    yield from compare_custom(spot)
    yield from _servers(spot)
    yield from _roles(spot)
    yield from compare_service_levels(spot)
    yield from compare_guidance(spot)


def _mapping(node: Node, key: str) -> Node:
    found = node.at((key,))
    return found if found is not None and found.children else Node({}, node.origin)


def _status(spot: Spot) -> Iterator[Change]:
    old, new = (str(data_at(node, "status") or "").lower() for node in (spot.old, spot.new))
    if old == new:
        return
    kind = {"retired": "status_retired", "deprecated": "status_deprecated", "active": "status_active"}.get(
        new, "status_changed"
    )
    if new in _BEFORE_IT_HOLDS and old not in _BEFORE_IT_HOLDS:
        kind = "status_withdrawn"
    yield spot.at("status").change(kind, f"status: {old or 'none'} → {new or 'none'}", old, new)


def _servers(spot: Spot) -> Iterator[Change]:
    pairs, gone, added = matched(
        items(spot.old, "servers"), items(spot.new, "servers"), (name_of("server"), name_of("id"))
    )
    for one, other in pairs:
        place = spot.inside(f"server {_name(other, 'server')}", one, other)
        yield from _server(place)
    for node in gone:
        place = spot.inside(f"server {_name(node, 'server')}", node, spot.new)
        yield place.removed("server_removed", f"removed: {_address(node)}", _address(node))
    for node in added:
        place = spot.inside(f"server {_name(node, 'server')}", spot.old, node)
        yield place.change("server_added", f"added: {_address(node)}", None, _address(node))


def _server(spot: Spot) -> Iterator[Change]:
    keys = dict.fromkeys(("server", *spot.old.children, *spot.new.children))
    address = [key for key in keys if key == "server" or key not in _NO_ADDRESS]
    yield from compare_keys(spot, dict.fromkeys(address, always("server_changed")))
    yield from compare_keys(spot, dict.fromkeys(_TEXTS_OF_A_SERVER, TEXT))
    yield from compare_custom(spot)
    yield from _roles(spot)


def _roles(spot: Spot) -> Iterator[Change]:
    pairs, gone, added = matched(
        items(spot.old, "roles"), items(spot.new, "roles"), (name_of("role"), name_of("id"))
    )
    for one, other in pairs:
        place = spot.inside(f"role {_name(other, 'role')}", one, other)
        yield from compare_keys(place, _OF_A_ROLE)
        yield from compare_custom(place)
    for node in gone:
        place = spot.inside(f"role {_name(node, 'role')}", node, spot.new)
        yield place.removed("role_removed", "removed", _name(node, "role"))
    for node in added:
        place = spot.inside(f"role {_name(node, 'role')}", spot.old, node)
        yield place.change("role_added", "added", None, _name(node, "role"))


def _name(node: Node, key: str) -> str:
    return shown(data_at(node, key))


def _address(node: Node) -> Data:
    keys = (key for key in node.children if key not in _NO_ADDRESS)
    return ", ".join(f"{key} {shown(data_at(node, key))}" for key in keys)
