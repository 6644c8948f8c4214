"""A trace as text, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lakewright.lineage.graph import Edge, Node
from lakewright.lineage.statements import ROWS, Column
from lakewright.lineage.trace import Trace, label

_MINUTES = 16  # characters of a time up to its minutes


def as_text(trace: Trace) -> str:
    """Return two trees: what the node is made of, and what is made of it. A node that was shown before is not opened again."""
    lines = [_name(trace.start)]
    for title, edges, upward in (("made of", trace.up, True), ("used by", trace.down, False)):
        if edges:
            lines.append(f"  {title}:" if edges.get(trace.start) else f"  {title}: nothing that is known")
            lines += _tree(trace.start, edges, "    ", set(), upward=upward)
    return "\n".join(lines)


def as_json(trace: Trace) -> dict[str, Any]:
    """Return the nodes and the edges of a trace."""
    return {
        "start": label(trace.start),
        "nodes": [_node(node) for node in trace.nodes],
        "edges": [
            {
                "source": label(edge.source),
                "target": label(edge.target),
                "how": list(edge.how),
                "direct": edge.is_direct,
                "masked": edge.is_masked,
                "jobs": list(edge.jobs),
                "last": edge.last,
                "statements": edge.runs,
            }
            for edge in trace.edges
        ],
    }


def how(edge: Edge) -> str:
    """Return in one line how a source goes into its target, and by whom."""
    by = f" by {edge.jobs[-1]}" if edge.jobs else ""
    ways = (*edge.how, "masked") if edge.is_masked else edge.how
    return f"{', '.join(ways).lower().replace('_', ' ')}{by}, {edge.last[:_MINUTES].replace('T', ' ')}"


def _tree(
    node: Node, edges: dict[Node, list[Edge]], indent: str, seen: set[Node], *, upward: bool
) -> Iterator[str]:
    """Yield the lines below a node; without recursion, because a chain may be long."""
    waiting = [(edge, indent) for edge in reversed(edges.get(node, []))]
    seen.add(node)
    while waiting:
        edge, place = waiting.pop()
        other = edge.source if upward else edge.target
        again = other in seen and bool(edges.get(other))
        yield f"{place}{_name(other)}  ({how(edge)})" + ("  … see above" if again else "")
        if other not in seen:
            seen.add(other)
            waiting += [(below, place + "  ") for below in reversed(edges.get(other, []))]


def _name(node: Node) -> str:
    if isinstance(node, Column):
        return f"the rows of {node.dataset.name}" if node.name == ROWS else label(node)
    return node.name if node.kind == "TABLE" else f"{node.name} ({_KINDS.get(node.kind, node.kind.lower())})"


_KINDS = {"FILE": "files"}


def _node(node: Node) -> dict[str, str]:
    if isinstance(node, Column):
        return {
            "name": label(node),
            "dataset": node.dataset.name,
            "column": node.name,
            "kind": node.dataset.kind,
        }
    return {"name": node.name, "kind": node.kind, "namespace": node.namespace}
