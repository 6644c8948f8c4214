"""Circles in a graph."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


def find_cycle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """Return one circle of a graph, its first node repeated at the end; empty if there is none.

    Args:
        graph: For each node, the nodes that its arrows point to.

    Examples:
        >>> find_cycle({"a": ["b"], "b": ["c"], "c": ["b"]})
        ['b', 'c', 'b']
    """
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # `graphlib` follows an arrow from the node that is waited for; here it points to that node.
        circle: list[str] = error.args[1][::-1]
        order = {node: index for index, node in enumerate(graph)}
        first = circle.index(min(circle, key=lambda node: order[node]))
        return [*circle[first:-1], *circle[: first + 1]]
    return []
