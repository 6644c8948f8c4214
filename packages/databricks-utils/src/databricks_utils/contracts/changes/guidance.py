"""Changes of `context`: what AI agents shall know, and what they must not do."""

from collections.abc import Iterator

from databricks_utils.config.tree import Data, Node
from databricks_utils.contracts.changes.attributes import (
    TEXT,
    always,
    compare_keys,
    data_at,
    items,
    matched,
    name_of,
    shown,
)
from databricks_utils.contracts.changes.change import Change, Spot

_INSTRUCTIONS = {"instructions": always("agent_instructions_changed")}
_STATEMENTS = {"verifiedStatements": TEXT}
_OF_A_CONSTRAINT = dict.fromkeys(("id", "tags", "customProperties", "authoritativeDefinitions"), TEXT)


def compare_guidance(spot: Spot) -> Iterator[Change]:
    """Yield the changes of the guidance for AI agents, of a contract or of a table.

    Args:
        spot: The place of the contract or table.
    """
    old, new = (_context(node) for node in (spot.old, spot.new))
    place = Spot(spot.words, old, new)
    yield from compare_keys(place, {**_INSTRUCTIONS, **_STATEMENTS})
    yield from _constraints(place)


def _context(node: Node) -> Node:
    """The guidance; a text stands for its instructions alone."""
    found = node.at(("context",))
    if found is None:
        return Node({}, node.origin)
    return found if found.children else Node({"instructions": found}, found.origin)


def _constraints(spot: Spot) -> Iterator[Change]:
    old, new = items(spot.old, "constraints"), items(spot.new, "constraints")
    pairs, gone, added = matched(old, new, (name_of("id"), name_of("constraint")))
    for one, other in pairs:
        yield from compare_keys(Spot(spot.words, one, other), _OF_A_CONSTRAINT)
    changed = [(one, other) for one, other in pairs if _text(one) != _text(other)]
    gone, added = [*gone, *(one for one, _ in changed)], [*added, *(other for _, other in changed)]
    for node in gone:
        place = Spot(spot.words, node, spot.new)
        yield place.removed(
            "agent_constraint_removed", f"no longer forbidden to agents: {shown(_text(node))}", _text(node)
        )
    for node in added:
        place = Spot(spot.words, spot.old, node)
        yield place.change(
            "agent_constraint_added", f"agents must not: {shown(_text(node))}", None, _text(node)
        )


def _text(node: Node) -> Data:
    return data_at(node, "constraint")
