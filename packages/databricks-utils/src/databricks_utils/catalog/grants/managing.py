"""Who may grant, revoke, own, create, drop and alter: what each statement asks of its principal.

Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/
"""

from __future__ import annotations

from enum import StrEnum

from databricks_utils.catalog.grants.decision import Decision
from databricks_utils.catalog.grants.privileges import (
    EXTERNAL_USE_SCHEMA,
    MANAGE,
    MODIFY,
    created_with,
    grantable,
)
from databricks_utils.catalog.grants.rules import decide, decide_owner
from databricks_utils.catalog.grants.securables import Securable, SecurableKind
from databricks_utils.catalog.grants.state import AccessState

_COMMENTED_BY_MANAGERS = (SecurableKind.CATALOG, SecurableKind.SCHEMA, SecurableKind.VOLUME)
_RUN_AS_OWNER = (SecurableKind.VIEW, SecurableKind.FUNCTION, SecurableKind.MODEL)


class Alteration(StrEnum):
    """What of a table or another object is altered."""

    COLUMNS = "columns"
    PROPERTIES = "properties"
    COMMENT = "comment"
    DEFINITION = "definition"
    OTHER = "other"


def may_grant(state: AccessState, *, principal: str, privilege: str, securable: Securable) -> Decision:
    """Return whether a principal may grant a privilege on an object: who has MANAGE, as its owner and the owners above it do.

    On the metastore it is the metastore's admin. EXTERNAL USE SCHEMA is granted by the catalog's owner alone.

    Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/ and
    https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference#external-use-schema

    Args:
        state: What is owned and granted.
        principal: Who grants.
        privilege: Name of the privilege, in either spelling.
        securable: What it is granted on.

    Raises:
        UnknownPrincipalError: The principal is not declared.
        UnknownPrivilegeError: There is no such privilege.
        PrivilegeDoesNotFitError: It cannot be granted on an object of that kind.
    """
    if grantable(privilege, securable.kind).name == EXTERNAL_USE_SCHEMA:
        return decide_owner(state, principal=principal, securable=securable.above[-1])
    return may_manage(state, principal=principal, securable=securable)


def may_revoke(state: AccessState, *, principal: str, privilege: str, securable: Securable) -> Decision:
    """Return whether a principal may revoke a privilege on an object: who may grant it.

    Unverified for EXTERNAL USE SCHEMA, whose page only says who grants it.

    Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/

    Args:
        state: What is owned and granted.
        principal: Who revokes.
        privilege: Name of the privilege, in either spelling.
        securable: What it was granted on.

    Raises:
        UnknownPrincipalError: The principal is not declared.
        UnknownPrivilegeError: There is no such privilege.
        PrivilegeDoesNotFitError: It cannot be granted on an object of that kind.
    """
    return may_grant(state, principal=principal, privilege=privilege, securable=securable)


def may_manage(state: AccessState, *, principal: str, securable: Securable) -> Decision:
    """Return whether a principal manages an object: it has MANAGE, or for the metastore is its admin.

    Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#manage-privilege

    Args:
        state: What is owned and granted.
        principal: Who asks.
        securable: The object.

    Raises:
        UnknownPrincipalError: The principal is not declared.
    """
    if securable.kind is SecurableKind.METASTORE:
        return decide_owner(state, principal=principal, securable=securable)
    return decide(state, principal=principal, privilege=MANAGE, securable=securable)


def may_transfer(state: AccessState, *, principal: str, securable: Securable, new_owner: str) -> Decision:
    """Return whether a principal may make another one the owner of an object: who has MANAGE.

    A view, a function and a model run with their owner's rights: only a metastore admin gives them to anybody, others to themselves
    or to a group that they are in.

    Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/#manage-ownership

    Args:
        state: What is owned and granted.
        principal: Who transfers.
        securable: The object.
        new_owner: Its next owner.

    Raises:
        UnknownPrincipalError: One of the two is not declared.
    """
    owner = state.principals.require(new_owner)
    if securable.kind in _RUN_AS_OWNER and owner not in state.principals.paths(principal):
        return decide_owner(state, principal=principal, securable=Securable(SecurableKind.METASTORE))
    return may_manage(state, principal=principal, securable=securable)


def may_drop(state: AccessState, *, principal: str, securable: Securable) -> Decision:
    """Return whether a principal may drop an object: who has MANAGE.

    Unverified: that a metastore admin may drop any object, without being its owner first.

    Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-drop-table and
    https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-drop-schema

    Args:
        state: What is owned and granted.
        principal: Who drops.
        securable: The object.

    Raises:
        UnknownPrincipalError: The principal is not declared.
    """
    return may_manage(state, principal=principal, securable=securable)


def may_create(state: AccessState, *, principal: str, securable: Securable) -> Decision:
    """Return whether a principal may create an object, by its privilege on what will hold it.

    Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference#create-table

    Args:
        state: What is owned and granted.
        principal: Who creates.
        securable: The object that does not exist yet; not the metastore.

    Raises:
        UnknownPrincipalError: The principal is not declared.
    """
    privilege = created_with()[securable.kind]
    return decide(state, principal=principal, privilege=privilege, securable=securable.above[-1])


def may_alter(
    state: AccessState, *, principal: str, securable: Securable, alteration: Alteration
) -> Decision:
    """Return whether a principal may alter an object.

    Columns, properties and the comment of a table need MODIFY, the comment of a catalog, a schema or a volume MANAGE. Everything else,
    and any change of another object such as the query or the comment of a view, needs its owner. Unverified: whether MANAGE is enough for
    some of these; here it is not.

    Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-table,
    https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-comment and
    https://docs.databricks.com/aws/en/views/create-views

    Args:
        state: What is owned and granted.
        principal: Who alters.
        securable: The object.
        alteration: What is altered.

    Raises:
        UnknownPrincipalError: The principal is not declared.
    """
    by_modify = alteration in (Alteration.COLUMNS, Alteration.PROPERTIES, Alteration.COMMENT)
    if securable.kind is SecurableKind.TABLE and by_modify:
        return decide(state, principal=principal, privilege=MODIFY, securable=securable)
    if securable.kind in _COMMENTED_BY_MANAGERS and alteration is Alteration.COMMENT:
        return may_manage(state, principal=principal, securable=securable)
    return decide_owner(state, principal=principal, securable=securable)
