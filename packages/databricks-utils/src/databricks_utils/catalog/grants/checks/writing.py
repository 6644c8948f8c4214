"""BI tools read: no grant, no group and no object of theirs may let them write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from databricks_utils.catalog.grants.checks.problem import (
    Check,
    Problem,
    all_grants,
    members_of,
    problem_of,
    revoked,
    through,
)
from databricks_utils.catalog.grants.principals import PrincipalKind
from databricks_utils.catalog.grants.privileges import ALL_PRIVILEGES, MANAGE, MODIFY
from databricks_utils.catalog.grants.state import AccessState

_WRITING = frozenset({MODIFY, "WRITE_VOLUME", MANAGE, ALL_PRIVILEGES})


def bi_writes(state: AccessState, *, principals: Iterable[str]) -> Iterator[Problem]:
    """Yield each grant, and each object owned, that lets a BI tool write: its own, or of a group that it is in. USE does not count.

    Args:
        state: What is owned and granted.
        principals: Names of the groups and service principals that BI tools use; the service principals in such a group count too.
    """
    for name in _with_robots(state, principals):
        ways = state.principals.paths(name)
        shown = state.principals.shown[name]
        for grant in all_grants(state):
            if grant.principal.lower() in ways and _writes(grant.privilege):
                groups = through(ways[grant.principal.lower()])
                words = grant.privilege.replace("_", " ")
                summary = f"BI principal `{shown}` can write: {words} on {grant.securable}{groups}"
                yield problem_of(Check.BI_CAN_WRITE, grant, summary, fix=revoked(grant), principal=shown)
        for securable, owner in state.owners.items():
            if owner is not None and owner in ways:
                summary = f"BI principal `{shown}` can write: it owns {securable}{through(ways[owner])}"
                fix = f"ALTER {securable.sql} OWNER TO another principal"
                yield Problem(Check.BI_CAN_WRITE, shown, "", securable, summary, fix)


def _with_robots(state: AccessState, principals: Iterable[str]) -> list[str]:
    """Return the known ones of some principals, and the service principals in the groups among them."""
    kinds = state.principals.kinds
    known = [name.lower() for name in principals if name.lower() in kinds]
    robots = [
        member
        for name in known
        for member in sorted(members_of(state, name))
        if kinds[member] is PrincipalKind.SERVICE_PRINCIPAL
    ]
    return list(dict.fromkeys([*known, *robots]))


def _writes(privilege: str) -> bool:
    return privilege in _WRITING or privilege.startswith("CREATE")
