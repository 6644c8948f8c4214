"""Findings about the wheels of our packages: what lies in `wheels/` against the lock beside it."""

from collections.abc import Iterator
from pathlib import Path

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.code.wheel_not_as_locked import WheelNotAsLocked
from lakewright.wheels.errors import WheelError
from lakewright.wheels.lock import lock_file, read_lock
from lakewright.wheels.problems import wheel_problems


def locked_wheel_findings(root: Path) -> Iterator[Diagnostic]:
    """Yield the wheels of a project that are not as its lock describes them; none without a lock."""
    file = lock_file(root)
    try:
        lock = read_lock(root)
    except WheelError as error:
        yield WheelNotAsLocked.of(error.summary, Location(file, 1, 1), error.fix, error.detail)
        return
    if lock is None:
        return
    lines = file.read_text(encoding="utf-8").splitlines()
    for problem in wheel_problems(root, lock):
        name = Path(problem.file).name
        named = (number for number, line in enumerate(lines, 1) if name in line)
        yield WheelNotAsLocked.of(problem.summary, Location(file, next(named, 1), 1), problem.fix)
