"""The users, service principals and groups that the bundle names exist and are active; Unity Catalog knows those that it grants to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from shlex import quote

from databricks_utils.catalog.grants import PrincipalKind
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.facts.facts import Person
from lakewright.deploy.preflight.facts.lookups import names_not_found
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.deploy.preflight.wanted.principals import WantedPrincipal
from lakewright.workspace.refusing import Refusal

_NAME = "principal"
_CREATE = {
    PrincipalKind.GROUP: "databricks account groups create --display-name {name}",
    PrincipalKind.USER: "databricks account users create --user-name {name} --active",
    PrincipalKind.SERVICE_PRINCIPAL: "databricks account service-principals create --display-name {name} --active",
}
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each principal that is missing or cannot be used, and one for the others."""
    fine = 0
    looked_up = names_not_found(wanted.bundle, facts.lookups)
    for each in wanted.principals:
        if each.name in looked_up:
            continue  # that lookup is a finding of its own
        found = facts.person(each.name)
        subject, place = f"{str(each.kind).replace('_', ' ')} {each.name}", wanted.place(each.path)
        if isinstance(found, Refusal):
            ask = Who(Role.WORKSPACE_ADMIN)
            yield not_known(_NAME, subject, found, ask=ask, path=each.path, location=place)
        elif found is None:
            summary = "this workspace does not know it"
            yield Finding(_NAME, Status.MISSING, subject, summary, each.path, place, (_create(each, facts),))
        elif not found.is_active:
            step = Step(Who(Role.ACCOUNT_ADMIN), (_activate(found),))
            yield Finding(_NAME, Status.MISSING, subject, "it is not active", each.path, place, (step,))
        elif each.is_granted and not found.is_of_account:
            summary = "it is a group of this workspace alone, which Unity Catalog does not know"
            yield Finding(_NAME, Status.MISSING, subject, summary, each.path, place, (_create(each, facts),))
        else:
            fine += 1
    if fine:
        yield Finding(_NAME, Status.OK, "principals", f"{fine} that the bundle names exist and are active")


def _create(each: WantedPrincipal, facts: Facts) -> Step:
    workspace = quote(facts.me.workspace_id or "WORKSPACE_ID")
    permissions = quote(json.dumps({"permissions": ["USER"]}))
    return Step(
        Who(Role.ACCOUNT_ADMIN),
        (
            _CREATE[each.kind].format(name=quote(each.name)),
            f"databricks account workspace-assignment update {workspace} {quote(f'ID_OF_{each.name}')} --json {permissions}",
        ),
        because="do not make what the account has already; ID_OF_… is the id in the answer of the command that makes it. "
        "Where an identity provider keeps the account's principals, make them there",
    )


def _activate(person: Person) -> str:
    body = {"schemas": [_PATCH], "Operations": [{"op": "replace", "path": "active", "value": True}]}
    what = "users" if person.kind is PrincipalKind.USER else "service-principals"
    return f"databricks account {what} patch {quote(person.id or 'ID')} --json {quote(json.dumps(body))}"
