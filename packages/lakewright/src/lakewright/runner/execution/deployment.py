"""What a deployment would have made before the first run: the bundle's schemas and volumes, in the local lakehouse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lakewright.runner.errors import RunnerError
from lakewright.runner.handover.task_spec import TaskReturn, TaskSpec
from lakewright.runner.planning.local_values import BundleLike, localise
from lakewright.runner.process.interpreters import Watch
from lakewright.runner.scheduling.context import Engine, RunContext

_STEM = "_deployment"


class DeploymentError(RunnerError, RuntimeError):
    """Raised when a schema of the bundle cannot be made locally."""


def missing_statements(bundle: BundleLike, lakehouse: Path) -> list[str]:
    """SQL for the schemas of the bundle that the lakehouse does not have; empty from the second run on."""
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


def make_volumes(bundle: BundleLike, lakehouse: Path) -> None:
    """Make the folders of the bundle's volumes."""
    for volume in _resources(bundle, "volumes"):
        parts = [str(volume.get(name) or "") for name in ("catalog_name", "schema_name", "name")]
        if all(parts):
            lakehouse.joinpath("volumes", *parts).mkdir(parents=True, exist_ok=True)


def deploy(context: RunContext, engine: Engine) -> None:
    """Make what is missing, by a process of its own.

    Raises:
        DeploymentError: The engine refused a statement.
    """
    lakehouse = context.project / ".lakewright" / "lakehouse"
    make_volumes(context.bundle, lakehouse)
    statements = missing_statements(context.bundle, lakehouse)
    if not statements:
        return
    folder = context.folder / "tasks"
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / f"{_STEM}.sql"
    script.write_text(";\n".join(statements) + ";\n", encoding="utf-8")
    spec = TaskSpec(
        kind="sql",
        key=_STEM,
        attempt=1,
        project=str(context.project),
        root=str(context.bundle.root),
        cwd=str(context.folder),
        folder=str(folder),
        result_file=str(folder / f"{_STEM}.result.json"),
        values_file=str(folder / f"{_STEM}.values.jsonl"),
        report_file=str(folder / f"{_STEM}.report.jsonl"),
        file=str(script),
        environment=engine.environment(),
        spark="classic" if context.options.classic else "connect",
    )
    _execute(context, spec, engine)


def _execute(context: RunContext, spec: TaskSpec, engine: Engine) -> None:
    log = context.folder / f"{_STEM}.log"
    interpreter = context.interpreters.take()
    context.interpreters.warm()
    try:
        interpreter.run(
            spec,
            Watch(
                log=log,
                redactor=context.redactor,
                cancelled=context.cancelled,
                spare=frozenset({engine.pid}),
            ),
        )
    finally:
        context.interpreters.release(interpreter)
    ended = TaskReturn.read(Path(spec.result_file))
    if context.cancelled.is_set() or (ended is not None and ended.ok):
        return
    problem = ended.problem if ended else None
    raise DeploymentError(
        "the bundle's schemas cannot be made in the local lakehouse",
        detail="\n".join(part for part in (problem.summary, problem.detail) if part) if problem else None,
        location=str(log),
        fix="correct resources.schemas, or remove the local lakehouse: lakewright clean",
    )


def _resources(bundle: BundleLike, kind: str) -> list[Mapping[str, Any]]:
    found = (bundle.resolved.get("resources") or {}).get(kind) or {}
    return [localise(bundle, item) for item in found.values() if isinstance(item, Mapping)]


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
