"""A small lakehouse's lineage, as its engine would have written it."""

import json
from pathlib import Path

import pytest

NAMESPACE = "lakewright://shop"


def dataset(name, kind="TABLE", *, columns=(), direct=True, lineage=None):
    facets = {
        "datasetType": {"datasetType": kind},
        "schema": {"fields": [{"name": item} for item in columns]},
    }
    if not direct:
        facets["lakewright"] = {"direct_access": False}
    if lineage is not None:
        facets["columnLineage"] = lineage
    return {"namespace": NAMESPACE, "name": name, "facets": facets}


def way(text):
    """`c.s.t.column KIND` as an input field."""
    source, subtype = text.split(" ")
    table, _, column = source.rpartition(".")
    kind = "DIRECT" if subtype in ("IDENTITY", "TRANSFORMATION", "AGGREGATION") else "INDIRECT"
    return {
        "namespace": NAMESPACE,
        "name": table,
        "field": column,
        "transformations": [{"type": kind, "subtype": subtype}],
    }


def event(
    operation, inputs, output, columns=None, rows=(), *, at="2026-03-01T10:00:00Z", job="", kind="COMPLETE"
):
    """One event; inputs and output are names or datasets, columns map a column to its sources."""
    lineage = {
        "fields": {
            key: {"inputFields": [way(item) for item in sources]} for key, sources in (columns or {}).items()
        }
    }
    lineage["dataset"] = [way(item) for item in rows]
    facets = {"lakewright": {"operation": operation}}
    if job:
        facets["parent"] = {"run": {"runId": "p"}, "job": {"namespace": NAMESPACE, "name": job}}
    target = (
        dataset(
            output, "VIEW" if "VIEW" in operation else "TABLE", columns=list(columns or {}), lineage=lineage
        )
        if output
        else None
    )
    return {
        "eventTime": at,
        "eventType": kind,
        "run": {"runId": "r", "facets": facets},
        "job": {"namespace": NAMESPACE, "name": operation},
        "inputs": [dataset(item) if isinstance(item, str) else item for item in inputs],
        "outputs": [target] if target else [],
    }


LANDING = "/Volumes/c/bronze/files/orders"
EVENTS = (
    event(
        "INSERT",
        [dataset(LANDING, "FILE")],
        "c.bronze.orders",
        {"id": [f"{LANDING}.id IDENTITY"], "amount": [f"{LANDING}.amount IDENTITY"]},
        job="pipeline.bronze",
    ),
    event(
        "MERGE",
        ["c.bronze.orders"],
        "c.silver.orders",
        {"id": ["c.bronze.orders.id IDENTITY"], "amount": ["c.bronze.orders.amount TRANSFORMATION"]},
        ["c.bronze.orders.id JOIN"],
        at="2026-03-01T10:01:00Z",
        job="pipeline.silver",
    ),
    event(
        "CREATE VIEW",
        ["c.silver.orders"],
        "c.silver.paid",
        {"paid": ["c.silver.orders.amount IDENTITY"]},
        ["c.silver.orders.id FILTER"],
    ),
    event(
        "INSERT",
        [dataset("c.silver.paid", "VIEW"), dataset("c.silver.orders", direct=False)],
        "c.gold.sales",
        {"total": ["c.silver.paid.paid AGGREGATION", "c.silver.orders.amount AGGREGATION"]},
        ["c.silver.orders.id FILTER"],
        at="2026-03-02T09:00:00Z",
        job="pipeline.gold",
    ),
    event("READ", ["c.gold.sales"], None),
)


@pytest.fixture
def write(tmp_path):
    """Make a project whose lineage has these events; returns the folder of the project."""

    def make(events=EVENTS, *, tail=""):
        (tmp_path / "databricks.yml").write_text("bundle: {name: shop}\n", encoding="utf-8")
        folder = tmp_path / ".lakewright" / "lineage"
        folder.mkdir(parents=True, exist_ok=True)
        lines = "".join(json.dumps(item) + "\n" for item in events)
        (folder / "2026-03-01.jsonl").write_text(lines + tail, encoding="utf-8")
        return tmp_path

    return make


@pytest.fixture
def folder_of():
    return lambda project: Path(project) / ".lakewright" / "lineage"


@pytest.fixture
def make_event():
    return event
