"""One step as OpenLineage events: what it read, what it wrote, and which columns each column is made of."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

_SPEC = "https://openlineage.io/spec"
_PRODUCER = "urn:databricks-utils"


def timed_id() -> UUID:
    """Return a random UUID of version 7, which sorts by time."""
    bits = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    return UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


@dataclass(frozen=True)
class Source:
    """What a step reads.

    Attributes:
        name: A table's three-part name, a path, or a model's three-part name.
        kind: `TABLE`, `VIEW`, `FILE` or `MODEL`.
        columns: The columns that it reads, as far as they are known.
    """

    name: str
    kind: str = "TABLE"
    columns: Sequence[str] = ()


@dataclass(frozen=True)
class LineageEvent:
    """What one step read and wrote. It holds names only, never values.

    Attributes:
        namespace: Whose names these are, such as `lakewright://flights`.
        operation: What was done, such as `score`.
        inputs: What was read.
        output: The table that was written, or the model that was made.
        columns: Column of the output → columns of inputs, each as source and name. A column with the source's name and its own
            name is a copy, any other one is made.
        facts: The job, task, run and attempt that the step belongs to, as far as they are known.
        principal: Who ran it.
        started_at: Time with a zone.
        ended_at: Time with a zone.
        run: The id of this step.
        output_kind: `TABLE` or `MODEL`.
    """

    namespace: str
    operation: str
    inputs: Sequence[Source]
    output: str
    columns: Mapping[str, Sequence[tuple[str, str]]]
    started_at: datetime
    ended_at: datetime
    facts: Mapping[str, str] = field(default_factory=dict)
    principal: str = ""
    run: UUID = field(default_factory=timed_id)
    output_kind: str = "TABLE"

    def events(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the START event and the COMPLETE event, ready for JSON."""
        return self._event("START", self.started_at), self._event("COMPLETE", self.ended_at)

    def _event(self, kind: str, at: datetime) -> dict[str, Any]:
        is_end = kind == "COMPLETE"
        inputs = [self._dataset(item.name, item.kind, item.columns if is_end else ()) for item in self.inputs]
        output = self._dataset(self.output, self.output_kind, list(self.columns) if is_end else ())
        if is_end and self.columns:
            output["facets"]["columnLineage"] = self._column_lineage()
        parts = [self.facts[name] for name in ("job", "task") if self.facts.get(name)]
        job = {"namespace": self.namespace, "name": ".".join([*parts, self.operation, self.output])}
        job_type = {"processingType": "BATCH", "integration": "PYTHON", "jobType": "TASK"}
        return {
            "eventTime": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "producer": _PRODUCER,
            "schemaURL": f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent",
            "eventType": kind,
            "run": {"runId": str(self.run), "facets": self._run_facets(parts)},
            "job": job | {"facets": {"jobType": _facet("JobTypeJobFacet", "2-0-4", **job_type)}},
            "inputs": inputs,
            "outputs": [output],
        }

    def _run_facets(self, parts: list[str]) -> dict[str, Any]:
        own = {"operation": self.operation.upper(), "principal": self.principal, **self.facts}
        schema = {"_producer": _PRODUCER, "_schemaURL": f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/BaseFacet"}
        facets: dict[str, Any] = {
            "lakewright": schema | {name: value for name, value in own.items() if value}
        }
        parent = parent_run(self.facts)
        if parent and parts:
            facets["parent"] = _facet(
                "ParentRunFacet",
                "1-2-0",
                run={"runId": str(parent)},
                job={"namespace": self.namespace, "name": ".".join(parts)},
            )
        return facets

    def _dataset(self, name: str, kind: str, columns: Sequence[str]) -> dict[str, Any]:
        facets = {"datasetType": _facet("DatasetTypeDatasetFacet", "1-0-1", datasetType=kind)}
        if columns:
            fields = [{"name": column} for column in columns]
            facets["schema"] = _facet("SchemaDatasetFacet", "1-2-0", fields=fields)
        return {"namespace": self.namespace, "name": name, "facets": facets}

    def _column_lineage(self) -> dict[str, Any]:
        fields = {
            target: {"inputFields": [self._field(target, *source) for source in sources]}
            for target, sources in self.columns.items()
            if sources
        }
        return _facet("ColumnLineageDatasetFacet", "1-2-0", fields=fields)

    def _field(self, target: str, source: str, column: str) -> dict[str, Any]:
        kinds = {item.name: item.kind for item in self.inputs}
        is_copy = target == column and kinds.get(source) != "MODEL"
        way = {"type": "DIRECT", "subtype": "IDENTITY" if is_copy else "TRANSFORMATION"}
        return {"namespace": self.namespace, "name": source, "field": column, "transformations": [way]}


def parent_run(facts: Mapping[str, str]) -> UUID | None:
    """Return the id of the task's attempt, the same as the engine has for its statements; None outside of a run."""
    if not facts.get("run_id"):
        return None
    name = "/".join(
        (facts["run_id"], *(facts.get(key) or "" for key in ("job", "task")), facts.get("attempt") or "1")
    )
    digest = hashlib.md5(name.encode(), usedforsecurity=False).digest()
    return UUID(bytes=digest, version=3)


def _facet(name: str, version: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {
        "_producer": _PRODUCER,
        "_schemaURL": f"{_SPEC}/facets/{version}/{name}.json#/$defs/{name}",
        **fields,
    }
