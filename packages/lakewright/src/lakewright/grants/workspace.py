"""The access that a workspace holds to the objects of a bundle.

Answers are read as JSON: the SDK's classes leave out privileges that its version does not know. Only what is granted on each object itself
is asked for, so that inheritance is computed by one set of rules.
Source: https://docs.databricks.com/api/uc-grants/v1
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from databricks_utils.catalog.grants import AccessState, Grant, Securable, SecurableKind, refusals
from lakewright.grants.declared import Declared
from lakewright.workspace import Answer, Calls, WorkspaceError, sign_in
from lakewright.workspace.refusing import Kind

_API = "/api/2.1/unity-catalog"
_OBJECTS = {
    SecurableKind.CATALOG: "catalogs",
    SecurableKind.SCHEMA: "schemas",
    SecurableKind.VOLUME: "volumes",
    SecurableKind.MODEL: "models",
}
_TYPES = {SecurableKind.MODEL: "function"}  # a registered model is a function to the API too


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
    calls = sign_in(declared.bundle).calls
    places = {place for each in declared.resources.securables for place in (*each.above[1:], each)}
    owners: dict[Securable, str | None] = {}
    grants: list[Grant] = []
    deleted = 0
    for place in sorted(places, key=lambda each: (len(each.parts), each.parts, each.kind.value)):
        if any(above in places and above not in owners for above in place.above[1:]):
            continue  # what holds it is not there
        answer = calls.get(object_path(place))
        if answer.is_missing:
            continue
        found = _required(answer, place, calls)
        owners[place] = str(found["owner"]) if found.get("owner") else None
        for principal, privilege in _assignments(calls, place):
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
    return Workspace(calls.host, AccessState.of(directory, owners=owners, grants=kept), tuple(notes))


def object_path(place: Securable) -> str:
    """Return the path of the API for an object."""
    return f"{_API}/{_OBJECTS[place.kind]}/{_name(place)}"


def grants_path(place: Securable) -> str:
    """Return the path of the API for what is granted on an object itself."""
    return f"{_API}/permissions/{_TYPES.get(place.kind, place.kind.value.lower())}/{_name(place)}"


def assignments_in(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield the principals and privileges of an answer; the name of a deleted principal is empty."""
    for entry in answer.items("privilege_assignments"):
        for privilege in entry.get("privileges") or []:
            yield str(entry.get("principal") or ""), str(privilege)


def _name(place: Securable) -> str:
    return quote(".".join(place.parts), safe="")


def _assignments(calls: Calls, place: Securable) -> Iterator[tuple[str, str]]:
    answer = calls.pages(grants_path(place), key="privilege_assignments", query={"max_results": 0})
    if not answer.is_missing:
        _required(answer, place, calls)
    yield from assignments_in(answer)


def _required(answer: Answer, place: Securable, calls: Calls) -> dict[str, object]:
    if answer.refusal is None:
        return dict(answer.content or {})
    kind = answer.refusal.kind
    if kind is Kind.DENIED:
        summary = f"the workspace does not show the grants on {place}"
        fix = f"who asks needs to own it, or MANAGE: ask the owner of `{place.name}`, or run this as the principal that deploys"
    elif kind is Kind.BUSY:
        summary, fix = "the workspace answers too many requests: it was asked for a minute", "try again later"
    elif kind is Kind.NO_ANSWER:
        summary = f"the workspace does not answer: {answer.refusal.detail}"
        fix = "check the address and the network: databricks current-user me"
    else:
        summary, fix = f"the workspace cannot say who has access to {place}", "try again; see the detail"
    raise WorkspaceError(summary, detail=answer.refusal.detail or None, location=calls.host, fix=fix)
