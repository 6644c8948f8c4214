"""Each variable that is looked up by name stands for exactly one thing; a deployment fails on none and on several."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.facts.lookups import lookups_of
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.workspace.refusing import Refusal

_NAME = "lookup"
_MAKE = {
    "service_principal": (
        Role.ACCOUNT_ADMIN,
        "databricks account service-principals create --display-name {name} --active",
        "and add it to this workspace: databricks account workspace-assignment update; then ask again: grants need its application id",
    ),
    "cluster_policy": (
        Role.WORKSPACE_ADMIN,
        "databricks cluster-policies create --json @policy.json",
        "its name: {name}",
    ),
    "instance_pool": (Role.WORKSPACE_ADMIN, "databricks instance-pools create {name} NODE_TYPE_ID", ""),
    "warehouse": (
        Role.WORKSPACE_ADMIN,
        "databricks warehouses create --name {name} --cluster-size 2X-Small",
        "",
    ),
}


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each lookup of a variable."""
    for name, (kind, looked_up) in lookups_of(wanted.bundle).items():
        if name not in facts.lookups:
            continue
        count, path = facts.lookups[name], f"variables.{name}.lookup"
        subject, place = f"{kind.replace('_', ' ')} {looked_up}", wanted.place(path)
        if isinstance(count, Refusal):
            ask = Who(Role.WORKSPACE_ADMIN)
            yield not_known(_NAME, subject, count, ask=ask, path=path, location=place)
        elif count == 1:
            yield Finding(_NAME, Status.OK, subject, f"found, for variable {name}", path, place)
        elif count == 0:
            step = _step(kind, looked_up)
            yield Finding(_NAME, Status.MISSING, subject, "there is none of this name", path, place, (step,))
        else:
            step = Step(Who(Role.DEVELOPER), (f"set the id in place of the lookup: {name}: ID",))
            yield Finding(_NAME, Status.MISSING, subject, f"{count} have this name", path, place, (step,))


def _step(kind: str, name: str) -> Step:
    if kind not in _MAKE:
        return Step(
            Who(Role.DEVELOPER),
            (f"name an existing {kind.replace('_', ' ')} in the lookup, or make this one",),
        )
    role, command, because = _MAKE[kind]
    return Step(Who(role), (command.format(name=quote(name)),), because=because.format(name=name))
