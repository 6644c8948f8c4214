"""Tasks that are processes: notebook, script, wheel, SQL file. From a resolved task to a spec, and from its end to a result."""

from __future__ import annotations

import contextlib
import glob
import re
import shutil
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lakewright.bundle.local_files import expected_file
from lakewright.engine.variables import TOKEN_VARIABLE
from lakewright.runner.child_notebooks import sessions_below
from lakewright.runner.context import RunContext
from lakewright.runner.errors import NotebookError, PlanError, SqlFileError
from lakewright.runner.log_pump import tail_of
from lakewright.runner.notebooks import find_notebook
from lakewright.runner.plan import JobPlan, TaskKind, TaskPlan, nearest, text
from lakewright.runner.processes import Ended, Watch
from lakewright.runner.redaction import Redactor
from lakewright.runner.reports import read_report
from lakewright.runner.requirements import declared, is_wheel, not_installed
from lakewright.runner.results import Status, TaskResult
from lakewright.runner.scheduler import Standing
from lakewright.runner.session_address import with_new_session
from lakewright.runner.task_spec import Problem, TaskReturn, TaskSpec, read_lines
from lakewright.runner.wheels import find_libraries, find_package

REPORT_VARIABLE = "LAKEWRIGHT_REPORT"
_INTERRUPT_SECONDS = 30.0
_LITTLE_ROOM = 100 * 1024**2
_UNSAFE = re.compile(r"[^A-Za-z0-9._\[\]-]+")


@dataclass(frozen=True)
class Attempt:
    """One attempt of a leaf task.

    Attributes:
        label: Key path, `ingestion/bronze` or `loop[0]`; names the log file.
        body: The content of `notebook_task` and so on, references resolved.
        parameters: The job's parameters.
        values: Task values of ended tasks, by task key.
        limit: Seconds that the attempt may take, and what set the limit, for the message.
    """

    job: JobPlan
    task: TaskPlan
    label: str
    number: int
    body: Mapping[str, Any]
    parameters: Mapping[str, str]
    values: Mapping[str, Mapping[str, Any]]
    deadline: float | None
    limit: str = ""

    @property
    def file_name(self) -> str:
        """The stem of this attempt's files."""
        stem = _UNSAFE.sub("_", self.label.replace("/", "."))
        return stem if self.number == 1 else f"{stem}.{self.number}"


def run_leaf(context: RunContext, attempt: Attempt) -> TaskResult:
    """Run one attempt in a process of its own.

    Raises:
        PlanError: The task lacks something that it needs.
        NotebookError: Its notebook is not there.
        SqlFileError: Its SQL file is not there.
    """
    spec = build_spec(context, attempt)
    log = context.folder / f"{attempt.file_name}.log"
    doubt: str | None = None
    with context.slot() as got:
        if not got:
            return TaskResult(
                Status.SKIPPED, Standing.FAILED, "the run was ended before it started", executed=False
            )
        spec = _with_engine(context, attempt, spec)
        interpreter = context.interpreters.take()
        if context.more_to_come:
            context.interpreters.warm()
        try:
            ended = interpreter.run(
                spec,
                Watch(
                    log=log,
                    redactor=context.redactor,
                    deadline=attempt.deadline,
                    cancelled=context.cancelled,
                    spare=_engine_pids(context),
                ),
            )
        finally:
            context.interpreters.release(interpreter)
        if spec.spark == "connect" and (
            ended.timed_out or ended.cancelled or not Path(spec.result_file).exists()
        ):
            doubt = _stopped(context, spec)
    result = _result(context, attempt, spec, ended, log)
    _clean(spec, context.redactor)
    return result if doubt is None else _in_doubt(result, doubt)


