"""Builds the spec of a task's process from an attempt."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

from lakewright.bundle import find_libraries, find_package, is_wheel
from lakewright.engine.environment_variables import CONF_VARIABLE, LINEAGE_PREFIX
from lakewright.rights.variables import GRANTS_VARIABLE, IGNORED, PRINCIPAL_VARIABLE
from lakewright.runner.execution.requirements import declared, not_installed
from lakewright.runner.execution.run_resources import RunResources
from lakewright.runner.execution.task_files import notebook_of, script_of, sql_file_of
from lakewright.runner.handover.programs import REPORT_VARIABLE
from lakewright.runner.handover.session_address import with_new_session
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.planning.attempt import Attempt
from lakewright.runner.planning.graph import TaskKind
from lakewright.runner.values.text_form import text

# Task paths that are file names as they are, also on disks that ignore case.
_PLAIN = re.compile(r"[a-z0-9_-]+(?:\[[0-9]+\])?(?:/[a-z0-9_-]+(?:\[[0-9]+\])?)*")
_UNSAFE = re.compile(r"[^A-Za-z0-9_\[\]-]+")
_LONGEST = 120


def file_stem(attempt: Attempt) -> str:
    """The common beginning of the names of an attempt's files; no other task of the run has the same.

    A path that cannot be a file name, or that another one may equal on a disk that ignores case, gets a mark of its own.
    """
    label = attempt.label
    stem = ".".join(_UNSAFE.sub("_", part) for part in label.split("/"))
    if not _PLAIN.fullmatch(label) or len(stem) > _LONGEST:
        mark = hashlib.sha256(label.encode()).hexdigest()[:8]
        stem = f"{stem[:_LONGEST]}-{mark}"
    return stem if attempt.number == 1 else f"{stem}.{attempt.number}"


def build_spec(here: RunResources, attempt: Attempt) -> TaskSpec:
    """The spec of an attempt, without the engine's address.

    Raises:
        PlanError: The task lacks a required field.
        NotebookError: Its notebook does not exist.
        SqlFileError: Its SQL file does not exist.
        SecretError: Its cluster names a secret that does not exist.
    """
    stem = file_stem(attempt)
    cluster = here.clusters.settings_for(attempt.job.key, attempt.task.spec, attempt.task.path)
    work = str(here.folder / "work" / stem)
    fields = here.spec_fields(stem)
    base = TaskSpec(
        **fields,
        kind="notebook",
        key=attempt.task.key,
        attempt=attempt.number,
        cwd=work,
        folder=work,
        environment={
            **cluster.variables,
            **here.secrets,
            REPORT_VARIABLE: fields["report_file"],
            CONF_VARIABLE: json.dumps({**cluster.spark_conf, **lineage_settings(here, attempt)}),
        },
        lacking=_lacking(here, attempt),
        task_values={key: dict(values) for key, values in attempt.values.items()},
        job={"name": attempt.job.name, "run_id": here.run_id},
    )
    for stale in (base.result_file, base.values_file, base.report_file):
        Path(stale).unlink(missing_ok=True)
    return _BUILDERS[attempt.task.kind](here, attempt, base)


def lineage_settings(here: RunResources, attempt: Attempt) -> dict[str, str]:
    """The settings by which the engine names the run in the lineage of the session's statements."""
    facts = {
        "job": attempt.job.key,
        "task": attempt.task.key,
        "run_id": here.run_id,
        "attempt": str(attempt.number),
        "notebook": str(attempt.body.get("notebook_path") or ""),
    }
    return {f"{LINEAGE_PREFIX}{name}": value for name, value in facts.items() if value}


def identity_of(principal: str | None, is_enforced: bool) -> dict[str, str]:  # noqa: FBT001 - as the run has it
    """The variables of whom a process works for."""
    ignored = {} if is_enforced else {GRANTS_VARIABLE: IGNORED}
    return {PRINCIPAL_VARIABLE: principal, **ignored} if principal else {}


