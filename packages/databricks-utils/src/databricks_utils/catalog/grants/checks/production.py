"""Environments are apart: what is of development does not read production."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from databricks_utils.catalog.grants.checks.problem import Check, Problem, revoked
from databricks_utils.catalog.grants.decision import Reason, Way
from databricks_utils.catalog.grants.effective import EffectiveRights
from databricks_utils.catalog.grants.folding import Right, by_object, highest
from databricks_utils.catalog.grants.principals import ACCOUNT_USERS
from databricks_utils.catalog.grants.rules import decide
from databricks_utils.catalog.grants.securables import Securable
from databricks_utils.catalog.grants.state import AccessState, Grant

READING = frozenset({"SELECT", "READ_VOLUME", "EXECUTE"})


def reads_of_production(
    production: AccessState, *, principals: Mapping[str, str], objects: Collection[Securable]
) -> Iterator[Problem]:
    """Yield what principals of development may read in production.

    Args:
        production: What is owned and granted in production; with everybody's groups, those of development too.
        principals: Principals of development, each with the words that say why it is one; those that production does not know are skipped.
        objects: The objects of production. What is in them belongs to them.
    """
    effective = EffectiveRights(production)
    for name, why in principals.items():
        key = name.lower()
        if key not in production.principals.kinds:
            continue
        rights = [
            (privilege, securable)
            for securable, names in effective.of(key).items()
            if any(place in objects for place in (securable, *securable.above))
            for privilege in names & READING
        ]
        for (securable, reason), names in _by_reason(production, key, rights).items():
            words = ", ".join(privilege.replace("_", " ") for privilege in names)
            yield Problem(
                Check.PRODUCTION_READABLE,
                production.principals.shown[key],
                names[0],
                securable,
                f"`{name}` of development can read production: {words} on {securable}",
                _without(reason),
                detail=f"`{name}` is a principal of development: {why}",
                grant=_grant_of(reason),
            )


def _by_reason(
    state: AccessState, principal: str, rights: Iterable[Right]
) -> dict[tuple[Securable, Reason], list[str]]:
    """Return the privileges for each object and first reason, without those that follow from what holds the object."""
    found: dict[tuple[Securable, Reason], list[str]] = {}
    for name, securable in sorted(highest(state, principal=principal, rights=rights), key=by_object):
        reason = decide(state, principal=principal, privilege=name, securable=securable).reasons[0]
        same = replace(reason, privilege=reason.granted, way=Way.GRANT) if reason.granted else reason
        found.setdefault((securable, same), []).append(name)
    return found


def _grant_of(reason: Reason) -> Grant | None:
    return Grant(reason.path[-1], reason.granted, reason.securable) if reason.granted else None


def _without(reason: Reason) -> str:
    grant = _grant_of(reason)
    if grant is None:
        return f"give {reason.securable} another owner"
    is_member = len(reason.path) > 1 and reason.path[-1].lower() != ACCOUNT_USERS
    leave = f"; or take `{reason.path[-2]}` out of `{reason.path[-1]}`" if is_member else ""
    return f"{revoked(grant)}{leave}"
