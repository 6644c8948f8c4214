"""What is missing: USE for a grant to have an effect, and what somebody needs for their work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from databricks_utils.catalog.grants.checks.problem import Check, Problem, all_grants, members_of, problem_of
from databricks_utils.catalog.grants.decision import Missing
from databricks_utils.catalog.grants.principals import PrincipalKind
from databricks_utils.catalog.grants.privileges import MANAGE, USE, named
from databricks_utils.catalog.grants.rules import decide
from databricks_utils.catalog.grants.securables import Securable, SecurableKind
from databricks_utils.catalog.grants.state import AccessState, Grant

_UNKNOWN = "no member of `{}` is known; whoever is also in one of these has USE: {} (`principals.users` of the configuration says who is)"
_OBJECT = 3  # parts of the name of what holds nothing


@dataclass(frozen=True)
class Need:
    """What somebody has to have for something to work.

    Attributes:
        principal: Who.
        privilege: The privilege.
        securable: Where.
        because: What needs it, e.g. `job load reads the volume`.
    """

    principal: str
    privilege: str
    securable: Securable
    because: str


def grants_without_use(state: AccessState) -> Iterator[Problem]:
    """Yield each grant that has no effect, since USE CATALOG or USE SCHEMA is missing to whom it is granted, and to all of its members.

    A group of whom no member is known counts as one without USE, though its members may have it from another group: the detail says so.
    """
    for grant in all_grants(state):
        key = grant.principal.lower()
        if key not in state.principals.kinds:
            continue
        missing = _missing_use(state, key, grant)
        if missing and not _is_used_by_a_member(state, key, grant):
            words = grant.privilege.replace("_", " ")
            lacking = " and ".join(map(str, missing))
            summary = (
                f"{words} on {grant.securable} has no effect for `{grant.principal}`: {lacking} is missing"
            )
            fix = "\n".join(each.fix(grant.principal) for each in missing)
            problem = problem_of(Check.WITHOUT_USE, grant, summary, fix=fix, missing=missing)
            others = _others_with_use(state, key, missing)
            yield (
                replace(problem, detail=_UNKNOWN.format(grant.principal, ", ".join(others)))
                if others
                else problem
            )


def _is_used_by_a_member(state: AccessState, principal: str, grant: Grant) -> bool:
    """Return whether a known member of a group has the USE that the group lacks."""
    return not all(_missing_use(state, member, grant) for member in members_of(state, principal))


def _others_with_use(state: AccessState, principal: str, missing: list[Missing]) -> list[str]:
    """Return the groups that have the USE which a group lacks; nothing for whom members are known, or for no group."""
    kinds = state.principals.kinds
    if kinds[principal] is not PrincipalKind.GROUP or members_of(state, principal):
        return []
    groups = [name for name, kind in kinds.items() if kind is PrincipalKind.GROUP and name != principal]
    return sorted(name for name in groups if all(_is_granted(state, name, each) for each in missing))


def _is_granted(state: AccessState, principal: str, use: Missing) -> bool:
    """Return whether a principal was granted USE, not only as an owner: an owner needs no group."""
    found = decide(state, principal=principal, privilege=use.privilege, securable=use.securable)
    return any(reason.granted for reason in found.reasons)


def lacking(state: AccessState, *, needs: Iterable[Need]) -> Iterator[Problem]:
    """Yield what somebody needs and does not have; needs of unknown principals are skipped.

    Args:
        state: What is owned and granted.
        needs: What is needed.
    """
    for need in needs:
        if need.principal.lower() not in state.principals.kinds:
            continue
        decision = decide(state, principal=need.principal, privilege=need.privilege, securable=need.securable)
        if not decision.allowed:
            missing = " and ".join(map(str, decision.missing))
            yield Problem(
                Check.LACKS,
                decision.principal,
                decision.privilege,
                need.securable,
                f"`{decision.principal}` lacks {missing}: {need.because}",
                decision.fix,
                missing=decision.missing,
            )


def _missing_use(state: AccessState, principal: str, grant: Grant) -> list[Missing]:
    """Return the USE that a principal lacks for what was granted; on a catalog also that of its schemas, if it has it on none."""
    decision = decide(state, principal=principal, privilege=grant.privilege, securable=grant.securable)
    missing = [each for each in decision.missing if each.privilege in USE.values()]
    if grant.securable.kind is SecurableKind.CATALOG and _is_of_objects(grant.privilege):
        use = USE[SecurableKind.SCHEMA]
        schemas = (place for place in state.owners if place.above[-1:] == (grant.securable,))
        if not any(
            decide(state, principal=principal, privilege=use, securable=place).reasons
            for place in (grant.securable, *schemas)
        ):
            missing.append(Missing(use, grant.securable))
    return missing


def _is_of_objects(name: str) -> bool:
    """Whether a privilege is used on what is in schemas, or on schemas themselves, and needs USE SCHEMA."""
    privilege = named(name)
    kinds = {kind.parts for kind in privilege.used_on}
    return name not in (*USE.values(), MANAGE, "BROWSE") and max(kinds, default=0) >= _OBJECT
