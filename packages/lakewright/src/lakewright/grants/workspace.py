"""The access that a workspace holds to the objects of a bundle, asked by Databricks' own SDK.

Answers are read as JSON: the SDK's classes leave out privileges that its version does not know. Only what is granted on each object itself
is asked for, so that inheritance is computed by one set of rules.
Source: https://docs.databricks.com/api/uc-grants/v1
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit

from databricks_utils.catalog.grants import AccessState, Grant, Securable, SecurableKind, refusals
from lakewright.bundle import Bundle
from lakewright.grants.declared import Declared
from lakewright.grants.errors import MissingSdkError, WorkspaceError

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient
    from databricks.sdk.errors import DatabricksError

_API = "/api/2.1/unity-catalog"
_OBJECTS = {
    SecurableKind.CATALOG: "catalogs",
    SecurableKind.SCHEMA: "schemas",
    SecurableKind.VOLUME: "volumes",
    SecurableKind.MODEL: "models",
}
_TYPES = {SecurableKind.MODEL: "function"}  # a registered model is a function to the API too
_AUTHENTICATION = ("host", "profile", "azure_workspace_resource_id", "client_id", "auth_type")
_SECONDS = 60
_MOST_PAGES = 10_000
_TO_SHOW = 300


@dataclass(frozen=True)
class Workspace:
    """What a workspace holds.

    Attributes:
        host: Its address.
        state: Who owns what and who was granted what, as far as the bundle's objects and what holds them go.
        notes: What was left out, one line each.
    """

    host: str
    state: AccessState
    notes: tuple[str, ...]


def workspace_of(declared: Declared) -> Workspace:
    """Return the access of the workspace that a target deploys to; objects that are not there yet are left out.

    Args:
        declared: What the bundle declares for the target.

    Raises:
        MissingSdkError: `databricks-sdk` is not installed.
        WorkspaceError: There are no credentials, or the workspace refuses.
    """
    client = _client(declared.bundle)
    places = {place for each in declared.resources.securables for place in (*each.above[1:], each)}
    owners: dict[Securable, str | None] = {}
    grants: list[Grant] = []
    deleted = 0
    for place in sorted(places, key=lambda each: (len(each.parts), each.parts, each.kind.value)):
        if any(above in places and above not in owners for above in place.above[1:]):
            continue  # what holds it is not there
        found = _get(client, f"{_API}/{_OBJECTS[place.kind]}/{quote('.'.join(place.parts), safe='')}", place)
        if found is None:
            continue
        owners[place] = str(found["owner"]) if found.get("owner") else None
        for principal, privilege in _assignments(client, place):
            if principal:
                grants.append(Grant(principal, privilege, place))
            else:
                deleted += 1
    refused = refusals(grants)
    notes = [
        f"ignored {grant.privilege} on {grant.securable} to `{grant.principal}`: {error.summary}"
        for grant, error in refused.items()
    ]
    if deleted:
        notes.append(f"{deleted} privileges of deleted principals are left out")
    kept = [grant for grant in grants if grant not in refused]
    names = {grant.principal for grant in kept} | {owner for owner in owners.values() if owner}
    directory = declared.people.with_others(names).directory()
    return Workspace(
        str(client.config.host), AccessState.of(directory, owners=owners, grants=kept), tuple(notes)
    )


def _client(bundle: Bundle) -> WorkspaceClient:
    try:
        from databricks.sdk import WorkspaceClient
        from databricks.sdk.core import Config
    except ImportError as error:
        raise MissingSdkError(
            "databricks-sdk is not installed: it asks the workspace",
            fix="pip install databricks-sdk",
        ) from error
    logging.getLogger("databricks.sdk").addHandler(logging.NullHandler())  # it warns of what we report
    section = bundle.resolved.get("workspace") or {}
    given = {name: str(section[name]) for name in _AUTHENTICATION if section.get(name)}
    _check_host(given.get("host"), bundle)
    try:
        limits = {"retry_timeout_seconds": _SECONDS, "http_timeout_seconds": _SECONDS}
        return WorkspaceClient(config=Config(**given, **limits))
    except ValueError as error:
        raise WorkspaceError(
            "there are no credentials for the workspace",
            detail=_first_line(str(error).partition(". Config:")[0]),
            location=given.get("host") or given.get("profile"),
            fix="sign in: databricks auth login --host HOST; in CI set DATABRICKS_HOST and its credentials",
        ) from error


def _check_host(host: str | None, bundle: Bundle) -> None:
    """Refuse to send credentials that are meant for one host to another that a file names."""
    own = os.environ.get("DATABRICKS_HOST")
    if host and own and _netloc(host) != _netloc(own):
        place = bundle.locate("workspace.host")
        raise WorkspaceError(
            f"the target's workspace is {host}, and DATABRICKS_HOST is {own}",
            location=str(place) if place else None,
            fix="set DATABRICKS_HOST and its credentials for the target's workspace, or unset it",
        )


def _netloc(host: str) -> str:
    return urlsplit(host if "://" in host else f"https://{host}").netloc.lower()


def _assignments(client: WorkspaceClient, place: Securable) -> Iterator[tuple[str, str]]:
    """Yield the principals and privileges of an object, page by page; a page may be empty and not the last."""
    kind = _TYPES.get(place.kind, place.kind.value.lower())
    address = f"{_API}/permissions/{kind}/{quote('.'.join(place.parts), safe='')}"
    query: dict[str, Any] = {"max_results": 0}
    for _ in range(_MOST_PAGES):
        page = _get(client, address, place, query=query) or {}
        for entry in page.get("privilege_assignments") or []:
            for privilege in entry.get("privileges") or []:
                yield str(entry.get("principal") or ""), str(privilege)
        token = page.get("next_page_token")
        if not token:
            return
        query = {"max_results": 0, "page_token": token}
    raise WorkspaceError(f"the workspace does not end its list of grants on {place}", fix="try again later")


def _get(
    client: WorkspaceClient, address: str, place: Securable, *, query: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """Ask once; None for an object that is not there."""
    from databricks.sdk.errors import DatabricksError, NotFound

    try:
        answer = client.api_client.do("GET", address, query=dict(query or {}))
    except NotFound:
        return None
    except DatabricksError as error:
        raise _refused(error, place, client) from error
    except (OSError, TimeoutError, ValueError) as error:
        if isinstance(error.__cause__, DatabricksError):  # it was asked again until the time was over
            raise _refused(error.__cause__, place, client) from error
        raise WorkspaceError(
            f"the workspace does not answer: {_first_line(str(error))}",
            location=str(client.config.host),
            fix="check the address and the network: databricks current-user me",
        ) from error
    return cast("dict[str, Any]", answer)


def _refused(error: DatabricksError, place: Securable, client: WorkspaceClient) -> WorkspaceError:
    from databricks.sdk.errors import PermissionDenied, TooManyRequests, Unauthenticated

    name = place.name
    if isinstance(error, Unauthenticated):
        summary, fix = "the workspace does not accept the credentials", "sign in again: databricks auth login"
    elif isinstance(error, PermissionDenied):
        summary = f"the workspace does not show the grants on {place}"
        fix = f"who asks needs to own it, or MANAGE: ask the owner of `{name}`, or run this as the principal that deploys"
    elif isinstance(error, TooManyRequests):
        summary, fix = "the workspace answers too many requests: it was asked for a minute", "try again later"
    else:
        summary, fix = f"the workspace cannot say who has access to {place}", "try again; see the detail"
    return WorkspaceError(
        summary, detail=_without_token(str(error), client), location=str(client.config.host), fix=fix
    )


def _without_token(text: str, client: WorkspaceClient) -> str:
    """Return the first line of a message, without the credentials of the client."""
    line = _first_line(text)
    for secret in ("token", "client_secret", "password", "azure_client_secret"):
        value = getattr(client.config, secret, None)
        line = line.replace(value, "***") if value else line
    return line


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[0][:_TO_SHOW]
