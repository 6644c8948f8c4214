"""The events of the engine and of Python as statements: one for each run that has completed, its datasets and its edges."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lakewright.lineage.lines import read_lines

ROWS = "*"
"""In place of a column: which rows there are."""


@dataclass(frozen=True, order=True)
class Dataset:
    """A table, a view, a folder or a model.

    Attributes:
        namespace: Whose name it is: the project, or `file`.
        name: Three parts with dots, or a path.
        kind: `TABLE`, `VIEW`, `FILE` or `MODEL`.
    """

    namespace: str
    name: str
    kind: str = field(default="TABLE", compare=False)


@dataclass(frozen=True, order=True)
class Column:
    """A column of a dataset; `ROWS` as its name stands for which rows the dataset has."""

    dataset: Dataset
    name: str


@dataclass(frozen=True, order=True)
class ColumnEdge:
    """One column takes part in another.

    Attributes:
        source: The column that is read.
        target: The column that is written.
        ways: OpenLineage's subtypes, such as `IDENTITY` or `FILTER`.
        is_direct: Whether its values are in the target; False if it only decides.
        is_masked: Whether each of its ways goes through a mask.
    """

    source: Column
    target: Column
    ways: tuple[str, ...]
    is_direct: bool
    is_masked: bool = False


@dataclass(frozen=True)
class Statement:
    """A statement that has completed.

    Attributes:
        at: Its end, ISO 8601 in UTC.
        operation: For example `MERGE` or `READ`.
        job: The job and task that ran it, with a dot between; empty outside of a run.
        inputs: What it reads; the value is False for what only a view reads.
        output: What it writes; None if it only reads.
        edges: The columns of the output and what they are made of.
        columns: The columns of each dataset, as far as the event names them.
    """

    at: str
    operation: str
    job: str
    inputs: dict[Dataset, bool]
    output: Dataset | None
    edges: tuple[ColumnEdge, ...]
    columns: dict[Dataset, tuple[str, ...]]


def read_events(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the events of all files of a folder, the oldest day first.

    A line that is not an event is skipped: the last one of a file may be half written.

    Args:
        folder: `<project>/.lakewright/lineage`.
    """
    for path in sorted(folder.glob("*.jsonl")):
        for line in read_lines(path):
            event = parse_event(line.text)
            if event is not None:
                yield event


def read_statements(events: Iterable[dict[str, Any]]) -> Iterator[Statement]:
    """Yield the statements that have completed, in the order of the events. What is not an event of this form is skipped."""
    for event in events:
        if event.get("eventType") == "COMPLETE":
            with contextlib.suppress(KeyError, TypeError, AttributeError):
                yield _statement(event)


def parse_event(line: bytes) -> dict[str, Any] | None:
    """Return the event of a line; None if it is not one."""
    try:
        event = json.loads(line.decode(errors="replace"))
        return event if isinstance(event, dict) and isinstance(event["run"]["runId"], str) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _statement(event: dict[str, Any]) -> Statement:
    facets = event["run"].get("facets", {})
    own = facets.get("lakewright", {})
    job = facets.get("parent", {}).get("job", {}).get("name", "")
    found = [*event.get("inputs", []), *event.get("outputs", [])]
    named = {(item["namespace"], item["name"]): _dataset(item) for item in found}
    inputs = {
        named[item["namespace"], item["name"]]: _own(item).get("direct_access", True)
        for item in event.get("inputs", [])
    }
    outputs = event.get("outputs", [])
    output = named[outputs[0]["namespace"], outputs[0]["name"]] if outputs else None
    edges = tuple(_edges(outputs[0], output, named)) if output else ()
    columns = {named[item["namespace"], item["name"]]: tuple(_fields(item)) for item in found}
    return Statement(event["eventTime"], own.get("operation", ""), job, inputs, output, edges, columns)


def _dataset(item: dict[str, Any]) -> Dataset:
    kind = item.get("facets", {}).get("datasetType", {}).get("datasetType", "TABLE")
    return Dataset(item["namespace"], item["name"], kind)


def _own(item: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = item.get("facets", {}).get("lakewright", {})
    return found


def _fields(item: dict[str, Any]) -> Iterator[str]:
    for listed in item.get("facets", {}).get("schema", {}).get("fields", []):
        yield listed["name"]


def _edges(
    item: dict[str, Any], output: Dataset, named: dict[tuple[str, str], Dataset]
) -> Iterator[ColumnEdge]:
    facet = item.get("facets", {}).get("columnLineage", {})
    listed = {name: made["inputFields"] for name, made in facet.get("fields", {}).items()}
    for column, sources in (*listed.items(), (ROWS, facet.get("dataset", []))):
        for source in sources:
            key = source["namespace"], source["name"]
            ways = source.get("transformations") or []
            yield ColumnEdge(
                Column(named.get(key, Dataset(*key)), source["field"]),
                Column(output, column),
                tuple(way["subtype"] for way in ways),
                any(way["type"] == "DIRECT" for way in ways),
                bool(ways) and all(way.get("masking", False) for way in ways),
            )
