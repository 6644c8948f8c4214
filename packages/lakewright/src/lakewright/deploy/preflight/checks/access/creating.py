"""Who deploys may make what the bundle declares in Unity Catalog, and may set grants on what exists."""

from __future__ import annotations

from collections.abc import Iterator

from databricks_utils.catalog.grants import Decision, Grant, Securable, SecurableKind, may_create, may_manage
from lakewright.deploy.preflight.checks.access.granting import granting
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.grants.resources import DeclaredObject

_NAME = "right to deploy"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield what is missing for making new objects and for changing those of earlier deployments, one finding for each holder."""
    missing: dict[Securable, dict[Grant, DeclaredObject]] = {}
    judged = 0
    for each in wanted.objects.objects:
        decision = _decision(each, wanted, facts)
        if decision is None:
            continue
        judged += 1
        for lack in decision.missing:
            place = lack.securable
            if lack.privilege != "OWNERSHIP":
                grant = Grant(facts.me.name, lack.privilege, place)
                missing.setdefault(place, {}).setdefault(grant, each)
    for place, grants in missing.items():
        yield _finding(place, grants, wanted, facts)
    if judged and not missing:
        yield Finding(
            _NAME, Status.OK, f"`{facts.me.shown}`", f"may make or change {judged} objects of Unity Catalog"
        )


def _decision(each: DeclaredObject, wanted: Wanted, facts: Facts) -> Decision | None:
    """Return whether who deploys may make or change an object; None where the question does not arise or has no answer."""
    place = each.securable
    if any(each in facts.unread_objects for each in (place, *place.above)):
        return None  # the catalog, or the object itself, is a finding of its own
    if place in facts.owners:  # of an earlier deployment; others are a question of binding
        is_own = each.path in facts.deployed
        return may_manage(facts.access, principal=facts.me.name, securable=place) if is_own else None
    if place.kind is SecurableKind.CATALOG:
        return None  # CREATE CATALOG is granted on the metastore, which is not read
    if place.above[-1] in wanted.objects.securables and place.above[-1] not in facts.owners:
        return None  # the deployment makes what holds it, and owns it
    return may_create(facts.access, principal=facts.me.name, securable=place)


def _finding(place: Securable, grants: dict[Grant, DeclaredObject], wanted: Wanted, facts: Facts) -> Finding:
    first = next(iter(grants.values()))
    words = ", ".join(each.privilege.replace("_", " ") for each in grants)
    subject = f"`{facts.me.shown}` on {place}"
    if place in facts.unread_grants and place in facts.unread_own_grants:
        ask = Who(Role.OWNER, of=str(place), name=facts.owners.get(place) or "")
        refusal = facts.unread_grants[place]
        return not_known(_NAME, subject, refusal, ask=ask, path=first.path, location=wanted.place(first.path))
    step = granting(tuple(grants), facts)
    return Finding(
        _NAME, Status.MISSING, subject, f"{words} is missing", first.path, wanted.place(first.path), (step,)
    )
