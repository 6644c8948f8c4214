"""Nobody else deploys at the moment, and no broken deployment has left its lock."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.workspace.refusing import Refusal

_NAME = "lock"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding if a deployment holds the lock; nothing before the first one."""
    subject = f"folder {wanted.state_path}"
    if isinstance(facts.lock, Refusal):
        yield not_known(_NAME, subject, facts.lock, ask=Who(Role.OWNER, of=f"folder {wanted.root_path}"))
    elif facts.lock is not None:
        step = Step(
            Who(Role.DEPLOYER),
            (f"databricks bundle deploy -t {quote(wanted.bundle.target)} --force-lock",),
            because="only if that deployment is not running any more: ask who holds the lock",
        )
        summary = f"`{facts.lock.user}` holds the lock since {facts.lock.since}"
        yield Finding(_NAME, Status.MISSING, subject, summary, steps=(step,))
    elif facts.state is not None:
        yield Finding(_NAME, Status.OK, subject, "nobody deploys")
