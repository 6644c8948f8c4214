"""Who deploys, and whom jobs run as, may use the workspace, its SQL and its clusters, as far as the bundle needs them.

An entitlement may come from a group; every member of the workspace is in `users`, and `admins` has all.
Source: https://docs.databricks.com/aws/en/security/auth/entitlements and
https://docs.databricks.com/aws/en/compute/sql-warehouse/create
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from shlex import quote

from databricks_utils.catalog.grants import PrincipalKind
from lakewright.deploy.preflight.checks.access.run_as import persons_of
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.facts.facts import Person
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.workspace.refusing import Kind, Refusal

_NAME = "entitlement"
_ACCESS, _SQL, _CLUSTERS = "workspace-access", "databricks-sql-access", "allow-cluster-create"
_OF_SQL = ("sql_warehouses", "dashboards")
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_PATHS = {PrincipalKind.USER: "users", PrincipalKind.SERVICE_PRINCIPAL: "service-principals"}


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each principal that lacks an entitlement, or one that all have what they need."""
    fine = True
    me = facts.person(facts.me.name)
    people = {**persons_of(wanted, facts), **({facts.me.name.lower(): me} if isinstance(me, Person) else {})}
    for person in people.values():
        if "admins" in person.groups or person.kind is PrincipalKind.GROUP:
            continue
        is_me = person.name.lower() == facts.me.name.lower()
        needed = [each for each in _needed(wanted, is_deployer=is_me) if each not in person.entitlements]
        missing = [each for each in needed if not _from_groups(each, person, facts)]
        if missing:
            fine = False
            yield _finding(person, missing, facts)
    if fine and people:
        yield Finding(
            _NAME, Status.OK, "entitlements", "who deploys and whom jobs run as have those that they need"
        )


def _needed(wanted: Wanted, *, is_deployer: bool) -> Iterator[str]:
    made = {each.section for each in wanted.made}
    if made & {"jobs", "pipelines", "experiments"}:
        yield _ACCESS
    if (is_deployer and made & set(_OF_SQL)) or (wanted.compute.warehouses and not is_deployer):
        yield _SQL
    has_free_clusters = any(not each.spec.get("policy_id") for each in wanted.compute.clusters)
    if has_free_clusters or (is_deployer and "sql_warehouses" in made):  # who makes a warehouse needs it too
        yield _CLUSTERS


def _from_groups(entitlement: str, person: Person, facts: Facts) -> bool:
    return any(
        isinstance(group, Person) and entitlement in group.entitlements
        for group in (facts.people.get(name.lower()) for name in (*person.groups, "users"))
    )


def _finding(person: Person, entitlements: list[str], facts: Facts) -> Finding:
    """Return what is missing; not known if a group that could give it was not shown."""
    subject = f"{str(person.kind).replace('_', ' ')} {person.name}"
    listed = ", ".join(entitlements)
    groups = {name: facts.people.get(name.lower()) for name in (*sorted(person.groups), "users")}
    unread = [
        f"group {name} is not shown"
        for name, group in groups.items()
        if not isinstance(group, Person) or not facts.shows(group, "entitlements")
    ]
    if not facts.shows(person, "entitlements") or not facts.shows(person, "groups"):
        unread = ["its groups and entitlements are not shown"]
    if unread:
        refusal = Refusal(Kind.DENIED, f"{unread[0]}, which may give {listed}")
        return not_known(_NAME, subject, refusal, ask=Who(Role.WORKSPACE_ADMIN))
    body = {
        "schemas": [_PATCH],
        "Operations": [
            {"op": "add", "path": "entitlements", "value": [{"value": each} for each in entitlements]}
        ],
    }
    command = (
        f"databricks {_PATHS[person.kind]} patch {quote(person.id or 'ID')} --json {quote(json.dumps(body))}"
    )
    step = Step(Who(Role.WORKSPACE_ADMIN), (command,), because="or give it to one of its groups")
    return Finding(_NAME, Status.MISSING, subject, f"it lacks {listed}", steps=(step,))