def _in_doubt(result: TaskResult, doubt: str) -> TaskResult:
    """A result after which no attempt may follow: it would write beside the statements of this one."""
    words = f"its statements may still be running in the engine ({doubt}), so it is not tried again"
    inner = result.problem or Problem("ended without a result")
    problem = replace(
        inner,
        summary=f"{inner.summary}; {words}",
        fix="end them by `lakewright engine stop`, then: lakewright run … --resume",
    )
    return replace(
        result,
        status=Status.FAILED,
        standing=Standing.FAILED,
        reason=problem.summary,
        problem=problem,
        final=True,
    )


def build_spec(context: RunContext, attempt: Attempt) -> TaskSpec:
    """The spec of an attempt, without what the engine adds."""
    stem = attempt.file_name
    folder = context.folder / "tasks"
    folder.mkdir(parents=True, exist_ok=True)
    base = TaskSpec(
        kind="",
        key=attempt.task.key,
        attempt=attempt.number,
        project=str(context.project),
        root=str(context.bundle.root),
        cwd=str(context.folder / "work" / stem),
        folder=str(context.folder / "work" / stem),
        result_file=str(folder / f"{stem}.result.json"),
        values_file=str(folder / f"{stem}.values.jsonl"),
        report_file=str(folder / f"{stem}.report.jsonl"),
        environment={**context.secrets, REPORT_VARIABLE: str(folder / f"{stem}.report.jsonl")},
        lacking=_lacking(context, attempt),
        task_values={key: dict(values) for key, values in attempt.values.items()},
        job={"name": attempt.job.name, "run_id": context.run_id},
    )
    for stale in (base.result_file, base.values_file, base.report_file):
        Path(stale).unlink(missing_ok=True)
    return _BUILDERS[attempt.task.kind](context, attempt, base)


def _notebook(context: RunContext, attempt: Attempt, base: TaskSpec) -> TaskSpec:
    file = _file(context, attempt, "notebook_path", find=True)
    own = {str(key): text(value) for key, value in (attempt.body.get("base_parameters") or {}).items()}
    return replace(
        base,
        kind="notebook",
        file=str(file),
        cwd=str(file.parent),
        sys_path=[str(file.parent), *_library_paths(context, attempt)],
        parameters={**own, **attempt.parameters},
    )


def _script(context: RunContext, attempt: Attempt, base: TaskSpec) -> TaskSpec:
    file = _file(context, attempt, "python_file")
    arguments = [text(value) for value in attempt.body.get("parameters") or []]
    return replace(
        base,
        kind="script",
        file=str(file),
        cwd=str(file.parent),
        sys_path=[str(file.parent), *_library_paths(context, attempt)],
        argv=arguments,
    )


def _wheel(context: RunContext, attempt: Attempt, base: TaskSpec) -> TaskSpec:
    package = str(attempt.body.get("package_name") or "")
    entry_point = str(attempt.body.get("entry_point") or "")
    source = find_package(context.bundle, package, _libraries(attempt))
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


def _library_paths(context: RunContext, attempt: Attempt) -> list[str]:
    return [str(path) for path in find_libraries(context.bundle, _libraries(attempt))]


def _libraries(attempt: Attempt) -> list[str]:
    """Wheels that a task names, by itself or by its serverless environment."""
    return [item for item in declared(attempt.task.spec, attempt.job.spec) if is_wheel(item)]


def _lacking(context: RunContext, attempt: Attempt) -> list[str]:
    """What the task names and this machine does not have."""
    lacking = not_installed(declared(attempt.task.spec, attempt.job.spec))
    return [item for item in lacking if not (is_wheel(item) and find_libraries(context.bundle, [item]))]


def _sql(context: RunContext, attempt: Attempt, base: TaskSpec) -> TaskSpec:
    file_part = attempt.body.get("file") or {}
    inner = replace(attempt, body=file_part)
    file = _file(context, inner, "path", within="file")
    own = {str(key): text(value) for key, value in (attempt.body.get("parameters") or {}).items()}
    return replace(base, kind="sql", file=str(file), parameters={**own, **attempt.parameters})


