"""Single grants and owners: unknown names, privileges that do not fit, ALL PRIVILEGES, objects of persons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from databricks_utils.catalog.grants.checks.problem import Check, Problem, all_grants, problem_of
from databricks_utils.catalog.grants.errors import GrantsError
from databricks_utils.catalog.grants.principals import PrincipalKind
from databricks_utils.catalog.grants.privileges import ALL_PRIVILEGES, grantable
from databricks_utils.catalog.grants.state import AccessState, Grant


def refusals(grants: Iterable[Grant]) -> dict[Grant, GrantsError]:
    """Return the grants that no workspace takes, each with its error: an unknown privilege, or one that does not fit the object.

    Args:
        grants: What was declared.
    """
    found: dict[Grant, GrantsError] = {}
    for grant in grants:
        try:
            grantable(grant.privilege, grant.securable.kind)
        except GrantsError as error:
            found[grant] = error
    return found


def unknown_principals(state: AccessState) -> Iterator[Problem]:
    """Yield each grantee of an object who is not in the directory, with one of the grants."""
    seen = set()
    for grant in all_grants(state):
        who = (grant.principal, grant.securable)
        try:
            state.principals.require(grant.principal)
        except GrantsError as error:
            if who not in seen:
                fix = error.fix or "declare it"
                yield problem_of(Check.UNKNOWN_PRINCIPAL, grant, error.summary, fix=fix)
            seen.add(who)


def owned_by_people(state: AccessState) -> Iterator[Problem]:
    """Yield each object that a user owns, not a group or a service principal."""
    for securable, owner in sorted(state.owners.items(), key=lambda each: each[0].parts):
        if owner is not None and state.principals.kinds.get(owner) is PrincipalKind.USER:
            shown = state.principals.shown[owner]
            summary = f"a person owns {securable}: `{shown}`"
            fix = f"ALTER {securable.sql} OWNER TO a group or a service principal"
            yield Problem(Check.OWNED_BY_PERSON, shown, "", securable, summary, fix)


def all_privileges_granted(state: AccessState) -> Iterator[Problem]:
    """Yield each grant of ALL PRIVILEGES: it gives what will be added to the object, and privileges that are added to the list."""
    for grant in all_grants(state):
        if grant.privilege == ALL_PRIVILEGES:
            summary = f"`{grant.principal}` has ALL PRIVILEGES on {grant.securable}"
            fix = (
                "grant what is needed, e.g. `USE_SCHEMA, SELECT` to read and `MODIFY, CREATE_TABLE` to write"
            )
            yield problem_of(Check.ALL_PRIVILEGES_GRANTED, grant, summary, fix=fix)