def with_engine(here: RunResources, attempt: Attempt, spec: TaskSpec) -> TaskSpec:
    """The spec with the task's principal, and with the address of a new session on the engine if there is one."""
    run_as = attempt.task.spec.get("run_as") or {}
    own = run_as.get("service_principal_name") or run_as.get("user_name") or attempt.job.principal
    principal = here.principal or own
    engine = here.engine()
    if engine is None:  # files and models are asked for without one
        return replace(spec, environment={**spec.environment, **identity_of(principal, here.is_enforced)})
    identity = engine.environment(principal, enforced=here.is_enforced)
    # The runner chooses the session's id, so that it can interrupt the session's statements.
    environment = with_new_session({**spec.environment, **identity})
    return replace(spec, spark=here.spark_mode, environment=environment)


def _notebook(here: RunResources, attempt: Attempt, base: TaskSpec) -> TaskSpec:
    file = notebook_of(here.bundle, attempt.task, attempt.body)
    own = {str(key): text(value) for key, value in (attempt.body.get("base_parameters") or {}).items()}
    return replace(
        base,
        file=str(file),
        cwd=str(file.parent),
        sys_path=[str(file.parent), *_library_paths(here, attempt)],
        parameters={**own, **attempt.parameters},
    )


def _script(here: RunResources, attempt: Attempt, base: TaskSpec) -> TaskSpec:
    file = script_of(here.bundle, attempt.task, attempt.body)
    return replace(
        base,
        kind="script",
        file=str(file),
        cwd=str(file.parent),
        sys_path=[str(file.parent), *_library_paths(here, attempt)],
        argv=[text(value) for value in attempt.body.get("parameters") or []],
    )


def _wheel(here: RunResources, attempt: Attempt, base: TaskSpec) -> TaskSpec:
    package = str(attempt.body.get("package_name") or "")
    entry_point = str(attempt.body.get("entry_point") or "")
    source = find_package(here.bundle, package, entry_point, _wheels(attempt))
    named = attempt.body.get("named_parameters")
    arguments = [text(value) for value in attempt.body.get("parameters") or []]
    if named is not None:
        merged = {**{str(key): text(value) for key, value in named.items()}, **attempt.parameters}
        arguments = [f"--{key}={value}" for key, value in merged.items()]
    return replace(
        base,
        kind="wheel",
        argv=arguments,
        entry_point=[package, entry_point],
        entry_points=dict(source.entry_points),
        sys_path=[str(path) for path in source.sys_path],
    )


def _sql(here: RunResources, attempt: Attempt, base: TaskSpec) -> TaskSpec:
    file = sql_file_of(here.bundle, attempt.task, attempt.body)
    own = {str(key): text(value) for key, value in (attempt.body.get("parameters") or {}).items()}
    parameters = {**own, **attempt.parameters}
    return replace(base, kind="sql", file=str(file), parameters=parameters, keep_rows=attempt.keep_rows)


_BUILDERS = {
    TaskKind.NOTEBOOK: _notebook,
    TaskKind.SCRIPT: _script,
    TaskKind.WHEEL: _wheel,
    TaskKind.SQL: _sql,
}


def _library_paths(here: RunResources, attempt: Attempt) -> list[str]:
    return [str(path) for path in find_libraries(here.bundle, _wheels(attempt))]


def _wheels(attempt: Attempt) -> list[str]:
    """Wheels in a task's `libraries` and in its serverless environment."""
    return [item for item in declared(attempt.task.spec, attempt.job.spec) if is_wheel(item)]


def _lacking(here: RunResources, attempt: Attempt) -> list[str]:
    """Packages and wheels that the task needs and this machine lacks."""
    lacking = not_installed(declared(attempt.task.spec, attempt.job.spec))
    return [item for item in lacking if not (is_wheel(item) and find_libraries(here.bundle, [item]))]
