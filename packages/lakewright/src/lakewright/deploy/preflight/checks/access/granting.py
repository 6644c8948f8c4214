"""The step that grants something: who may grant it, and what."""

from __future__ import annotations

from databricks_utils.catalog.grants import Grant, SecurableKind
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Role, Step, Who


def granting(grants: tuple[Grant, ...], facts: Facts) -> Step:
    """Return the step for grants on one object.

    Args:
        grants: The grants.
        facts: What the workspace has.
    """
    place = grants[0].securable
    if place.kind is SecurableKind.METASTORE:
        return Step(Who(Role.METASTORE_ADMIN), grants=grants)
    who = Who(Role.OWNER, of=str(place), name=facts.owners.get(place) or "")
    return Step(who, grants=grants, because="who has MANAGE on it may grant too")
