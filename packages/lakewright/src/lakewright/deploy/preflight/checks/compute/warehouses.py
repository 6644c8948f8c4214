"""The SQL warehouses that tasks, dashboards and alerts name exist."""

from __future__ import annotations

from collections.abc import Iterator

from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.workspace.refusing import Refusal

_NAME = "SQL warehouse"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each warehouse that the bundle names by its id."""
    for each in wanted.compute.warehouses:
        subject, place = f"{_NAME} {each.name}", wanted.place(each.path)
        found = facts.warehouses.get(each.name)
        if isinstance(found, Refusal):
            ask = Who(Role.WORKSPACE_ADMIN)
            yield not_known(_NAME, subject, found, ask=ask, path=each.path, location=place)
        elif found is not None:
            yield Finding(_NAME, Status.OK, subject, f"it exists: {found}", each.path, place)
        else:
            step = Step(
                Who(Role.DEVELOPER),
                ("databricks warehouses list",),
                because="name one of these by its id, or a workspace admin gives who deploys CAN_USE on it",
            )
            summary = "it does not exist, or who deploys may not see it"
            yield Finding(_NAME, Status.MISSING, subject, summary, each.path, place, (step,))
