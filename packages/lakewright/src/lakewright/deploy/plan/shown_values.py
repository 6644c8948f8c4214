"""Which values of a plan may be printed.

A plan holds what jobs, endpoints and apps are configured with: tokens in variables, in Spark's configuration, in addresses of webhooks.
So only names and places of resources are printed, and no other value.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_LONGEST = 160
_PLAIN = frozenset(
    {
        "artifact_location",
        "assets_dir",
        "branch_id",
        "catalog",
        "catalog_id",
        "catalog_name",
        "connection_name",
        "database_id",
        "database_instance_name",
        "endpoint_name",
        "endpoint_type",
        "experiment_name",
        "full_name",
        "index_subtype",
        "index_type",
        "logical_database_name",
        "name",
        "output_schema_name",
        "parent",
        "parent_path",
        "pg_version",
        "project_id",
        "schema",
        "schema_name",
        "scope",
        "scope_backend_type",
        "source_table_full_name",
        "storage",
        "storage_location",
        "storage_root",
        "synced_table_id",
        "table_name",
        "target",
        "volume_type",
    }
)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)
_TOKEN = re.compile(r"(?:dapi|dose|dkea|dsapi|ghp_|eyJ)[A-Za-z0-9_\-]{16,}|://[^/\s:@]+:[^/\s@]+@")


def shown_value(field: str, value: object) -> str | None:
    """Return a value as it may be printed, or None if it may not.

    Args:
        field: The path of its field. Only fields at the top of a resource are printed.
        value: The value.

    Examples:
        >>> shown_value("catalog_name", "dev_shop"), shown_value("spark_env_vars", {"TOKEN": "dapi…"})
        ('dev_shop', None)
    """
    if field not in _PLAIN or not isinstance(value, str | int) or isinstance(value, bool):
        return None
    text = str(value)
    if _TOKEN.search(text):
        return None
    if _ADDRESS.match(text):
        text = _without_signature(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _without_signature(address: str) -> str:
    """Return an address without what may sign it: `https://host/path?sig=…`."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "…"
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
