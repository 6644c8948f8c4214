"""The principals of `config/<environment>.yaml` are in the groups that it says: jobs have their rights from these.

A principal is named by what the bundle grants to, by the name of a service principal, or by that of a group.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from shlex import quote

from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.facts.facts import Person
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.workspace.refusing import Kind, Refusal

_NAME = "membership"
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each membership that is not there, and one for the others."""
    by_name = {each.shown.lower(): each for each in facts.people.values() if isinstance(each, Person)}
    fine = 0
    for member, groups in wanted.memberships.items():
        found = facts.people.get(member.lower()) or by_name.get(member.lower())
        if isinstance(found, Refusal):
            yield not_known(_NAME, f"groups of {member}", found, ask=Who(Role.ACCOUNT_ADMIN))
            continue
        missing = [group for group in groups if not (found and _is_member(found, group, facts))]
        if found and missing and not facts.shows(found, "groups"):
            refusal = Refusal(Kind.DENIED, f"whether it is in {', '.join(missing)}")
            yield not_known(_NAME, f"groups of {member}", refusal, ask=Who(Role.WORKSPACE_ADMIN))
            continue
        fine += len(groups) - len(missing)
        if missing:
            steps = tuple(_step(member, found, group, facts) for group in missing)
            summary = (
                f"it is not in {', '.join(missing)}, as config/{wanted.bundle.environment}.yaml wants it"
            )
            yield Finding(_NAME, Status.MISSING, f"groups of {member}", summary, steps=steps)
    if fine:
        yield Finding(_NAME, Status.OK, "groups", f"{fine} memberships are as config/ wants them")


def _is_member(person: Person, group: str, facts: Facts) -> bool:
    """Whether the workspace shows a membership, with the member or with the group."""
    known = facts.people.get(group.lower())
    is_listed = isinstance(known, Person) and bool(person.id) and person.id in known.members
    return is_listed or group.lower() in {name.lower() for name in person.groups}


def _step(member: str, found: Person | None, group: str, facts: Facts) -> Step:
    known = facts.people.get(group.lower())
    number = known.id if isinstance(known, Person) else f"ID_OF_{group}"
    value = found.id if found else f"ID_OF_{member}"
    body = {
        "schemas": [_PATCH],
        "Operations": [{"op": "add", "path": "members", "value": [{"value": value}]}],
    }
    command = f"databricks account groups patch {quote(number)} --json {quote(json.dumps(body))}"
    because = "ID_OF_… is the id in the answer of the command that makes it. Where an identity provider keeps the groups, do it there"
    return Step(Who(Role.ACCOUNT_ADMIN), (command,), because=because)
