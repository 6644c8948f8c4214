"""Cluster policies, instance pools, clusters (to look at), budget policies."""

import json
from typing import Any

from databricks.sdk.service import compute

from workspace_fake.bodies import fields_of_call
from workspace_fake.errors import denied, invalid, not_found
from workspace_fake.people import steady_uuid
from workspace_fake.routes import Call, routes
from workspace_fake.state import Json

_POLICIES = "/api/2.0/policies/clusters"
_POOLS = "/api/2.0/instance-pools"


@routes("POST", f"{_POLICIES}/create")
def create_policy(call: Call) -> Any:
    if not call.state.people.is_admin(call.caller.name):
        raise denied(f"{call.caller.name} is not authorized to create cluster policies")
    body = call.checked(fields_of_call(compute.ClusterPoliciesAPI.create))
    if any(each["name"] == body.get("name") for each in call.state.policies.values()):
        raise invalid(f"Cluster policy with name {body.get('name')} already exists")
    try:
        json.loads(body.get("definition", "{}"))
    except ValueError as error:
        raise invalid("The definition of the cluster policy is not JSON") from error
    number = steady_uuid(f"policy {call.state.number()}").replace("-", "")[:16].upper()
    call.state.policies[number] = {**body, "policy_id": number, "creator_user_name": call.caller.name}
    return {"policy_id": number}


@routes("GET", f"{_POLICIES}/list")
def list_policies(call: Call) -> Any:
    return {"policies": list(call.state.policies.values())}


@routes("GET", f"{_POLICIES}/get")
def get_policy(call: Call) -> Any:
    number = call.query.get("policy_id", "")
    if number not in call.state.policies:
        raise not_found(f"Cluster policy {number} does not exist")
    return call.state.policies[number]


def _pool(call: Call) -> Json:
    number = str(call.query.get("instance_pool_id", call.body.get("instance_pool_id")))
    if number not in call.state.pools:
        raise not_found(f"Instance pool {number} does not exist")
    return call.state.pools[number]


@routes("POST", f"{_POOLS}/create")
def create_pool(call: Call) -> Any:
    body = call.checked(fields_of_call(compute.InstancePoolsAPI.create))
    number = f"pool-{call.state.number()}"
    defaults = {"idle_instance_autotermination_minutes": 60, "enable_elastic_disk": True}
    call.state.pools[number] = {
        **defaults,
        **body,
        "instance_pool_id": number,
        "state": "ACTIVE",
        "creator": call.caller.name,
    }
    return {"instance_pool_id": number}


@routes("GET", f"{_POOLS}/get")
def get_pool(call: Call) -> Any:
    return _pool(call)


@routes("GET", f"{_POOLS}/list")
def list_pools(call: Call) -> Any:
    return {"instance_pools": list(call.state.pools.values())}


@routes("POST", f"{_POOLS}/edit")
def edit_pool(call: Call) -> Any:
    body = call.checked(fields_of_call(compute.InstancePoolsAPI.edit))
    _pool(call).update(body)


@routes("POST", f"{_POOLS}/delete")
def delete_pool(call: Call) -> Any:
    del call.state.pools[_pool(call)["instance_pool_id"]]


@routes("GET", "/api/2.1/clusters/list")
def list_clusters(call: Call) -> Any:
    return {"clusters": list(call.state.clusters.values())}


@routes("GET", "/api/2.1/clusters/get")
def get_cluster(call: Call) -> Any:
    number = call.query.get("cluster_id", "")
    if number not in call.state.clusters:
        raise invalid(f"Cluster {number} does not exist")
    return call.state.clusters[number]


@routes("GET", "/api/2.1/clusters/spark-versions")
def spark_versions(call: Call) -> Any:
    return {
        "versions": [
            {"key": "17.3.x-scala2.13", "name": "17.3 LTS"},
            {"key": "18.2.x-scala2.13", "name": "18.2"},
        ]
    }


@routes("GET", "/api/2.1/accounts/{account}/budget-policies")
def budget_policies(call: Call) -> Any:
    return {"policies": list(call.state.budget_policies.values())}
