"""Loads a bundle as a deployment does: signed in, with the user's name and the look-ups of variables from the workspace."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bundle_deployer.errors import DeployError
from lakewright.bundle import Bundle, load_bundle, raise_on_errors

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

_LOOKED_UP = {
    "service_principal": ("ServicePrincipals", "displayName", "applicationId"),
    "group": ("Groups", "displayName", "id"),
}


def host_of(bundle: Bundle, environ: Mapping[str, str]) -> str:
    """Return the workspace of a target.

    Raises:
        DeployError: Neither the target nor the environment names one.
    """
    host = (bundle.resolved.get("workspace") or {}).get("host") or environ.get("DATABRICKS_HOST")
    if not host:
        raise DeployError(
            f"target {bundle.target} names no workspace: set `targets.{bundle.target}.workspace.host`, or DATABRICKS_HOST"
        )
    return str(host)


def load(project: Path, target: str, client: "WorkspaceClient") -> Bundle:
    """Return the bundle as the signed-in user deploys it."""
    me = client.api_client.do("GET", "/api/2.0/preview/scim/v2/Me")
    environ = {"DATABRICKS_HOST": str(client.config.host), "DATABRICKS_CURRENT_USER": me["userName"]}
    first = load_bundle(project, target=target, environ=environ)
    values = {
        name: _found(client, name, variable["lookup"])
        for name, variable in (first.resolved.get("variables") or {}).items()
        if isinstance(variable, dict) and variable.get("lookup")
    }
    bundle = load_bundle(project, target=target, variables=values, environ=environ)
    raise_on_errors(bundle)
    return bundle


def _found(client: "WorkspaceClient", variable: str, lookup: Mapping[str, str]) -> str:
    ((kind, name),) = lookup.items()
    if kind == "cluster_policy":
        policies = client.api_client.do("GET", "/api/2.0/policies/clusters/list").get("policies", [])
        return _only(variable, kind, name, [each["policy_id"] for each in policies if each["name"] == name])
    plural, attribute, wanted = _LOOKED_UP[kind]
    query: dict[str, Any] = {"filter": f'{attribute} eq "{name}"'}
    found = client.api_client.do("GET", f"/api/2.0/preview/scim/v2/{plural}", query=query).get(
        "Resources", []
    )
    return _only(variable, kind, name, [each[wanted] for each in found])


def _only(variable: str, kind: str, name: str, found: list[Any]) -> str:
    if len(found) != 1:
        raise DeployError(
            f"variables.{variable}: the workspace has {len(found)} {kind.replace('_', ' ')}s of the name {name!r}"
        )
    return str(found[0])
