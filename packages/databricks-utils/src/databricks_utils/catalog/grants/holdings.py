"""The rights of one principal, or on one object, each with the reasons for it: what `lakewright grants show` prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from databricks_utils.catalog.grants.decision import Decision, Missing, Reason
from databricks_utils.catalog.grants.effective import EffectiveRights
from databricks_utils.catalog.grants.folding import by_object, highest
from databricks_utils.catalog.grants.rules import decide
from databricks_utils.catalog.grants.securables import Securable
from databricks_utils.catalog.grants.state import AccessState


@dataclass(frozen=True)
class Holding:
    """One right that somebody has, or would have with what is missing.

    Attributes:
        principal: A user, a service principal or a group, as it was declared.
        privilege: Name of the privilege.
        securable: The object. A catalog or a schema stands for all that is in it.
        reasons: Why.
        missing: What is missing to use it, e.g. USE on the schema; empty if nothing is.
    """

    principal: str
    privilege: str
    securable: Securable
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def rights_of(state: AccessState, *, principal: str) -> tuple[Holding, ...]:
    """Return what a principal may do, by object; then what it was granted and cannot use.

    A right on all of a catalog or a schema is one entry, not one for each table.

    Args:
        state: What is owned and granted.
        principal: Name of a user, a service principal or a group.

    Raises:
        UnknownPrincipalError: The principal is not declared.
    """
    found = EffectiveRights(state).of(principal)
    rights = [(name, securable) for securable, names in found.items() for name in names]
    kept = sorted(highest(state, principal=principal, rights=rights), key=by_object)
    usable = (decide(state, principal=principal, privilege=name, securable=place) for name, place in kept)
    return (*map(_holding, usable), *_useless(state, principal))


def rights_on(state: AccessState, *, securable: Securable) -> tuple[Holding, ...]:
    """Return what everybody may do with one object, by principal; those without any right are left out.

    Args:
        state: What is owned and granted.
        securable: The object.

    Raises:
        UnknownSecurableError: The object does not exist.
    """
    decisions = (
        decide(state, principal=principal, privilege=name, securable=securable)
        for principal, names in sorted(EffectiveRights(state).on(securable).items())
        for name in sorted(names)
    )
    return tuple(map(_holding, decisions))


def _useless(state: AccessState, principal: str) -> Iterator[Holding]:
    """Yield what was granted to a principal or its groups and lacks USE, by object."""
    ways = state.principals.paths(principal)
    granted = {
        (name, place)
        for place, rows in state.grants.items()
        for grantee in rows.keys() & ways.keys()
        for name in rows[grantee]
    }
    for name, place in sorted(granted, key=by_object):
        decision = decide(state, principal=principal, privilege=name, securable=place)
        if not decision.allowed:
            yield _holding(decision)


def _holding(decision: Decision) -> Holding:
    return Holding(
        decision.principal, decision.privilege, decision.securable, decision.reasons, decision.missing
    )
