"""Turns the exit of a task's process into the result of the task."""

from __future__ import annotations

import contextlib
import glob
import shutil
from dataclasses import replace
from pathlib import Path

from lakewright.log_tail import log_tail
from lakewright.runner.execution.run_resources import RunResources
from lakewright.runner.handover.exit_codes import describe_exit
from lakewright.runner.handover.json_files import read_lines
from lakewright.runner.handover.problem import Problem
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.handover.task_return import TaskReturn
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.planning.attempt import Attempt
from lakewright.runner.process.interpreter import ProcessExit
from lakewright.runner.record.code_reports import read_report
from lakewright.runner.record.result import Standing, Status, TaskResult

_LITTLE_ROOM = 100 * 1024**2
_LOG_LINES_SHOWN = 12


def result_of_exit(
    here: RunResources, attempt: Attempt, spec: TaskSpec, ended: ProcessExit, log: Path
) -> TaskResult:
    """The result of an attempt whose process has ended.

    Args:
        here: The run.
        attempt: The attempt.
        spec: The spec of its process, with the files that the process wrote.
        ended: How the process ended.
        log: Its log.
    """
    returned = TaskReturn.read(Path(spec.result_file))
    lines = read_lines(Path(spec.values_file))
    problem = _problem(here, attempt, ended, returned, log)
    if problem is not None and not ended.cancelled:
        problem = _with_disk(problem, here.folder)
    report = read_report(Path(spec.report_file))
    notes = [*report["notes"], *(returned.notes if returned else ())]
    if ended.left_behind:
        notes.append(f"left {ended.left_behind} process(es) running, which were ended")
    return TaskResult(
        status=Status.SUCCESS if problem is None else Status.FAILED,
        standing=Standing.SUCCEEDED if problem is None else Standing.FAILED,
        reason=problem.summary if problem else None,
        problem=problem,
        values={str(line["key"]): line.get("value") for line in lines if "key" in line},
        rows=returned.rows if returned else None,
        exit_value=returned.exit_value if returned else None,
        seconds=round(ended.seconds, 3),
        attempt=attempt.number,
        timed_out=ended.timed_out and problem is not None,
        log=log,
        notes=tuple(notes),
        report=report,
    )


def remove_secrets_from_files(spec: TaskSpec, redactor: Redactor) -> None:
    """Remove secrets from the files of a task and of the notebooks that it ran; the runner has read them by now."""
    result = Path(spec.result_file)
    for path in result.parent.glob(f"{glob.escape(result.name.removesuffix('.result.json'))}.*"):
        with contextlib.suppress(OSError):
            found = path.read_bytes()
            if (clean := redactor.data(found)) != found:
                path.write_bytes(clean)


def _problem(
    here: RunResources, attempt: Attempt, ended: ProcessExit, returned: TaskReturn | None, log: Path
) -> Problem | None:
    if returned is not None and returned.ok and ended.returncode == 0:
        return None
    if ended.cancelled:
        return Problem("interrupted")
    location = here.locate(attempt.task.path)
    if ended.timed_out:
        return Problem(
            f"took longer than {attempt.limit.words if attempt.limit else 'its limit'} and was ended",
            detail=_tail(log),
            location=location,
            fix="look in the log for what it waits for, or raise `timeout_seconds`",
        )
    if returned is not None and returned.problem is not None:
        return returned.problem
    summary, fix = _words_for_exit(ended, resume=here.resume_command)
    return Problem(summary, detail=_tail(log), location=location, fix=fix)


def _words_for_exit(ended: ProcessExit, *, resume: str) -> tuple[str, str]:
    """Summary and fix for a process that ended without a result."""
    if ended.orphaned:
        return (
            "the process that starts the tasks has ended, and all running tasks with it",
            f"often the kernel kills it for lack of memory; give the machine more, then: {resume}",
        )
    return describe_exit(ended.returncode)


def _with_disk(problem: Problem, folder: Path) -> Problem:
    """Add a note if the disk is nearly full: a full disk causes many errors, such as Spark's `TASK_WRITE_FAILED`."""
    free = shutil.disk_usage(folder).free
    if free >= _LITTLE_ROOM:
        return problem
    seen = f"only {free / 1024**2:.1f} MiB are free on the disk of {folder}"
    detail = "\n".join(filter(None, (problem.detail, seen)))
    return replace(problem, detail=detail, fix=problem.fix or f"make room on the disk that holds {folder}")


def _tail(log: Path) -> str | None:
    tail = log_tail(log, lines=_LOG_LINES_SHOWN)
    return f"the log's last lines:\n{tail}" if tail.strip() else None
