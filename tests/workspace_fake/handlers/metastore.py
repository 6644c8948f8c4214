"""The metastore of the workspace, and its quotas.

Source: https://docs.databricks.com/api/workspace/metastores/current and https://docs.databricks.com/api/workspace/resourcequotas/getquota
"""

from typing import Any

from workspace_fake.errors import ApiError, invalid
from workspace_fake.handlers.catalog import BY_WORD, found_by, inside
from workspace_fake.routes import Call, routes

_API = "/api/2.1/unity-catalog"
_WORKSPACE_ID = 7474


@routes("GET", f"{_API}/current-metastore-assignment")
def metastore_assignment(call: Call) -> Any:
    if call.state.metastore is None:
        raise ApiError(404, "METASTORE_DOES_NOT_EXIST", "No metastore assigned for the current workspace.")
    return {"metastore_id": call.state.metastore, "workspace_id": _WORKSPACE_ID}


@routes("GET", f"{_API}/resource-quotas/{{parent}}/{{name}}/{{quota}}")
def quota(call: Call) -> Any:
    """Return how many schemas a catalog holds and may hold: the only quota that is known here. It refuses no new schema."""
    if (call.vars["parent"], call.vars["quota"]) != ("catalog", "schema-quota"):
        raise invalid(
            f"Quota {call.vars['quota']} of a {call.vars['parent']} is not known to the fake workspace"
        )
    name = found_by(call, BY_WORD["catalog"])["full_name"]
    return {
        "quota_info": {
            "parent_full_name": name,
            "parent_securable_type": "CATALOG",
            "quota_name": "schema-quota",
            "quota_count": inside(name, call.state.schemas),
            "quota_limit": call.state.schema_quota,
        }
    }
