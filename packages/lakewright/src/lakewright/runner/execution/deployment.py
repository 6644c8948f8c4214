"""Creates the bundle's schemas and volumes in the local lakehouse, as a deployment does in a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lakewright.bundle import Bundle
from lakewright.runner.errors import RunnerError
from lakewright.runner.execution.engines import Engine
from lakewright.runner.execution.surroundings import Surroundings
from lakewright.runner.handover.task_return import TaskReturn
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.planning.local_values import localise
from lakewright.runner.process.interpreter import Watch

_STEM = "_deployment"


class DeploymentError(RunnerError, RuntimeError):
    """Raised when a schema of the bundle cannot be created locally."""


def deploy(here: Surroundings, engine: Engine) -> None:
    """Create the schemas and volumes that do not exist yet, in a separate process.

    Raises:
        DeploymentError: The engine refused a statement.
    """
    lakehouse = here.project / ".lakewright" / "lakehouse"
    make_volumes(here.bundle, lakehouse)
    statements = missing_statements(here.bundle, lakehouse)
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


def missing_statements(bundle: Bundle, lakehouse: Path) -> list[str]:
    """SQL that creates the bundle's missing schemas; empty from the second run on."""
    statements: list[str] = []
    for schema in _resources(bundle, "schemas"):
        catalog, name = str(schema.get("catalog_name") or ""), str(schema.get("name") or "")
        if not catalog or not name or (lakehouse / "_catalog" / catalog / name).is_dir():
            continue
        create_catalog = f"CREATE CATALOG IF NOT EXISTS {_quoted(catalog)}"
        if create_catalog not in statements:
            statements.append(create_catalog)
        comment = str(schema.get("comment") or "").replace("\\", "\\\\").replace("'", "\\'")
        statements.append(
            f"CREATE SCHEMA IF NOT EXISTS {_quoted(catalog)}.{_quoted(name)}"
            + (f" COMMENT '{comment}'" if comment else "")
        )
    return statements


def make_volumes(bundle: Bundle, lakehouse: Path) -> None:
    """Create the folders of the bundle's volumes."""
    for volume in _resources(bundle, "volumes"):
        parts = [str(volume.get(name) or "") for name in ("catalog_name", "schema_name", "name")]
        if all(parts):
            lakehouse.joinpath("volumes", *parts).mkdir(parents=True, exist_ok=True)


def _execute(here: Surroundings, spec: TaskSpec) -> None:
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
        "the bundle's schemas cannot be created in the local lakehouse",
        detail="\n".join(part for part in (problem.summary, problem.detail) if part) if problem else None,
        location=str(log),
        fix="correct resources.schemas, or remove the local lakehouse: lakewright clean",
    )


def _resources(bundle: Bundle, kind: str) -> list[Mapping[str, Any]]:
    found = (bundle.resolved.get("resources") or {}).get(kind) or {}
    return [localise(bundle, item) for item in found.values() if isinstance(item, Mapping)]


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
