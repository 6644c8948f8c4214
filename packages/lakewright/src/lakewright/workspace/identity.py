"""Who signed in: a user or a service principal, its groups and its entitlements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from databricks_utils.catalog.grants import PrincipalKind
from lakewright.workspace.calls import Calls
from lakewright.workspace.errors import SignInError
from lakewright.workspace.refusing import Kind

_ME = "/api/2.0/preview/scim/v2/Me"
_WORKSPACE_ID = "x-databricks-org-id"


@dataclass(frozen=True)
class Identity:
    """Who signed in.

    Attributes:
        name: The name that grants use: an e-mail address, or an application id.
        shown: The name that people use.
        kind: A user or a service principal.
        groups: The names of its groups in this workspace, also those that it is in through others.
        entitlements: What the workspace lets it do, such as `workspace-access`; without those of its groups.
        id: Its number, for commands.
        workspace_id: The workspace's number, if the answer names it.
    """

    name: str
    shown: str
    kind: PrincipalKind
    groups: frozenset[str]
    entitlements: frozenset[str]
    id: str = ""
    workspace_id: str | None = None

    @property
    def is_admin(self) -> bool:
        """Whether it is an administrator of the workspace."""
        return "admins" in self.groups


def identity_of(calls: Calls) -> Identity:
    """Return who signed in.

    Args:
        calls: The questions of a connection.

    Raises:
        SignInError: The credentials are wrong or have expired, the host does not answer, or it is no workspace.
    """
    answer = calls.get(_ME, headers=(_WORKSPACE_ID,), is_first=True)
    if answer.refusal is not None:
        kind = answer.refusal.kind
        fix = "check the address and the network: databricks current-user me"
        if kind is Kind.DENIED:
            fix = "ask an administrator of the workspace to add this principal to it"
        raise SignInError(
            "the workspace does not answer" if kind is Kind.NO_ANSWER else str(kind),
            detail=answer.refusal.detail or None,
            location=calls.host,
            fix=fix,
        )
    if not (answer.content or {}).get("userName"):
        raise SignInError(
            "the host does not answer as a workspace does",
            location=calls.host,
            fix="check the address of the workspace: databricks current-user me",
        )
    return _identity(dict(answer.content or {}))


def _identity(me: dict[str, Any]) -> Identity:
    name = str(me["userName"])
    return Identity(
        name=name,
        shown=str(me.get("displayName") or name),
        kind=_kind(name),
        groups=frozenset(names_in(me.get("groups"), "display")),
        entitlements=frozenset(names_in(me.get("entitlements"), "value")),
        id=str(me.get("id") or ""),
        workspace_id=str(me[_WORKSPACE_ID]) if me.get(_WORKSPACE_ID) else None,
    )


def names_in(values: object, key: str) -> list[str]:
    """Return the values of a key in the entries of a list of SCIM, such as `groups`."""
    entries = values if isinstance(values, list) else []
    return [str(each[key]) for each in entries if isinstance(each, dict) and each.get(key)]


def _kind(name: str) -> PrincipalKind:
    try:
        UUID(name)
    except ValueError:
        return PrincipalKind.USER
    return PrincipalKind.SERVICE_PRINCIPAL
