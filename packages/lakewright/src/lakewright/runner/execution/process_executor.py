"""Runs each attempt of a task in its own process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lakewright.runner.execution.exit_results import remove_secrets_from_files, result_of_exit
from lakewright.runner.execution.run_resources import RunResources
from lakewright.runner.execution.stop_statements import stop_statements, without_retry
from lakewright.runner.execution.task_specs import build_spec, file_stem, with_engine
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.planning.attempt import Attempt
from lakewright.runner.planning.time_limits import Limit, out_of_time
from lakewright.runner.process.interpreter import ProcessExit, Watch
from lakewright.runner.record.result import Standing, TaskResult, skipped

_CHECK_SECONDS = 0.2


class ProcessExecutor:
    """Runs attempts in processes; see `lakewright.runner.scheduling.executor`.

    Args:
        here: Objects that the processes of the run share.
        max_processes: How many may run at the same time.
    """

    def __init__(self, here: RunResources, *, max_processes: int) -> None:
        self._here = here
        self._slots = threading.Semaphore(max(max_processes, 1))
        self._outstanding = 0
        self._lock = threading.Lock()

    def expect(self, count: int) -> None:
        """Add to the number of tasks that will still run; negative to subtract."""
        with self._lock:
            self._outstanding += count

    def run(self, attempt: Attempt) -> TaskResult:
        """Run one attempt in its own process.

        Raises:
            PlanError: The task lacks something that it needs.
            NotebookError: Its notebook does not exist.
            SqlFileError: Its SQL file does not exist.
            SecretError: Its cluster names a secret that does not exist.
        """
        here = self._here
        spec = build_spec(here, attempt)
        log = here.folder / f"{file_stem(attempt)}.log"
        why_unsafe: str | None = None
        with self._slot(attempt.limit) as got:
            if not got:
                return _not_started(attempt.limit)
            attempt = attempt.starting_now()
            spec = with_engine(here, attempt, spec)
            ended = self._process(attempt, spec, log)
            if spec.spark != "none" and _was_cut_off(spec, ended):
                why_unsafe = stop_statements(here, spec)
        result = result_of_exit(here, attempt, spec, ended, log)
        remove_secrets_from_files(spec, here.redactor)
        return result if why_unsafe is None else without_retry(result, why_unsafe, resume=here.resume_command)

    def _process(self, attempt: Attempt, spec: TaskSpec, log: Path) -> ProcessExit:
        here = self._here
        interpreter = here.interpreters.take()
        if self._outstanding > 0 and not here.cancelled.is_set():
            here.interpreters.warm()
        try:
            watch = Watch(
                log=log,
                redactor=here.redactor,
                deadline=attempt.limit.deadline if attempt.limit else None,
                cancelled=here.cancelled,
                spare=here.engine_pids(),
            )
            return interpreter.run(spec, watch)
        finally:
            here.interpreters.release(interpreter)

    @contextmanager
    def _slot(self, limit: Limit | None) -> Iterator[bool]:
        """Hold one of the slots for processes; False if the run is cancelled or the time is over while waiting."""
        cancelled, got = self._here.cancelled, False
        while not got and not cancelled.is_set() and not (limit and limit.is_over):
            got = self._slots.acquire(timeout=_CHECK_SECONDS)
        try:
            yield got and not cancelled.is_set() and not (limit and limit.is_over)
        finally:
            if got:
                self._slots.release()


def _not_started(limit: Limit | None) -> TaskResult:
    if limit is not None and limit.is_over:
        return out_of_time(limit)
    return skipped(Standing.FAILED, "the run was interrupted before it started")


def _was_cut_off(spec: TaskSpec, ended: ProcessExit) -> bool:
    """Whether the process was ended from outside, so that its Spark statements may still run."""
    return ended.timed_out or ended.cancelled or not Path(spec.result_file).exists()
