"""Creates what a deployment creates before the first run: the bundle's schemas and volumes with their grants, in the local lakehouse."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from databricks_utils.quoting import literal, quote_part
from lakewright.bundle import Bundle
from lakewright.engine.layout import EngineFolder
from lakewright.grants.applied import missing_grants, missing_models, notes_on_grants, write_principals
from lakewright.grants.declared import require_valid
from lakewright.rights.model_records import record_model
from lakewright.runner.errors import RunnerError
from lakewright.runner.execution.engines import Engine
from lakewright.runner.execution.run_resources import RunResources
from lakewright.runner.handover.task_return import TaskReturn
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.process.interpreter import Watch
from lakewright.runner.values.local_values import localise
from lakewright.storage import Storage
from lakewright.storage.volumes import Volumes

_STEM = "_deployment"


class DeploymentError(RunnerError, RuntimeError):
    """Raised when a schema or a volume of the bundle cannot be created locally."""


def deploy(here: RunResources, engine: Engine) -> None:
    """Create the schemas, volumes and models that the lakehouse lacks, and bring their grants to the bundle's, in a process of its own.

    Raises:
        DeploymentError: The engine refused a statement.
        GrantsError: A grant or a group of the bundle is wrong; it names file and line.
    """
    lakehouse = EngineFolder(here.project).lakehouse
    write_principals(require_valid(here.declared).people, lakehouse)
    objects = missing_statements(here.bundle, Storage(here.project).volumes)
    models = missing_models(here.declared, lakehouse)
    if models:  # their records lie beside those of their schemas, and grants need them
        _run(here, engine, objects)
        objects = []
        for model in models:
            record_model(lakehouse, model)
    for note in notes_on_grants(here.declared, lakehouse):
        sys.stderr.write(f"note: {note}\n")
    _run(here, engine, [*objects, *missing_grants(here.declared, lakehouse)])


def _run(here: RunResources, engine: Engine, statements: list[str]) -> None:
    if not statements:
        return
    fields = here.spec_fields(_STEM)
    folder = Path(fields["result_file"]).parent
    script = folder / f"{_STEM}.sql"
    script.write_text(";\n".join(statements) + ";\n", encoding="utf-8")
    spec = TaskSpec(
        **fields,
        kind="sql",
        key=_STEM,
        attempt=1,
        cwd=str(here.folder),
        folder=str(folder),
        file=str(script),
        environment=engine.environment(),
        spark=here.spark_mode,
    )
    _execute(here, spec)


def missing_statements(bundle: Bundle, there: Volumes) -> list[str]:
    """Return SQL for the schemas and volumes of the bundle that the lakehouse lacks; empty from the second run on."""
    volumes = [volume for volume in _resources(bundle, "volumes") if not _has_volume(volume, there)]
    # The schema of a volume or a model may belong to another bundle, which has not run here.
    models = _resources(bundle, "registered_models")
    needed = [
        {"catalog_name": inner.get("catalog_name"), "name": inner.get("schema_name")}
        for inner in (*volumes, *models)
    ]
    schemas = {
        _parts(schema, "catalog_name", "name"): schema
        for schema in (*needed, *_resources(bundle, "schemas"))
        if not _has_schema(schema, there)
    }
    statements = [text for schema in schemas.values() for text in _schema_statements(schema)]
    return list(dict.fromkeys([*statements, *map(_volume_statement, volumes)]))


def _has_schema(schema: Mapping[str, Any], there: Volumes) -> bool:
    parts = _parts(schema, "catalog_name", "name")
    return not all(parts) or there.exists(*parts)


def _has_volume(volume: Mapping[str, Any], there: Volumes) -> bool:
    parts = _parts(volume, "catalog_name", "schema_name", "name")
    return not all(parts) or there.find(*parts) is not None


def _schema_statements(schema: Mapping[str, Any]) -> tuple[str, str]:
    catalog, name = _parts(schema, "catalog_name", "name")
    return (
        f"CREATE CATALOG IF NOT EXISTS {quote_part(catalog)}",
        f"CREATE SCHEMA IF NOT EXISTS {quote_part(catalog)}.{quote_part(name)}{_comment(schema)}",
    )


def _volume_statement(volume: Mapping[str, Any]) -> str:
    name = ".".join(map(quote_part, _parts(volume, "catalog_name", "schema_name", "name")))
    if str(volume.get("volume_type") or "").upper() != "EXTERNAL":
        return f"CREATE VOLUME IF NOT EXISTS {name}{_comment(volume)}"
    location = literal(str(volume.get("storage_location") or ""))
    return f"CREATE EXTERNAL VOLUME IF NOT EXISTS {name} LOCATION {location}{_comment(volume)}"


def _comment(described: Mapping[str, Any]) -> str:
    comment = str(described.get("comment") or "")
    return f" COMMENT {literal(comment)}" if comment else ""


def _parts(found: Mapping[str, Any], *fields: str) -> tuple[str, ...]:
    return tuple(str(found.get(field) or "") for field in fields)


def _execute(here: RunResources, spec: TaskSpec) -> None:
    log = here.folder / f"{_STEM}.log"
    interpreter = here.interpreters.take()
    here.interpreters.warm()
    try:
        watch = Watch(log, here.redactor, here.cancelled, spare=here.engine_pids())
        interpreter.run(spec, watch)
    finally:
        here.interpreters.release(interpreter)
    returned = TaskReturn.read(Path(spec.result_file))
    if here.cancelled.is_set() or (returned is not None and returned.ok):
        return
    problem = returned.problem if returned else None
    raise DeploymentError(
        "the bundle's schemas and volumes cannot be created in the local lakehouse",
        detail="\n".join(part for part in (problem.summary, problem.detail) if part) if problem else None,
        location=str(log),
        fix="correct resources.schemas and resources.volumes, or remove the local lakehouse: lakewright clean",
    )


def _resources(bundle: Bundle, kind: str) -> list[Mapping[str, Any]]:
    found = (bundle.resolved.get("resources") or {}).get(kind) or {}
    return [localise(bundle, item) for item in found.values() if isinstance(item, Mapping)]
