"""An exception of project code as a person sees it: notebook, cell, line, source; no frames of ours."""

from __future__ import annotations

import linecache
import re
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from databricks_utils.errors import DiagnosedError
from lakewright.runner.execution.requirements import fix_of_missing_module
from lakewright.runner.handover.task_spec import Problem
from lakewright.spark_refusals import read_refusal

if TYPE_CHECKING:
    from lakewright.runner.inside.stage import Stage

_OWN = Path(__file__).parent.parent
_LONGEST = 2000
_WANTS_A_WORKSPACE = (
    "cannot configure default credentials",  # databricks-sdk
    "Databricks credential configuration failed",  # mlflow
)
_JVM_NOISE = re.compile(r"\n\s*JVM stacktrace:.*", re.DOTALL)


@dataclass(frozen=True)
class Described:
    """A problem, and the trace for the log."""

    problem: Problem
    traceback: str


def describe(error: BaseException, stage: Stage) -> Described:
    """Describe an exception by the place in project code where it came from."""
    frames = [
        frame for frame in traceback.extract_tb(_visible(error.__traceback__)) if _is_visible(frame.filename)
    ]
    own = [frame for frame in frames if _is_project(frame.filename, stage)]
    place = (own or frames)[-1] if frames else None
    if isinstance(error, SyntaxError) and error.filename:
        place = traceback.FrameSummary(
            error.filename, error.lineno or 1, "<module>", line=(error.text or "").strip()
        )
    location = where(place.filename, place.lineno or 1, stage) if place else None
    line = (place.line or "").strip() if place else ""
    trace = "\n".join([*_trace_lines(frames, stage), _headline(error, _LONGEST * 4)])
    return Described(_problem(error, location, line, stage), trace)


def where(filename: str, line: int, stage: Stage) -> str:
    """`notebooks/x.py:17 (cell 3)`: the file as seen from the project, and the cell in a notebook."""
    shown = _shown(filename, stage)
    for first, last, number in stage.cells.get(filename, ()):
        if first <= line <= last:
            if shown.endswith(f" cell {number}"):  # an `.ipynb` counts the lines of each cell anew
                return f"{shown}, line {line}"
            return f"{shown}:{line} (cell {number})"
    return f"{shown}:{line}"


def _problem(error: BaseException, location: str | None, line: str, stage: Stage) -> Problem:
    code = f"> {line}" if line else None
    if isinstance(error, DiagnosedError):
        other = error.location if location else None  # what the error speaks of, besides where it was raised
        detail = "\n".join(part for part in (error.detail, other, code) if part)
        return Problem(error.summary, detail or None, location or error.location, error.fix, error.docs)
    headline = _headline(error, _LONGEST)
    first, _, rest = headline.partition("\n")
    refusal = read_refusal(error) if _is_sparks(error) else None
    if refusal:
        first, rest = f"{type(error).__name__}: {refusal.summary}"[:_LONGEST], refusal.detail or ""
    detail = "\n".join(part for part in (code, rest.strip()) if part)
    fix = refusal.fix if refusal else None
    if any(words in headline for words in _WANTS_A_WORKSPACE):
        fix = (
            "the call asks a workspace, and a local run contacts none: keep it in a task that only runs there"
        )
    if isinstance(error, ModuleNotFoundError):
        fix = fix_of_missing_module(error.name, stage.spec.lacking)
    return Problem(first, detail or None, location, fix)


def _is_sparks(error: BaseException) -> bool:
    return any(kind.__module__.startswith("pyspark.errors") for kind in type(error).__mro__)


def _headline(error: BaseException, limit: int) -> str:
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - a broken __str__ must not hide the error
        message = "(its message cannot be shown)"
    message = _JVM_NOISE.sub("", message).strip()
    text = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return text if len(text) <= limit else f"{text[:limit]} …"


def _trace_lines(frames: list[traceback.FrameSummary], stage: Stage) -> list[str]:
    lines = ["Traceback (most recent call last):"]
    for frame in frames:
        lines.append(f"  {where(frame.filename, frame.lineno or 1, stage)}, in {frame.name}")
        if frame.line:
            lines.append(f"    {frame.line.strip()}")
    return lines


def _visible(trace: TracebackType | None) -> TracebackType | None:
    """Without the frames of the runner at the beginning."""
    while trace is not None and not _is_visible(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    linecache.checkcache()
    return trace


def _is_visible(filename: str) -> bool:
    return not Path(filename).is_relative_to(_OWN) and not filename.startswith("<frozen")


def _is_project(filename: str, stage: Stage) -> bool:
    if filename in stage.cells:
        return True
    return Path(filename).is_relative_to(stage.spec.root) and "site-packages" not in filename


def _shown(filename: str, stage: Stage) -> str:
    path = Path(filename)
    return str(path.relative_to(stage.spec.root)) if path.is_relative_to(stage.spec.root) else filename
