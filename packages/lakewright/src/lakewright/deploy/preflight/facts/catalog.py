"""Unity Catalog: the metastore, catalogs and their bindings, objects and owners, grants, quotas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from urllib.parse import quote

from databricks_utils.catalog.grants import (
    AccessState,
    Grant,
    PrincipalDirectory,
    PrincipalKind,
    Securable,
    SecurableKind,
    refusals,
)
from lakewright.deploy.preflight.facts.facts import CatalogFact, Metastore, Person, Quota
from lakewright.grants.workspace import assignments_in, grants_path, object_path
from lakewright.workspace import Calls, Identity
from lakewright.workspace.refusing import Kind, Refusal

_API = "/api/2.1/unity-catalog"
_ISOLATED = "ISOLATED"
_MOST_OWN_GROUPS = 20

Owners = Mapping[Securable, str | Refusal | None]


def metastore_of(calls: Calls) -> Metastore | Refusal | None:
    """Return the metastore that is assigned to the workspace."""
    answer = calls.get(f"{_API}/current-metastore-assignment")
    if answer.refusal is not None:
        return answer.refusal
    content = answer.content or {}
    if not content.get("metastore_id"):
        return None
    return Metastore(str(content["metastore_id"]), str(content.get("workspace_id") or ""))


def catalog_of(calls: Calls, name: str, *, workspace_id: str | None) -> CatalogFact | Refusal | None:
    """Return a catalog; None if there is none, or if who asks may not see it.

    Args:
        calls: The questions of a connection.
        name: The catalog's name.
        workspace_id: The workspace's number, to find its binding.
    """
    answer = calls.get(f"{_API}/catalogs/{quote(name, safe='')}")
    if answer.refusal is not None or answer.content is None:
        return answer.refusal
    owner = str(answer.content["owner"]) if answer.content.get("owner") else None
    if answer.content.get("isolation_mode") != _ISOLATED:
        return CatalogFact(owner)
    path = f"{_API}/bindings/catalog/{quote(name, safe='')}"
    bindings = calls.pages(path, key="bindings", query={"max_results": 0})
    if bindings.refusal is not None:
        return CatalogFact(owner, is_isolated=True, binding=bindings.refusal)
    kinds = {
        str(each.get("workspace_id")): str(each.get("binding_type")) for each in bindings.items("bindings")
    }
    return CatalogFact(owner, is_isolated=True, binding=kinds.get(str(workspace_id)))


def owners_of(calls: Calls, places: Iterable[Securable]) -> Owners:
    """Return the owner of each object; None in the answer for one that is not there is left out.

    What is in a catalog or a schema that does not exist, or that is not shown, is not asked for.

    Args:
        calls: The questions of a connection.
        places: The objects, with what holds them.

    Returns:
        The objects that exist with their owners, and those that could not be asked for with the refusal.
    """
    found: dict[Securable, str | Refusal | None] = {}
    wanted = set(places)
    for depth in sorted({len(each.parts) for each in wanted}):
        level = [
            each
            for each in sorted(wanted, key=lambda place: (place.parts, place.kind.value))
            if len(each.parts) == depth and all(_is_there(above, wanted, found) for above in each.above[1:])
        ]
        answers = calls.together(lambda place: calls.get(object_path(place)), level)
        for place, answer in zip(level, answers, strict=True):
            if answer.refusal is not None:
                found[place] = answer.refusal
            elif answer.content is not None:
                owner = answer.content.get("owner")
                found[place] = str(owner) if owner else None
    return found


@dataclass(frozen=True)
class Access:
    """What is granted on objects.

    Attributes:
        state: Owners and grants, as far as they could be read.
        unread: The objects whose grants are not known, but for those of who signed in.
        unread_own: Those of them where not even these are known.
    """

    state: AccessState
    unread: Mapping[Securable, Refusal]
    unread_own: frozenset[Securable]


@dataclass(frozen=True)
class _Read:
    """The grants of one object."""

    grants: list[Grant]
    refusal: Refusal | None = None
    own_are_unread: bool = False


def _is_there(above: Securable, wanted: Set[Securable], found: Owners) -> bool:
    """Whether what holds an object may hold it: it exists, or it was not asked for."""
    return above not in wanted or (above in found and not isinstance(found[above], Refusal))


def access_of(
    calls: Calls, owners: Mapping[Securable, str | None], *, me: Identity, people: Iterable[Person]
) -> Access:
    """Return what is granted on objects.

    Who may not see the grants of an object still sees its own and those of its groups: these are asked for one by one.

    Args:
        calls: The questions of a connection.
        owners: The objects that exist, with their owners.
        me: Who signed in.
        people: Principals with their groups.
    """
    places = [place for place in owners if place.kind is not SecurableKind.METASTORE]
    answers = calls.together(lambda place: _grants(calls, place, me), places)
    read = dict(zip(places, answers, strict=True))
    grants = [grant for each in answers for grant in each.grants]
    wrong = refusals(grants)
    known = [grant for grant in grants if grant not in wrong]
    names = {grant.principal for grant in known} | {owner for owner in owners.values() if owner}
    directory = directory_of(me, people, others=names)
    return Access(
        AccessState.of(directory, owners=owners, grants=known),
        {place: each.refusal for place, each in read.items() if each.refusal is not None},
        frozenset(place for place, each in read.items() if each.own_are_unread),
    )


def directory_of(me: Identity, people: Iterable[Person], *, others: Iterable[str] = ()) -> PrincipalDirectory:
    """Return the directory of those who are asked about, with the groups that the workspace says they are in.

    Args:
        me: Who signed in.
        people: Further principals.
        others: Further names, which are those of groups if nothing else is known of them.
    """
    kinds = {me.name.lower(): (me.name, me.kind)}
    members: dict[str, tuple[str, set[str]]] = {}
    pairs = [(me.name, me.groups), *((each.name, each.groups) for each in people)]
    for each in people:
        kinds.setdefault(each.name.lower(), (each.name, each.kind))
    for name, groups in pairs:
        for group in groups:
            if group.lower() != name.lower():
                members.setdefault(group.lower(), (group, set()))[1].add(name)
    for name in others:
        if name.lower() not in kinds and name.lower() not in members:
            kinds[name.lower()] = (name, PrincipalKind.GROUP)
    by_group = dict(members.values())
    for key, (name, kind) in kinds.items():
        if kind is PrincipalKind.GROUP and key not in members:
            by_group[name] = set()
    return PrincipalDirectory.of(
        users=[name for name, kind in kinds.values() if kind is PrincipalKind.USER],
        service_principals=[name for name, kind in kinds.values() if kind is PrincipalKind.SERVICE_PRINCIPAL],
        groups=by_group,
    )


def quota_of(calls: Calls, catalog: str) -> Quota | Refusal | None:
    """Return how many schemas a catalog has and may have.

    Source: https://docs.databricks.com/api/workspace/resourcequotas/getquota
    """
    answer = calls.get(f"{_API}/resource-quotas/catalog/{quote(catalog, safe='')}/schema-quota")
    if answer.refusal is not None:
        return answer.refusal
    info = (answer.content or {}).get("quota_info")
    if not isinstance(info, dict) or info.get("quota_limit") is None:
        return None
    return Quota(int(info.get("quota_count") or 0), int(info["quota_limit"]))


def _grants(calls: Calls, place: Securable, me: Identity) -> _Read:
    path, key = grants_path(place), "privilege_assignments"
    answer = calls.pages(path, key=key, query={"max_results": 0})
    if answer.refusal is None:
        return _Read([Grant(name, right, place) for name, right in assignments_in(answer) if name])
    if answer.refusal.kind is not Kind.DENIED:
        return _Read([], answer.refusal, own_are_unread=True)
    found: list[Grant] = []
    are_unread = False
    for name in (me.name, *sorted(me.groups)[:_MOST_OWN_GROUPS], "account users"):
        own = calls.pages(path, key=key, query={"max_results": 0, "principal": name})
        are_unread |= own.refusal is not None
        found += [Grant(each, right, place) for each, right in assignments_in(own) if each]
    return _Read(found, answer.refusal, own_are_unread=are_unread)
