"""Unity Catalog's rules about who may use which privilege: the reference for everything that asks.

1. A privilege that is granted on a catalog or a schema is inherited by all that is in it; one on the metastore is not.
   Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#inheritance
2. ALL PRIVILEGES is every privilege that fits, when it is asked for; not MANAGE, not EXTERNAL USE.
   Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference#all-privileges
3. A member of a group has what the group has. Everybody has what `account users` has.
   Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-principal
4. An owner has all privileges on the object itself but EXTERNAL USE, and MANAGE on all that is in it: not SELECT.
   Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#ownership
5. USE CATALOG and USE SCHEMA are needed on the way, by owners too; not for BROWSE.
   Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#usage-privileges
6. MANAGE needs USE only above the place where it is held.
   Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#manage-usage-requirements
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from databricks_utils.catalog.grants.decision import OWNERSHIP, Decision, Missing, Reason, Way
from databricks_utils.catalog.grants.privileges import (
    ALL_PRIVILEGES,
    MANAGE,
    USE,
    Privilege,
    Usage,
    misfit,
    named,
)
from databricks_utils.catalog.grants.securables import Securable, SecurableKind
from databricks_utils.catalog.grants.state import AccessState

_Paths = Mapping[str, tuple[str, ...]]


def decide(state: AccessState, *, principal: str, privilege: str, securable: Securable) -> Decision:
    """Return whether a principal may use a privilege on an object, why, and what is missing.

    For a catalog or a schema, a privilege that is used on what is in it asks for everything in it: SELECT on a schema is allowed to
    who may read all its tables by inheritance. The object need not exist: it has what it would inherit.

    Args:
        state: What is owned and granted.
        principal: Name of a user, a service principal or a group; a group stands for each of its members.
        privilege: Name of the privilege, in either spelling.
        securable: The object.

    Raises:
        UnknownPrincipalError: The principal is not declared.
        UnknownPrivilegeError: There is no such privilege.
        PrivilegeDoesNotFitError: It means nothing for an object of that kind.
    """
    asked = named(privilege)
    if not asked.asked_of(securable.kind):
        raise misfit(asked, securable.kind)
    paths = state.principals.paths(principal)
    reasons = tuple(_reasons(state, paths, asked, securable))
    missing = _without_use(state, paths, _usage(asked, securable, reasons))
    wanted = Missing(asked.name, _where_granted(asked, securable))
    if not reasons and wanted not in missing:
        missing.append(wanted)
    return Decision(_shown(state, principal), asked.name, securable, reasons, tuple(missing))


def decide_owner(state: AccessState, *, principal: str, securable: Securable) -> Decision:
    """Return whether a principal owns an object itself, alone or as a member of a group, with USE on the way.

    Args:
        state: What is owned and granted.
        principal: Name of a user, a service principal or a group.
        securable: The object.

    Raises:
        UnknownPrincipalError: The principal is not declared.
    """
    paths = state.principals.paths(principal)
    owner = state.owners.get(securable)
    owned = owner is not None and owner in paths
    reasons = (Reason(Way.OWNER, OWNERSHIP, securable, paths[str(owner)]),) if owned else ()
    missing = _without_use(state, paths, securable.above[1:])
    if not reasons:
        missing.append(Missing(OWNERSHIP, securable))
    return Decision(_shown(state, principal), OWNERSHIP, securable, reasons, tuple(missing))


def inherited_below(state: AccessState, *, principal: str, privilege: str, container: Securable) -> bool:
    """Return whether everything in a catalog or a schema has a right of the container too: an owner's own rights end there.

    Args:
        state: What is owned and granted.
        principal: Name of a principal.
        privilege: Name of the privilege.
        container: A catalog or a schema.
    """
    asked, paths = named(privilege), state.principals.paths(principal)
    found = _reasons(state, paths, asked, container)
    return any(reason.way is not Way.OWNER or asked.name == MANAGE for reason in found)


def _reasons(
    state: AccessState, paths: _Paths, privilege: Privilege, securable: Securable
) -> Iterator[Reason]:
    """Yield why a principal has a privilege, USE aside: from the object itself to the catalog, or for MANAGE to the metastore."""
    above = securable.above
    if _owned(state, paths, securable) and privilege.owner_has and securable.kind in privilege.used_on:
        yield Reason(Way.OWNER, privilege.name, securable, paths[str(state.owners[securable])])
    for place in (securable, *above[:0:-1]):
        yield from _grants(state, paths, privilege, place, securable.kind)
    if privilege.name == MANAGE:
        for place in reversed(above):
            if _owned(state, paths, place):
                yield Reason(Way.OWNER_ABOVE, MANAGE, place, paths[str(state.owners[place])])


def _grants(
    state: AccessState, paths: _Paths, privilege: Privilege, place: Securable, kind: SecurableKind
) -> Iterator[Reason]:
    implied = privilege.implied_by_all(on=place.kind, of=kind)
    for grantee, names in sorted(state.granted_on(place).items()):
        if grantee in paths:
            if privilege.name in names:
                yield Reason(Way.GRANT, privilege.name, place, paths[grantee])
            if implied and ALL_PRIVILEGES in names:
                yield Reason(Way.ALL_PRIVILEGES, privilege.name, place, paths[grantee])


def _owned(state: AccessState, paths: _Paths, securable: Securable) -> bool:
    return state.owners.get(securable) in paths


def _usage(privilege: Privilege, securable: Securable, reasons: Sequence[Reason]) -> tuple[Securable, ...]:
    """Return the catalogs and schemas on which the privilege needs USE, from the catalog down."""
    if privilege.use is Usage.NONE:
        return ()
    above = securable.above[1:]
    if privilege.use is Usage.MANAGE:
        highest = min((len(reason.securable.parts) for reason in reasons), default=len(securable.parts))
        return tuple(place for place in above if len(place.parts) < highest)
    return (*above, securable) if securable.kind in USE else above


def _without_use(state: AccessState, paths: _Paths, places: Sequence[Securable]) -> list[Missing]:
    """Return the USE that a principal lacks on catalogs and schemas."""
    needed = ((named(USE[place.kind]), place) for place in places)
    return [Missing(use.name, place) for use, place in needed if not any(_reasons(state, paths, use, place))]


def _where_granted(privilege: Privilege, securable: Securable) -> Securable:
    """Return the object, or the nearest one above it that the privilege can be granted on."""
    places = (securable, *reversed(securable.above))
    return next((place for place in places if place.kind in privilege.on), securable)


def _shown(state: AccessState, principal: str) -> str:
    return state.principals.shown[state.principals.require(principal)]
