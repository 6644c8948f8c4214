"""Read the facts: some questions at the same time, and each only if the bundle gives a reason for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import replace
from typing import TypeVar

from databricks_utils.catalog.grants import PrincipalKind, Securable, SecurableKind
from lakewright.bundle.resolving.identity import is_service_principal
from lakewright.databricks_cli.program import Cli
from lakewright.deploy.preflight.facts import catalog, compute, state
from lakewright.deploy.preflight.facts.facts import NOT_ASKED, Facts, Metastore, Person, Quota, RuleSet
from lakewright.deploy.preflight.facts.names import OF_UNITY_CATALOG, names_taken
from lakewright.deploy.preflight.facts.people import account_of, are_admins_restricted, people_in, rule_set_of
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.deploy.preflight.wanted.principals import WantedPrincipal
from lakewright.grants.people import kind_of
from lakewright.workspace import Calls, Connection, Identity
from lakewright.workspace.refusing import Kind, Refusal

Value = TypeVar("Value")
_EVERYBODY = "users"
_MOST_GROUPS = 30  # of who deploys; an entitlement that another one may give is then not known
_NO_ACCOUNT = Refusal(Kind.NOT_ASKED, "the account is not known: set DATABRICKS_ACCOUNT_ID")


def read_facts(
    connection: Connection,
    wanted: Wanted,
    *,
    me: Identity,
    lookups: Mapping[str, int | Refusal],
    cli: Cli | None,
) -> Facts:
    """Return what a workspace has, as far as a bundle wants it.

    Args:
        connection: The connection.
        wanted: What the bundle wants.
        me: Who signed in.
        lookups: What the lookups of its variables found.
        cli: The Databricks CLI on PATH.

    Raises:
        SignInError: The credentials are not accepted any more.
    """
    calls = connection.calls
    metastore = catalog.metastore_of(calls)
    workspace_id = metastore.workspace_id if isinstance(metastore, Metastore) else me.workspace_id
    deployed = state.state_in(calls, wanted.state_path)
    known = deployed if isinstance(deployed, Mapping) else {}
    new = [each for each in wanted.made if each.path not in known]
    people = people_in(calls, [each for each in wanted.principals if each.name.lower() != me.name.lower()])
    places = set(wanted.objects.securables) | set(wanted.outside)
    owners = catalog.owners_of(calls, places)
    there = {place: owner for place, owner in owners.items() if not isinstance(owner, Refusal)}
    persons = [each for each in people.values() if isinstance(each, Person)]
    access = catalog.access_of(calls, there, me=me, people=persons)
    found = Facts(
        me=me,
        host=connection.host,
        account_id=connection.account_id,
        metastore=metastore,
        catalogs=_each(
            calls,
            [each.name.lower() for each in wanted.catalogs],
            lambda name: catalog.catalog_of(calls, name, workspace_id=workspace_id),
        ),
        owners=there,
        unread_objects={place: found for place, found in owners.items() if isinstance(found, Refusal)},
        access=access.state,
        unread_grants=access.unread,
        unread_own_grants=access.unread_own,
        state=deployed,
        lock=state.lock_in(calls, wanted.state_path),
        people=_with_groups(calls, wanted, me, people),
        rule_sets=_rule_sets(connection, wanted, me, people),
        taken=names_taken(calls, [each for each in new if each.section not in OF_UNITY_CATALOG]),
        folder=state.folder_at(calls, wanted.root_path),
        quotas=_quotas(calls, wanted, there),
        lookups=lookups,
        admins_are_restricted=_restriction(calls, wanted, me),
        cli=cli,
    )
    return _with_compute(found, calls, wanted)


def _with_compute(found: Facts, calls: Calls, wanted: Wanted) -> Facts:
    used = wanted.compute
    policies, pools, warehouses = (
        [each.name for each in names] for names in (used.policies, used.pools, used.warehouses)
    )
    scopes = sorted({each.scope for each in wanted.secrets})
    return replace(
        found,
        policies=_each(calls, policies, lambda name: compute.policy_of(calls, name)),
        pools=_each(calls, pools, lambda name: compute.pool_of(calls, name)),
        node_types=compute.node_types_of(calls) if used.node_types else NOT_ASKED,
        spark_versions=compute.spark_versions_of(calls) if used.spark_versions else NOT_ASKED,
        warehouses=_each(calls, warehouses, lambda name: compute.warehouse_of(calls, name)),
        scopes=compute.scopes_of(calls) if scopes else NOT_ASKED,
        secret_keys=_each(calls, scopes, lambda name: compute.keys_of(calls, name)),
    )


def _with_groups(
    calls: Calls, wanted: Wanted, me: Identity, people: Mapping[str, Person | Refusal | None]
) -> Mapping[str, Person | Refusal | None]:
    """Return principals with the groups that they have entitlements from, and with those that the configuration names as members."""
    runners = [people.get(each.principal.lower()) for each in wanted.runners]
    groups = {_EVERYBODY, *sorted(me.groups)[:_MOST_GROUPS]} | {
        name for person in runners if isinstance(person, Person) for name in person.groups
    }
    known = {
        *people,
        me.name.lower(),
        *(each.shown.lower() for each in people.values() if isinstance(each, Person)),
    }
    members = {name for name in wanted.memberships if name.lower() not in known}
    found = {**people_in(calls, _named(groups | members, known)), **people}
    left = [
        name for name in members if found.get(name.lower()) is None
    ]  # no groups: service principals by name
    return {**found, **people_in(calls, _named(left, set(), PrincipalKind.SERVICE_PRINCIPAL))}


def _named(names: Iterable[str], known: Set[str], kind: PrincipalKind | None = None) -> list[WantedPrincipal]:
    return [
        WantedPrincipal(name, kind or kind_of(name), "", is_granted=False)
        for name in sorted(names)
        if name.lower() not in known
    ]


def _each(calls: Calls, names: list[str], ask: Callable[[str], Value]) -> dict[str, Value]:
    return dict(zip(names, calls.together(ask, names), strict=True))


def _rule_sets(
    connection: Connection, wanted: Wanted, me: Identity, people: Mapping[str, Person | Refusal | None]
) -> dict[str, RuleSet | Refusal | None]:
    names = {
        each.principal
        for each in wanted.runners
        if each.kind is PrincipalKind.SERVICE_PRINCIPAL
        and each.principal.lower() != me.name.lower()
        and is_service_principal(each.principal)
        and people.get(each.principal.lower()) is not None
    }
    account = connection.account_id or (account_of(connection.calls) if names else None)
    if account is None:
        return dict.fromkeys(names, _NO_ACCOUNT)
    return _each(connection.calls, sorted(names), lambda name: rule_set_of(connection.calls, account, name))


def _restriction(calls: Calls, wanted: Wanted, me: Identity) -> bool | Refusal:
    """Ask what admins may do, if that matters: an admin deploys a job that runs as another user."""
    runners = [each for each in wanted.runners if each.principal.lower() != me.name.lower()]
    is_asked = me.is_admin and any(each.kind is PrincipalKind.USER for each in runners)
    return are_admins_restricted(calls) if is_asked else False


def _quotas(
    calls: Calls, wanted: Wanted, there: Mapping[Securable, str | None]
) -> dict[str, Quota | Refusal | None]:
    """Ask for the quotas of the catalogs that get new schemas."""
    new = [
        each
        for each in wanted.objects.securables
        if each.kind is SecurableKind.SCHEMA and each not in there and each.above[-1] in there
    ]
    names = sorted({each.parts[0] for each in new})
    return _each(calls, names, lambda name: catalog.quota_of(calls, name))
