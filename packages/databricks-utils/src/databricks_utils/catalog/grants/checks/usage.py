"""What is missing: USE for a grant to have an effect, and what somebody needs for their work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from databricks_utils.catalog.grants.checks.problem import Check, Problem, all_grants, members_of, problem_of
from databricks_utils.catalog.grants.decision import Missing
from databricks_utils.catalog.grants.principals import PrincipalKind
from databricks_utils.catalog.grants.privileges import MANAGE, USE, named
from databricks_utils.catalog.grants.rules import decide
from databricks_utils.catalog.grants.securables import Securable, SecurableKind
from databricks_utils.catalog.grants.state import AccessState, Grant

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

    Members of a group who are not known may have USE from another group: such a grant counts if nobody has the USE that is missing.
    """
    for grant in all_grants(state):
        key = grant.principal.lower()
        if key not in state.principals.kinds:
            continue
        missing = _missing_use(state, key, grant)
        if missing and not _may_be_used(state, key, grant, missing):
            words = grant.privilege.replace("_", " ")
            lacking = " and ".join(map(str, missing))
            summary = (
                f"{words} on {grant.securable} has no effect for `{grant.principal}`: {lacking} is missing"
            )
            fix = "\n".join(each.fix(grant.principal) for each in missing)
            yield problem_of(Check.WITHOUT_USE, grant, summary, fix=fix, missing=missing)


def _may_be_used(state: AccessState, principal: str, grant: Grant, missing: list[Missing]) -> bool:
    """Return whether a member of a group, or one who is not known, may have the USE that the group lacks."""
    members = members_of(state, principal)
    if members or state.principals.kinds[principal] is not PrincipalKind.GROUP:
        return not all(_missing_use(state, member, grant) for member in members)
    others = state.principals.kinds.keys() - {principal}
    return all(any(_is_granted(state, other, each) for other in others) for each in missing)


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
