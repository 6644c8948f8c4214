"""What a deployment makes of the access that there is: of a lakehouse's, or of a workspace's.

The Databricks CLI gives an object with a list of grants these grants and no others, and leaves an object without a list as it is.
Source: https://github.com/databricks/cli/pull/4824
"""

from __future__ import annotations

from dataclasses import replace

from databricks_utils.catalog.grants import AccessState, Securable
from lakewright.grants.declared import Declared


def deployed_over(actual: AccessState, declared: Declared) -> tuple[AccessState, AccessState]:
    """Return the access before a deployment and after it, with the same principals.

    Args:
        actual: What there is; it has the catalogs and schemas that the bundle uses, with their grants.
        declared: What the bundle declares; its deployer owns what is made.

    Raises:
        CyclicGroupsError: A group is a member of itself.
    """
    names = {name for rows in actual.grants.values() for name in rows}
    names |= {owner for owner in actual.owners.values() if owner}
    shown = {actual.principals.shown.get(name, name) for name in names}
    grantees = {entry.grant.principal for entry in declared.resources.grants}
    owner = declared.deployer
    makers = {owner} if owner else set()
    directory = declared.people.with_others(shown | grantees | makers).directory()
    before = replace(actual, principals=directory)
    grants = dict(before.grants)
    owners = dict(before.owners)
    for each in declared.resources.objects:
        owners.setdefault(each.securable, owner and owner.lower())
        if each.has_grants:
            grants[each.securable] = declared.state.granted_on(each.securable)
    for place in declared.assumed:  # what is not there yet is as the bundle assumes it
        if place not in owners:
            owners[place] = None
            grants[place] = declared.state.granted_on(place)
    return before, replace(
        before, owners=owners, grants={place: rows for place, rows in grants.items() if rows}
    )


def missing_objects(actual: AccessState, declared: Declared) -> tuple[Securable, ...]:
    """Return the objects of the bundle that do not exist yet."""
    return tuple(place for place in declared.resources.securables if place not in actual.owners)
