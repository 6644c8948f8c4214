"""Those that the bundle grants to may use the catalogs and schemas around it; else its grants have no effect."""

from __future__ import annotations

from collections.abc import Iterator

from databricks_utils.catalog.grants import (
    Grant,
    PrincipalKind,
    Securable,
    SecurableKind,
    UnknownPrincipalError,
    decide,
)
from lakewright.deploy.preflight.checks.access.granting import granting
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.facts.facts import Person
from lakewright.deploy.preflight.facts.lookups import names_not_found
from lakewright.deploy.preflight.finding import Finding, Role, Status, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.workspace.refusing import Kind, Refusal

_NAME = "use of catalogs"
_USE = {SecurableKind.CATALOG: "USE_CATALOG", SecurableKind.SCHEMA: "USE_SCHEMA"}


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield what is missing or not known for each catalog or schema around the objects of the bundle."""
    for place in wanted.outside:
        users = _users(place, wanted, facts)
        if users and place not in facts.unread_objects:  # that it is not shown is a finding of its own
            yield from _of_place(place, users, wanted, facts)


def _of_place(place: Securable, users: list[str], wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    path = wanted.path_of(place)
    location = wanted.place(path)
    without = _without_members(users, place, wanted, facts)
    lacking = [name for name in without if _is_judged(name, facts)]
    unclear = [name for name in without if name not in lacking]
    if not without:
        yield Finding(_NAME, Status.OK, str(place), f"{len(users)} that need it may use it", path, location)
    elif place in facts.unread_grants:
        ask = Who(Role.OWNER, of=str(place), name=facts.owners.get(place) or "")
        refusal = facts.unread_grants[place]
        yield not_known(_NAME, str(place), refusal, ask=ask, path=path, location=location)
        return
    if lacking:
        names = ", ".join(lacking[:3]) + (", …" if len(lacking) > 3 else "")
        summary = f"{len(lacking)} of {len(users)} may not use it: {names}"
        grants = tuple(Grant(name, _USE[place.kind], place) for name in lacking)
        steps = (granting(grants, facts),)
        yield Finding(_NAME, Status.MISSING, str(place), summary, path, location, steps)
    if unclear:
        refusal = Refusal(Kind.DENIED, f"the groups of {', '.join(unclear)}, which may use it")
        ask = Who(Role.WORKSPACE_ADMIN)
        yield not_known(_NAME, str(place), refusal, ask=ask, path=path, location=location)


def _users(place: Securable, wanted: Wanted, facts: Facts) -> list[str]:
    """Return who is granted something in a catalog or a schema, and whom jobs with data run as, without who deploys."""
    names = [
        each.grant.principal for each in wanted.objects.grants if place in each.grant.securable.above
    ] + [
        runner.principal
        for runner in wanted.runners
        if runner.has_data and place.kind is SecurableKind.CATALOG
    ]
    own = {facts.me.name.lower(), "", *map(str.lower, names_not_found(wanted.bundle, facts.lookups))}
    found = {name.lower(): name for name in names if name.lower() not in own and "${" not in name}
    return list(found.values())


def _without_members(users: list[str], place: Securable, wanted: Wanted, facts: Facts) -> list[str]:
    """Return who may not use a place, without those whose groups are to be granted it: memberships are a check of their own."""
    lacking = [name for name in users if not _may_use(name, place, facts)]
    groups = {name.lower() for name in lacking}
    return [name for name in lacking if not (_groups(name, wanted, facts) & groups)]


def _is_judged(name: str, facts: Facts) -> bool:
    """Whether the groups of a user or service principal are known, so that it can be said to lack something."""
    person = facts.person(name)
    is_group = isinstance(person, Person) and person.kind is PrincipalKind.GROUP
    return not isinstance(person, Person) or is_group or facts.shows(person, "groups")


def _groups(name: str, wanted: Wanted, facts: Facts) -> set[str]:
    """Return the groups of a principal, as the configuration wants them and as they are, in lower case."""
    person = facts.person(name)
    names = {name.lower()} | ({person.shown.lower()} if isinstance(person, Person) else set())
    found = {group.lower() for group in person.groups} if isinstance(person, Person) else set()
    waiting = set(names)
    while waiting:
        outer = {
            group.lower()
            for member, groups in wanted.memberships.items()
            if member.lower() in waiting
            for group in groups
        }
        waiting = outer - found
        found |= outer
    return found - names


def _may_use(name: str, place: Securable, facts: Facts) -> bool:
    try:
        use = _USE[place.kind]
        return decide(facts.access, principal=name, privilege=use, securable=place).allowed
    except UnknownPrincipalError:
        return False
