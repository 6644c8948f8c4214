"""Resources that Python code of the bundle adds or changes are not seen here, if the code was not executed."""

from __future__ import annotations

from collections.abc import Iterator

from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Who
from lakewright.deploy.preflight.wanted import Wanted


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:  # noqa: ARG001 - every check has these arguments
    """Yield one finding if Python code of the bundle was not executed."""
    if not wanted.bundle.python_left_out:
        return
    yield Finding(
        "python resources",
        Status.NOT_KNOWN,
        "resources in Python",
        "the code that adds or changes resources was not executed, so what it declares was not compared",
        "python",
        wanted.place("python"),
        ask=Who(Role.DEVELOPER),
    )