_BUILDERS = {
    TaskKind.NOTEBOOK: _notebook,
    TaskKind.SCRIPT: _script,
    TaskKind.WHEEL: _wheel,
    TaskKind.SQL: _sql,
}


def _file(
    context: RunContext, attempt: Attempt, key: str, *, within: str | None = None, find: bool = False
) -> Path:
    path = str(attempt.body.get(key) or "")
    steps = [attempt.task.path, attempt.task.kind.value, *([within] if within else []), key]
    location = context.locate(".".join(steps))
    if not path:
        raise PlanError(f"task `{attempt.task.key}` has no `{key}`", location=location, fix="name the file")
    local = expected_file(context.bundle, path) or Path(path)
    if find:
        try:
            return find_notebook(local)
        except NotebookError as error:
            error.location = f"{location} → {local}"
            raise
    if not local.is_file():
        there = sorted(item.name for item in local.parent.glob(f"*{local.suffix}"))
        raise SqlFileError(
            f"there is no file `{local.name}`",
            location=f"{location} → {local}",
            fix=nearest(local.name, there) if there else f"make it, or fix the path in `{key}`",
        )
    return local


def _with_engine(context: RunContext, attempt: Attempt, spec: TaskSpec) -> TaskSpec:
    engine = context.engine()
    if engine is None:
        return spec
    run_as = attempt.task.spec.get("run_as") or {}
    principal = run_as.get("service_principal_name") or run_as.get("user_name") or attempt.job.principal
    # The session's id is known here, so that its statements can be interrupted from here.
    environment = with_new_session({**spec.environment, **engine.environment(principal)})
    return replace(spec, spark="classic" if context.options.classic else "connect", environment=environment)


def _stopped(context: RunContext, spec: TaskSpec) -> str | None:
    try:
        return stop_statements(context, spec)
    except Exception as error:  # noqa: BLE001 - whatever went wrong, another attempt would be unsafe
        return repr(error)


def stop_statements(context: RunContext, spec: TaskSpec) -> str | None:
    """Interrupt what a killed task has left running in the engine: a MERGE goes on without its client.

    Returns:
        Why it is not certain that they have ended, or None.
    """
    interpreter = context.interpreters.take()
    again = replace(
        spec,
        kind="interrupt",
        argv=sessions_below(Path(spec.result_file)),
        result_file=f"{spec.result_file}.interrupt",
        cwd=str(context.folder),
    )
    Path(again.result_file).unlink(missing_ok=True)
    log = context.folder / "tasks" / f"{Path(spec.result_file).stem}.interrupt.log"
    limit = time.monotonic() + _INTERRUPT_SECONDS
    try:
        ended = interpreter.run(
            again, Watch(log, context.redactor, threading.Event(), limit, _engine_pids(context))
        )
    finally:
        context.interpreters.release(interpreter)
    said = TaskReturn.read(Path(again.result_file))
    if (said is not None and said.ok) or not _same_engine(context, spec):
        return None
    if ended.timed_out:
        return f"they had not ended after {_INTERRUPT_SECONDS:g} s"
    return said.problem.summary if said and said.problem else "no answer"


def _same_engine(context: RunContext, spec: TaskSpec) -> bool:
    """Whether the engine that a task was attached to still lives; what it executed has ended with it."""
    engine = context.engine()
    if engine is None or not engine.is_alive():
        return False
    token = engine.environment().get(TOKEN_VARIABLE)
    return token == spec.environment.get(TOKEN_VARIABLE)


def _engine_pids(context: RunContext) -> frozenset[int]:
    engine = context.engine()
    return frozenset({engine.pid} if engine is not None and engine.pid else ())


