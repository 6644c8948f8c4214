"""Policies, pools, node types, Spark versions and warehouses of a workspace; lists are read only if the bundle names one."""

from __future__ import annotations

from urllib.parse import quote

from lakewright.workspace import Calls
from lakewright.workspace.refusing import Refusal


def policy_of(calls: Calls, policy: str) -> str | Refusal | None:
    """Return the definition of a cluster policy as JSON."""
    answer = calls.get("/api/2.0/policies/clusters/get", query={"policy_id": policy})
    return str(answer.content.get("definition") or "{}") if answer.content is not None else answer.refusal


def pool_of(calls: Calls, pool: str) -> str | Refusal | None:
    """Return the name of an instance pool."""
    answer = calls.get("/api/2.0/instance-pools/get", query={"instance_pool_id": pool})
    if answer.content is None:
        return answer.refusal
    return str(answer.content.get("instance_pool_name") or pool)


def warehouse_of(calls: Calls, warehouse: str) -> str | Refusal | None:
    """Return the name of a SQL warehouse; None for one that is not there or is being deleted."""
    answer = calls.get(f"/api/2.0/sql/warehouses/{quote(warehouse, safe='')}")
    if answer.content is None or answer.content.get("state") in ("DELETED", "DELETING"):
        return answer.refusal
    return str(answer.content.get("name") or warehouse)


def node_types_of(calls: Calls) -> dict[str, bool] | Refusal:
    """Return all node types, and whether each is deprecated."""
    answer = calls.get("/api/2.1/clusters/list-node-types")
    if answer.refusal is not None:
        return answer.refusal
    return {
        str(each.get("node_type_id")): bool(each.get("is_deprecated")) for each in answer.items("node_types")
    }


def spark_versions_of(calls: Calls) -> frozenset[str] | Refusal:
    """Return all Spark versions that a new cluster may have."""
    answer = calls.get("/api/2.1/clusters/spark-versions")
    return answer.refusal or frozenset(str(each.get("key")) for each in answer.items("versions"))


def scopes_of(calls: Calls) -> frozenset[str] | Refusal:
    """Return the secret scopes that who asks may see."""
    answer = calls.get("/api/2.0/secrets/scopes/list")
    return answer.refusal or frozenset(str(each.get("name")) for each in answer.items("scopes"))


def keys_of(calls: Calls, scope: str) -> frozenset[str] | Refusal | None:
    """Return the keys of a secret scope; never a value."""
    answer = calls.get("/api/2.0/secrets/list", query={"scope": scope})
    if answer.content is None:
        return answer.refusal
    return frozenset(str(each.get("key")) for each in answer.items("secrets"))
