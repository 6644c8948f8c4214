"""An exception of project code as a person needs it: notebook, cell, line, source; without frames of the runner."""

from __future__ import annotations

import linecache
import re
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from databricks_utils.errors import DiagnosedError
from lakewright.runner.handover.problem import Problem
from lakewright.runner.inside.python_modules.code_places import CodePlaces
from lakewright.runner.inside.python_modules.missing_modules import fix_of_missing_module
from lakewright.spark_refusals import read_refusal

# The runner: its frames are not shown.
_OWN = Path(__file__).parent.parent
# Frames of Spark's client below the call in project code: they are the same for every statement that Spark refuses.
_CLIENT = ("pyspark", "py4j", "grpc")
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


def describe(error: BaseException, places: CodePlaces, *, lacking: Sequence[str] = ()) -> Described:
    """Describe an exception by the place in project code that raised it.

    Args:
        error: The exception.
        places: Where project code is.
        lacking: Wheels and packages that the task asks for and this machine lacks.
    """
    frames = [
        frame for frame in traceback.extract_tb(_visible(error.__traceback__)) if _is_visible(frame.filename)
    ]
    own = [frame for frame in frames if places.is_project(frame.filename)]
    place = (own or frames)[-1] if frames else None
    if isinstance(error, SyntaxError) and error.filename:
        place = traceback.FrameSummary(
            error.filename, error.lineno or 1, "<module>", line=(error.text or "").strip()
        )
    location = places.where(place.filename, place.lineno or 1) if place else None
    line = (place.line or "").strip() if place else ""
    shown = [frame for frame in frames if not _is_client(frame.filename)] if _is_sparks(error) else frames
    trace = "\n".join([*_trace_lines(shown or frames, places), _headline(error, _LONGEST * 4)])
    return Described(_problem(error, location, line, lacking), trace)


def _problem(error: BaseException, location: str | None, line: str, lacking: Sequence[str]) -> Problem:
    code = f"> {line}" if line else None
    if isinstance(error, DiagnosedError):
        other = error.location if location else None  # what the error is about, besides where it was raised
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
        fix = fix_of_missing_module(error.name, lacking)
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


def _trace_lines(frames: list[traceback.FrameSummary], places: CodePlaces) -> list[str]:
    lines = ["Traceback (most recent call last):"]
    for frame in frames:
        lines.append(f"  {places.where(frame.filename, frame.lineno or 1)}, in {frame.name}")
        if frame.line:
            lines.append(f"    {frame.line.strip()}")
    return lines


def _visible(trace: TracebackType | None) -> TracebackType | None:
    """Without the frames of the runner at the beginning."""
    while trace is not None and not _is_visible(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    linecache.checkcache()
    return trace


def _is_client(filename: str) -> bool:
    parts = Path(filename).parts
    return "site-packages" in parts and parts[parts.index("site-packages") + 1].startswith(_CLIENT)


def _is_visible(filename: str) -> bool:
    return not Path(filename).is_relative_to(_OWN) and not filename.startswith("<frozen")
