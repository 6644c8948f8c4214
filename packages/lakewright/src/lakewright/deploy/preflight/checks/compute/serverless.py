"""Serverless compute for jobs: no API says whether the account has it, so this says who knows."""

from __future__ import annotations

from collections.abc import Iterator

from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Who
from lakewright.deploy.preflight.wanted import Wanted

_NAME = "serverless"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:  # noqa: ARG001 - every check has these arguments
    """Yield one finding if any job or pipeline runs on serverless compute."""
    path = wanted.compute.serverless
    if path is None:
        return
    yield Finding(
        _NAME,
        Status.NOT_KNOWN,
        "serverless compute",
        "no API says whether this workspace has serverless compute for jobs; the first run shows it",
        path,
        wanted.place(path),
        ask=Who(Role.ACCOUNT_ADMIN),
        can_be_asked=False,
    )