def _result(context: RunContext, attempt: Attempt, spec: TaskSpec, ended: Ended, log: Path) -> TaskResult:
    said = TaskReturn.read(Path(spec.result_file))
    values = {
        str(line["key"]): line.get("value") for line in read_lines(Path(spec.values_file)) if "key" in line
    }
    problem = _problem(attempt, ended, said, log, context)
    if problem is not None and not ended.cancelled:
        problem = _with_room(problem, context.folder)
    notes = list(said.notes if said else ())
    if ended.left_behind:
        notes.append(f"left {ended.left_behind} process(es) running; they were ended")
    return TaskResult(
        status=Status.SUCCESS if problem is None else Status.FAILED,
        standing=Standing.SUCCEEDED if problem is None else Standing.FAILED,
        reason=problem.summary if problem else None,
        problem=problem,
        values=values,
        exit_value=said.exit_value if said else None,
        seconds=round(ended.seconds, 3),
        attempt=attempt.number,
        timed_out=ended.timed_out and problem is not None,
        log=log,
        notes=tuple(notes),
        report=read_report(Path(spec.report_file)),
    )


def _clean(spec: TaskSpec, redactor: Redactor) -> None:
    """Take the secrets out of what the task, and notebooks that it started, left on disk, now that it has been read."""
    result = Path(spec.result_file)
    for path in result.parent.glob(f"{glob.escape(result.name.removesuffix('.result.json'))}.*"):
        with contextlib.suppress(OSError):
            left = path.read_bytes()
            if (cleaned := redactor.data(left)) != left:
                path.write_bytes(cleaned)


def _problem(
    attempt: Attempt, ended: Ended, said: TaskReturn | None, log: Path, context: RunContext
) -> Problem | None:
    if said is not None and said.ok and ended.returncode == 0:
        return None
    if ended.cancelled:
        return Problem("interrupted")
    if ended.timed_out:
        return Problem(
            f"took longer than {attempt.limit} and was ended",
            detail=_tail(log),
            location=context.locate(attempt.task.path),
            fix="raise `timeout_seconds`, or find in the log what it waits for",
        )
    if said is not None and said.problem is not None:
        return said.problem
    return _silent_end(attempt, ended, log, context)


def _with_room(problem: Problem, folder: Path) -> Problem:
    """A full disk breaks a task in many words, Spark's `TASK_WRITE_FAILED` among them: say what they may hide."""
    free = shutil.disk_usage(folder).free
    if free >= _LITTLE_ROOM:
        return problem
    seen = f"only {free / 1024**2:.1f} MiB are free on the disk of {folder}"
    detail = "\n".join(filter(None, (problem.detail, seen)))
    return replace(problem, detail=detail, fix=problem.fix or f"make room on the disk of {folder}")


def _silent_end(attempt: Attempt, ended: Ended, log: Path, context: RunContext) -> Problem:
    location = context.locate(attempt.task.path)
    tail = _tail(log)
    if ended.orphaned:
        return Problem(
            "the process from which the tasks are forked has ended, and its tasks were ended with it",
            detail=tail,
            location=location,
            fix="something killed it (the kernel, for lack of memory?); then: lakewright run … --resume",
        )
    if ended.returncode == -signal.SIGKILL:
        return Problem(
            "the process was killed (SIGKILL), most often by the kernel for lack of memory",
            detail=tail,
            location=location,
            fix="take less data into Python (no toPandas()/collect() of whole tables), or give the machine more memory",
        )
    if ended.returncode < 0:
        name = signal.Signals(-ended.returncode).name
        return Problem(
            f"the process crashed with {name}",
            detail=tail,
            location=location,
            fix="the log ends with the Python frames at the crash; a native library is the usual cause",
        )
    return Problem(
        f"the process ended with code {ended.returncode} before its code had come to the end",
        detail=tail,
        location=location,
        fix="look for os._exit(…) in the task's code: raise an error, or return, instead",
    )


def _tail(log: Path) -> str | None:
    tail = tail_of(log, lines=12)
    return f"the log's last lines:\n{tail}" if tail.strip() else None
