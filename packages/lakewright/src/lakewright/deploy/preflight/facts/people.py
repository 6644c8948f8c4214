"""The principals that a bundle names, asked for by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from databricks_utils.catalog.grants import PrincipalKind
from lakewright.bundle.resolving.identity import is_service_principal
from lakewright.deploy.preflight.facts.facts import SCIM_FIELDS, Person, RuleSet
from lakewright.deploy.preflight.facts.lookups import scim_text
from lakewright.deploy.preflight.wanted.principals import WantedPrincipal
from lakewright.workspace import Calls
from lakewright.workspace.identity import names_in
from lakewright.workspace.refusing import Refusal

_SCIM = "/api/2.0/preview/scim/v2"
_LISTS = {
    PrincipalKind.USER: ("Users", "userName"),
    PrincipalKind.GROUP: ("Groups", "displayName"),
    PrincipalKind.SERVICE_PRINCIPAL: ("ServicePrincipals", "applicationId"),
}
_RULES = "/api/2.0/preview/accounts/access-control/rule-sets"
_OF_WORKSPACE = "WorkspaceGroup"

Found = Person | None | Refusal


def people_in(calls: Calls, wanted: Iterable[WantedPrincipal]) -> dict[str, Found]:
    """Return the principals of some names, by name in lower case.

    Args:
        calls: The questions of a connection.
        wanted: The names. A service principal that was not looked up is named by its display name.
    """
    named = list(wanted)
    found = calls.together(lambda each: _asked(calls, each), named)
    return {each.name.lower(): person for each, person in zip(named, found, strict=True)}


def rule_set_of(calls: Calls, account_id: str, application_id: str) -> RuleSet | Refusal | None:
    """Return who may use a service principal.

    Source: https://docs.databricks.com/api/workspace/accountaccesscontrolproxy/getruleset

    Args:
        calls: The questions of a connection.
        account_id: The account.
        application_id: The service principal.
    """
    name = f"accounts/{account_id}/servicePrincipals/{application_id}/ruleSets/default"
    answer = calls.get(_RULES, query={"name": name, "etag": ""})
    if answer.refusal is not None or answer.content is None:
        return answer.refusal
    rules = {
        str(rule.get("role")): tuple(str(each) for each in rule.get("principals") or [])
        for rule in answer.items("grant_rules")
    }
    return RuleSet(name, str(answer.content.get("etag") or ""), rules)


def account_of(calls: Calls) -> str | None:
    """Return the account of the workspace by its description, which the SDK reads itself in later versions only."""
    answer = calls.get("/.well-known/databricks-config")
    account = (answer.content or {}).get("account_id")
    return str(account) if account else None


def are_admins_restricted(calls: Calls) -> bool | Refusal:
    """Return whether workspace admins may not let jobs run as other users.

    Source: https://docs.databricks.com/aws/en/admin/workspace-settings/restrict-workspace-admins
    """
    answer = calls.get("/api/2.0/settings/types/restrict_workspace_admins/names/default")
    if answer.refusal is not None:
        return answer.refusal
    status = ((answer.content or {}).get("restrict_workspace_admins") or {}).get("status")
    return status == "RESTRICT_TOKENS_AND_JOB_RUN_AS"


def _asked(calls: Calls, wanted: WantedPrincipal) -> Found:
    path, field = _LISTS[wanted.kind]
    if wanted.kind is PrincipalKind.SERVICE_PRINCIPAL and not is_service_principal(wanted.name):
        field = "displayName"
    answer = calls.get(f"{_SCIM}/{path}", query={"filter": f"{field} eq {scim_text(wanted.name)}"})
    if answer.refusal is not None:
        return answer.refusal
    same = [each for each in answer.items("Resources") if str(each.get(field)).lower() == wanted.name.lower()]
    return _person(same[0], wanted.kind) if same else None


def _person(each: Mapping[str, Any], kind: PrincipalKind) -> Person:
    field = _LISTS[kind][1]
    return Person(
        name=str(each.get(field) or ""),
        kind=kind,
        id=str(each.get("id") or ""),
        shown=str(each.get("displayName") or ""),
        is_active=each.get("active") is not False,
        is_of_account=(each.get("meta") or {}).get("resourceType") != _OF_WORKSPACE,
        groups=frozenset(names_in(each.get("groups"), "display")),
        members=frozenset(names_in(each.get("members"), "value")),
        entitlements=frozenset(names_in(each.get("entitlements"), "value")),
        shown_fields=SCIM_FIELDS & each.keys(),
    )
