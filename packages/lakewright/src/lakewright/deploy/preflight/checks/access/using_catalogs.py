"""Those that the bundle grants to may use the catalogs and schemas around it; else its grants have no effect."""

from __future__ import annotations

from collections.abc import Iterator

from databricks_utils.catalog.grants import Grant, Securable, SecurableKind, UnknownPrincipalError, decide
from lakewright.deploy.preflight.checks.access.granting import granting
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.facts.facts import Person
from lakewright.deploy.preflight.finding import Finding, Role, Status, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted

_NAME = "use of catalogs"
_USE = {SecurableKind.CATALOG: "USE_CATALOG", SecurableKind.SCHEMA: "USE_SCHEMA"}


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield one finding for each catalog or schema around the objects of the bundle."""
    for place in wanted.outside:
        users = _users(place, wanted, facts)
        if not users or place in facts.unread_objects:
            continue  # that it is not shown is a finding of its own
        path = wanted.path_of(place)
        location = wanted.place(path)
        lacking = tuple(
            Grant(name, _USE[place.kind], place) for name in _without_members(users, place, wanted, facts)
        )
        if not lacking:
            yield Finding(
                _NAME, Status.OK, str(place), f"{len(users)} that need it may use it", path, location
            )
        elif place in facts.unread_grants:
            ask = Who(Role.OWNER, of=str(place), name=facts.owners.get(place) or "")
            yield not_known(
                _NAME, str(place), facts.unread_grants[place], ask=ask, path=path, location=location
            )
        else:
            names = ", ".join(each.principal for each in lacking[:3]) + (", …" if len(lacking) > 3 else "")
            summary = f"{len(lacking)} of {len(users)} may not use it: {names}"
            yield Finding(
                _NAME, Status.MISSING, str(place), summary, path, location, (granting(lacking, facts),)
            )


def _users(place: Securable, wanted: Wanted, facts: Facts) -> list[str]:
    """Return who is granted something in a catalog or a schema, and whom jobs with data run as, without who deploys."""
    names = [
        each.grant.principal for each in wanted.objects.grants if place in each.grant.securable.above
    ] + [
        runner.principal
        for runner in wanted.runners
        if runner.has_data and place.kind is SecurableKind.CATALOG
    ]
    own = {facts.me.name.lower(), ""}
    found = {name.lower(): name for name in names if name.lower() not in own and "${" not in name}
    return list(found.values())


def _without_members(users: list[str], place: Securable, wanted: Wanted, facts: Facts) -> list[str]:
    """Return who may not use a place, without those whose groups are to be granted it: memberships are a check of their own."""
    lacking = [name for name in users if not _may_use(name, place, facts)]
    groups = {name.lower() for name in lacking}
    return [name for name in lacking if not (_groups(name, wanted, facts) & groups)]


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
