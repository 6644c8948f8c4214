"""What a deployment makes of the access that there is: of a lakehouse's, or of a workspace's.

The Databricks CLI gives an object with a list of grants these grants and no others, and leaves an object without a list as it is.
It takes privileges away by revoking ALL PRIVILEGES, which leaves MANAGE and EXTERNAL USE SCHEMA.
Source: https://github.com/databricks/cli/pull/4824, https://github.com/databricks/cli/blob/main/bundle/direct/dresources/grants.go and
https://docs.databricks.com/aws/en/sql/language-manual/security-revoke
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from databricks_utils.catalog.grants import ALL_PRIVILEGES, AccessState, Grant, Securable, known_privileges
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
            kept = _kept_on(before, declared, each.securable)
            wanted = declared.state.granted_on(each.securable)
            grants[each.securable] = {
                name: wanted.get(name, frozenset()) | kept.get(name, frozenset()) for name in (*wanted, *kept)
            }
    for place in declared.assumed:  # what is not there yet is as the bundle assumes it
        if place not in owners:
            owners[place] = None
            grants[place] = declared.state.granted_on(place)
    return before, replace(
        before, owners=owners, grants={place: rows for place, rows in grants.items() if rows}
    )


def kept_grants(actual: AccessState, declared: Declared) -> tuple[Grant, ...]:
    """Return what a deployment leaves granted although the bundle does not list it: MANAGE and EXTERNAL USE SCHEMA.

    Args:
        actual: What there is.
        declared: What the bundle declares.
    """
    listed = [each.securable for each in declared.resources.objects if each.has_grants]
    return tuple(
        Grant(actual.principals.shown.get(principal, principal), name, place)
        for place in dict.fromkeys(listed)
        for principal, names in sorted(_kept_on(actual, declared, place).items())
        for name in sorted(names)
    )


def _kept_on(actual: AccessState, declared: Declared, place: Securable) -> Mapping[str, frozenset[str]]:
    wanted = declared.state.granted_on(place)
    kept = {
        principal: frozenset(name for name in names if _is_left(name)) - wanted.get(principal, frozenset())
        for principal, names in actual.granted_on(place).items()
    }
    return {principal: names for principal, names in kept.items() if names}


def _is_left(name: str) -> bool:
    return name != ALL_PRIVILEGES and not known_privileges()[name].in_all_privileges


def missing_objects(actual: AccessState, declared: Declared) -> tuple[Securable, ...]:
    """Return the objects of the bundle that do not exist yet."""
    return tuple(place for place in declared.resources.securables if place not in actual.owners)
