"""The serving endpoint of a registered model: it answers requests with one version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from databricks_utils.workspace_objects.api import Api, find
from databricks_utils.workspace_objects.errors import EndpointBusyError
from databricks_utils.workspace_objects.outcome import Outcome

_ENDPOINTS = "/api/2.0/serving-endpoints"
_COMPARED = ("entity_name", "entity_version", "workload_size", "scale_to_zero_enabled")


@dataclass(frozen=True)
class ServedModel:
    """A version of a model, served by an endpoint.

    Attributes:
        endpoint: The endpoint's name.
        model: The registered model's three-part name.
        version: The version that answers.
        workload_size: `Small`, `Medium` or `Large`.
        tags: Tags of a new endpoint, for the bill.
    """

    endpoint: str
    model: str
    version: str
    workload_size: str = "Small"
    tags: Mapping[str, str] = field(default_factory=dict)

    def entity(self) -> dict[str, Any]:
        """Return what the endpoint serves, as the service takes it; it stops when nobody asks."""
        return {
            "entity_name": self.model,
            "entity_version": self.version,
            "workload_size": self.workload_size,
            "scale_to_zero_enabled": True,
        }


def ensure_endpoint(api: Api, wanted: ServedModel) -> Outcome:
    """Make an endpoint that serves a version, or change it to that version. It does not wait until the version answers.

    Args:
        api: The workspace; its principal may create endpoints and has EXECUTE on the model.
        wanted: The endpoint and the version.

    Returns:
        What was done; a change that is on its way already counts as none.

    Raises:
        EndpointBusyError: The endpoint is being changed to something else; the service refuses a second change.
    """
    config = {"served_entities": [wanted.entity()]}
    standing = find(api, _ENDPOINTS, wanted.endpoint)
    if standing is None:
        tags = [{"key": key, "value": value} for key, value in sorted(wanted.tags.items())]
        api.do("POST", _ENDPOINTS, body={"name": wanted.endpoint, "config": config, "tags": tags})
        return Outcome.CREATED
    pending = standing.get("pending_config")
    if _serves(pending or standing.get("config"), wanted):
        return Outcome.UNCHANGED
    if pending or (standing.get("state") or {}).get("config_update") == "IN_PROGRESS":
        raise EndpointBusyError(
            f"serving endpoint {wanted.endpoint}: it is being changed to another version",
            location=wanted.endpoint,
            fix="run the task again when the change has ended: databricks serving-endpoints get "
            + wanted.endpoint,
        )
    api.do("PUT", f"{_ENDPOINTS}/{quote(wanted.endpoint, safe='')}/config", body=config)
    return Outcome.UPDATED


def _serves(config: dict[str, Any] | None, wanted: ServedModel) -> bool:
    served = (config or {}).get("served_entities") or []
    entity = wanted.entity()
    return len(served) == 1 and all(served[0].get(name) == entity[name] for name in _COMPARED)
