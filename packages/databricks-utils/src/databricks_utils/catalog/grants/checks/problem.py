"""What checks find, as data, and what they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from databricks_utils.catalog.grants.decision import Missing
from databricks_utils.catalog.grants.principals import PrincipalKind
from databricks_utils.catalog.grants.securables import Securable
from databricks_utils.catalog.grants.state import AccessState, Grant
from databricks_utils.quoting import quote_part


class Check(StrEnum):
    """Kinds of problems."""

    UNKNOWN_PRINCIPAL = "unknown principal"
    BI_CAN_WRITE = "bi principal can write"
    PRODUCTION_READABLE = "production readable from development"
    WITHOUT_USE = "grant without use"
    OWNED_BY_PERSON = "owned by a person"
    ALL_PRIVILEGES_GRANTED = "all privileges granted"
    LACKS = "principal lacks a privilege"


@dataclass(frozen=True)
class Problem:
    """One thing that a check found.

    Attributes:
        check: Its kind.
        principal: Whom it is about, as it was declared.
        privilege: The privilege, or empty.
        securable: The object.
        summary: One line: what is wrong.
        fix: The statement or the step that fixes it.
        detail: Why, where the summary does not say it.
        grant: The grant that causes it, if one does.
        missing: What is missing, if that is the problem.
    """

    check: Check
    principal: str
    privilege: str
    securable: Securable
    summary: str
    fix: str
    detail: str = ""
    grant: Grant | None = None
    missing: tuple[Missing, ...] = ()


def all_grants(state: AccessState) -> Iterator[Grant]:
    """Yield all grants of a state, by object and principal; the names as they were declared, as far as they are known."""
    shown = state.principals.shown
    for securable in sorted(state.grants, key=lambda each: (each.parts, each.kind.value)):
        for principal, names in sorted(state.grants[securable].items()):
            for name in sorted(names):
                yield Grant(shown.get(principal, principal), name, securable)


def problem_of(  # noqa: PLR0913 - the fields of a problem
    check: Check,
    grant: Grant,
    summary: str,
    *,
    fix: str,
    principal: str | None = None,
    missing: Iterable[Missing] = (),
) -> Problem:
    """Return a problem that a grant causes; it is about whom the grant names, if nobody else is given."""
    return Problem(
        check,
        principal or grant.principal,
        grant.privilege,
        grant.securable,
        summary,
        fix,
        grant=grant,
        missing=tuple(missing),
    )


def members_of(state: AccessState, name: str) -> frozenset[str]:
    """Return the users and service principals in a group, in lower case; nobody for another principal."""
    is_group = state.principals.kinds[name] is PrincipalKind.GROUP
    return state.principals.members(name) if is_group else frozenset()


def through(way: tuple[str, ...]) -> str:
    """Return the groups on the way to a principal in words; empty if there are none."""
    return f", through {' → '.join(way)}" if len(way) > 1 else ""


def revoked(grant: Grant) -> str:
    """Return the statement that takes a grant back."""
    words = grant.privilege.replace("_", " ")
    return f"REVOKE {words} ON {grant.securable.sql} FROM {quote_part(grant.principal)}"
