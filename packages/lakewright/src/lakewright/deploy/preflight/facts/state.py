"""What earlier deployments left in the workspace: their state, their lock, their folder.

Source: https://github.com/databricks/cli/blob/main/bundle/direct/dstate/state.go, libs/locker/locker.go
"""

from __future__ import annotations

import base64
import binascii
import json
import posixpath
from collections.abc import Mapping
from typing import Any

from lakewright.deploy.preflight.facts.facts import Folder, Lock
from lakewright.workspace import Calls
from lakewright.workspace.refusing import Kind, Refusal

_STATE, _TERRAFORM, _LOCK = "resources.json", "terraform.tfstate", "deploy.lock"
_SECTIONS = {
    "databricks_job": "jobs",
    "databricks_pipeline": "pipelines",
    "databricks_schema": "schemas",
    "databricks_volume": "volumes",
    "databricks_registered_model": "registered_models",
    "databricks_mlflow_experiment": "experiments",
    "databricks_model_serving": "model_serving_endpoints",
    "databricks_sql_endpoint": "sql_warehouses",
    "databricks_secret_scope": "secret_scopes",
    "databricks_dashboard": "dashboards",
    "databricks_catalog": "catalogs",
    "databricks_quality_monitor": "quality_monitors",
    "databricks_app": "apps",
    "databricks_cluster": "clusters",
}


def state_in(calls: Calls, folder: str) -> Mapping[str, str] | Refusal | None:
    """Return the ids of what earlier deployments made, by key path; None before the first one.

    Args:
        calls: The questions of a connection.
        folder: The folder with the state.
    """
    content = _file(calls, f"{folder}/{_STATE}")
    if isinstance(content, dict):
        entries = content.get("state")
        return {
            str(key): str(entry.get("__id__") or "")
            for key, entry in (entries if isinstance(entries, dict) else {}).items()
            if isinstance(entry, dict)
        }
    if content is not None:
        return content
    content = _file(calls, f"{folder}/{_TERRAFORM}")
    return _of_terraform(content) if isinstance(content, dict) else content


def lock_in(calls: Calls, folder: str) -> Lock | Refusal | None:
    """Return the lock of a deployment; None if nobody deploys.

    Args:
        calls: The questions of a connection.
        folder: The folder with the state.
    """
    content = _file(calls, f"{folder}/{_LOCK}")
    if not isinstance(content, dict):
        return content
    return Lock(
        str(content.get("User") or "somebody"), str(content.get("AcquisitionTime") or "an unknown time")
    )


def folder_at(calls: Calls, path: str) -> Folder | Refusal:
    """Return the folder of a path, or the nearest one above it that exists, with the permissions on it.

    Args:
        calls: The questions of a connection.
        path: A path below `/Workspace`.
    """
    here = path.rstrip("/") or "/"
    while True:
        answer = calls.get("/api/2.0/workspace/get-status", query={"path": here})
        if answer.refusal is not None:
            return answer.refusal
        if answer.content is not None:
            return Folder(here, _rights(calls, answer.content))
        above = posixpath.dirname(here)
        if above == here:
            return Refusal(Kind.FAILED, f"no folder above {path} is visible")
        here = above


def _rights(calls: Calls, status: Mapping[str, Any]) -> Mapping[str, str] | Refusal:
    number = status.get("object_id")
    if number is None:
        return Refusal(Kind.FAILED, "the folder has no number")
    answer = calls.get(f"/api/2.0/permissions/directories/{number}")
    if answer.content is None:
        return answer.refusal or Refusal(Kind.FAILED, "the folder has no permissions")
    found = {}
    for entry in answer.items("access_control_list"):
        name = entry.get("user_name") or entry.get("service_principal_name") or entry.get("group_name")
        levels = [str(each.get("permission_level")) for each in entry.get("all_permissions") or []]
        if name:
            found[str(name).lower()] = ", ".join(levels)
    return found


def _file(calls: Calls, path: str) -> dict[str, Any] | Refusal | None:
    """Return a JSON file of the workspace; None if there is none."""
    answer = calls.get("/api/2.0/workspace/export", query={"path": path, "format": "AUTO"})
    if answer.content is None:
        return answer.refusal
    try:
        content = json.loads(base64.b64decode(str(answer.content["content"])))
    except (KeyError, ValueError, binascii.Error):
        content = None
    if not isinstance(content, dict):
        return Refusal(Kind.FAILED, f"{path} is no file of a deployment")
    return content


def _of_terraform(content: Mapping[str, Any]) -> Mapping[str, str]:
    found = {}
    for entry in content.get("resources") or []:
        section = _SECTIONS.get(str(entry.get("type")))
        for instance in (entry.get("instances") or [])[:1] if section else ():
            attributes = instance.get("attributes") or {}
            found[f"resources.{section}.{entry.get('name')}"] = str(attributes.get("id") or "")
    return found
