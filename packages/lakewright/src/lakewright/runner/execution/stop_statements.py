"""Ends the Spark statements of a killed task: without this, its MERGE would go on in the engine."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

from lakewright.engine.environment_variables import TOKEN_VARIABLE
from lakewright.runner.execution.run_resources import RunResources
from lakewright.runner.handover.problem import Problem
from lakewright.runner.handover.task_return import TaskReturn
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.child_notebooks import sessions_below
from lakewright.runner.process.interpreter import Watch
from lakewright.runner.record.result import Standing, Status, TaskResult

_INTERRUPT_SECONDS = 30.0


def stop_statements(here: RunResources, spec: TaskSpec) -> str | None:
    """Interrupt the statements of a task.

    Returns:
        Why they may still be running; None if they have ended.
    """
    try:
        return _stop(here, spec)
    except Exception as error:  # noqa: BLE001 - after any failure, another attempt is unsafe
        return repr(error)


def without_retry(result: TaskResult, why: str, *, resume: str) -> TaskResult:
    """The result without further attempts: a new one would write while the statements of this one still run."""
    words = f"its statements may still be running in the engine ({why}), so it is not retried"
    inner = result.problem or Problem("ended without a result")
    problem = replace(
        inner,
        summary=f"{inner.summary}; {words}",
        fix=f"end them with `lakewright engine stop`, then: {resume}",
    )
    return replace(
        result,
        status=Status.FAILED,
        standing=Standing.FAILED,
        reason=problem.summary,
        problem=problem,
        final=True,
    )


def _stop(here: RunResources, spec: TaskSpec) -> str | None:
    again = replace(
        spec,
        kind="interrupt",
        argv=sessions_below(Path(spec.result_file)),
        result_file=f"{spec.result_file}.interrupt",
        cwd=str(here.folder),
    )
    Path(again.result_file).unlink(missing_ok=True)
    log = here.folder / "tasks" / f"{Path(spec.result_file).stem}.interrupt.log"
    deadline = time.monotonic() + _INTERRUPT_SECONDS
    # Its own event: the statements of a cancelled run must end too.
    watch = Watch(log, here.redactor, threading.Event(), deadline, here.engine_pids())
    interpreter = here.interpreters.take()
    try:
        ended = interpreter.run(again, watch)
    finally:
        here.interpreters.release(interpreter)
    returned = TaskReturn.read(Path(again.result_file))
    if (returned is not None and returned.ok) or not _same_engine(here, spec):
        return None
    if ended.timed_out:
        return f"they had not ended after {_INTERRUPT_SECONDS:g} s"
    return returned.problem.summary if returned and returned.problem else "no answer"


def _same_engine(here: RunResources, spec: TaskSpec) -> bool:
    """Whether the engine of a task still runs; if it has ended, so have the task's statements."""
    engine = here.engine()
    if engine is None or not engine.is_alive():
        return False
    token = engine.environment().get(TOKEN_VARIABLE)
    return token == spec.environment.get(TOKEN_VARIABLE)
