"""Follow a table or a column through the graph, up to what it is made of and down to what is made of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from lakewright.lineage.graph import Edge, LineageGraph, Node
from lakewright.lineage.statements import Column, Dataset


@dataclass(frozen=True)
class Trace:
    """What was found around a node.

    Attributes:
        start: The table or column that was asked for.
        up: The edges above it, by their target.
        down: The edges below it, by their source.
    """

    start: Node
    up: dict[Node, list[Edge]]
    down: dict[Node, list[Edge]]

    @property
    def edges(self) -> list[Edge]:
        """All edges, each once."""
        found = [edge for side in (self.up, self.down) for edges in side.values() for edge in edges]
        return list({(edge.source, edge.target): edge for edge in found}.values())

    @property
    def nodes(self) -> list[Node]:
        """The start, and all that is connected to it."""
        ends = [node for edge in self.edges for node in (edge.source, edge.target)]
        return list(dict.fromkeys([self.start, *ends]))


def follow(  # noqa: PLR0913 - the options of the command
    graph: LineageGraph,
    start: Node,
    *,
    up: bool = True,
    down: bool = True,
    depth: int | None = None,
    indirect: bool = False,
) -> Trace:
    """Return what a node is made of, and what is made of it.

    Args:
        graph: What is known.
        start: A dataset or a column.
        up: Follow its sources.
        down: Follow its readers.
        depth: Number of steps at most; None: all.
        indirect: Follow a column also into those that only decide: filters, joins, groups, order.
    """

    def side(*, upward: bool) -> dict[Node, list[Edge]]:
        found: dict[Node, list[Edge]] = {}
        waiting = deque([(start, 0)])
        while waiting:
            node, steps = waiting.popleft()
            if node in found or (depth is not None and steps >= depth):
                continue
            edges = graph.into(node) if upward else graph.out_of(node)
            found[node] = sorted(
                filter(wanted, edges), key=lambda edge: label(edge.source if upward else edge.target)
            )
            waiting.extend((edge.source if upward else edge.target, steps + 1) for edge in found[node])
        return found

    def wanted(edge: Edge) -> bool:
        same_kind = isinstance(edge.source, type(start)) and isinstance(edge.target, type(start))
        return same_kind and (edge.is_direct or indirect)

    return Trace(start, side(upward=True) if up else {}, side(upward=False) if down else {})


def label(node: Node) -> str:
    """Return a node's name as a person writes it."""
    return f"{node.dataset.name}.{node.name}" if isinstance(node, Column) else node.name


def dataset_of(node: Node) -> Dataset:
    """Return a column's dataset, or the dataset itself."""
    return node.dataset if isinstance(node, Column) else node
