"""Which dataset stands where in a picture: columns from left to right, each in an order with few crossings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from lakewright.lineage.statements import Dataset
from lakewright.lineage.trace import Trace, dataset_of

_SWEEPS = 4


@dataclass(frozen=True)
class Passing:
    """A place that an edge needs to pass a column of the picture."""

    source: Dataset
    target: Dataset
    layer: int


Item = Dataset | Passing


def arranged(trace: Trace) -> list[list[Item]]:
    """Return the columns of the picture, each with its datasets and the places of edges that pass it, from top to bottom."""
    pairs = sorted(
        {
            (dataset_of(edge.source), dataset_of(edge.target))
            for edge in trace.edges
            if dataset_of(edge.source) != dataset_of(edge.target)
        }
    )
    layer = _layers(list(dict.fromkeys(map(dataset_of, trace.nodes))), pairs)
    columns: list[list[Item]] = [[] for _ in range(max(layer.values()) + 1)]
    for dataset, place in layer.items():
        columns[place].append(dataset)
    neighbours: dict[Item, list[Item]] = {}
    for source, target in pairs:
        between = [Passing(source, target, place) for place in range(layer[source] + 1, layer[target])]
        for passing in between:
            columns[passing.layer].append(passing)
        chain: list[Item] = [source, *between, target]
        for one, next_one in pairwise(chain):
            neighbours.setdefault(one, []).append(next_one)
            neighbours.setdefault(next_one, []).append(one)
    return _ordered(columns, neighbours)


def _layers(datasets: list[Dataset], pairs: list[tuple[Dataset, Dataset]]) -> dict[Dataset, int]:
    """Return each dataset's column: one to the right of the rightmost of its sources, as far as there is no circle."""
    layer = dict.fromkeys(datasets, 0)
    for _ in datasets:
        moved = False
        for source, target in pairs:
            if layer[target] <= layer[source] < len(datasets) - 1:
                layer[target], moved = layer[source] + 1, True
        if not moved:
            break
    used = {value: place for place, value in enumerate(sorted(set(layer.values())))}
    return {dataset: used[layer[dataset]] for dataset in datasets}


def _ordered(columns: list[list[Item]], neighbours: dict[Item, list[Item]]) -> list[list[Item]]:
    """Return the columns, each sorted by the mean place of the neighbours: what belongs together comes to stand side by side."""
    for _ in range(_SWEEPS):
        for column in columns:
            height = {item: at for other in columns for at, item in enumerate(other)}
            mean = {
                item: sum(height[near] for near in found) / len(found)
                for item in column
                if (found := neighbours.get(item))
            }
            column.sort(key=lambda item: mean.get(item, height[item]))
    return columns
