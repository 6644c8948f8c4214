"""Environments are apart: what is of development does not read production."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from databricks_utils.catalog.grants.checks.problem import Check, Problem, revoked
from databricks_utils.catalog.grants.decision import Reason
from databricks_utils.catalog.grants.effective import EffectiveRights
from databricks_utils.catalog.grants.folding import by_object, highest
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
        for privilege, securable in sorted(highest(production, principal=key, rights=rights), key=by_object):
            reasons = decide(production, principal=key, privilege=privilege, securable=securable).reasons
            summary = (
                f"`{name}` of development can read production: {privilege.replace('_', ' ')} on {securable}"
            )
            yield Problem(
                Check.PRODUCTION_READABLE,
                production.principals.shown[key],
                privilege,
                securable,
                summary,
                _without(reasons[0]),
                detail=f"`{name}` is a principal of development: {why}",
                grant=_grant_of(reasons[0]),
            )


def _grant_of(reason: Reason) -> Grant | None:
    return Grant(reason.path[-1], reason.granted, reason.securable) if reason.granted else None


def _without(reason: Reason) -> str:
    grant = _grant_of(reason)
    if grant is None:
        return f"give {reason.securable} another owner"
    leave = f"; or take `{reason.path[-2]}` out of `{reason.path[-1]}`" if len(reason.path) > 1 else ""
    return f"{revoked(grant)}{leave}"
