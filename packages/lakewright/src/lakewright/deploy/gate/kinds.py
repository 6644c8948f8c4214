"""The kinds of resources that a bundle declares, and what is lost when one is deleted.

Everything for which the CLI itself asks for consent holds data here, and more. A kind that is not in the table is refused.
Source: https://github.com/databricks/cli/blob/main/bundle/phases/deploy.go (`deployApprovalGroups`),
https://github.com/databricks/cli/blob/main/bundle/direct/dresources/all.go (the kinds)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Keeps(StrEnum):
    """What a resource of a kind keeps that its declaration does not say."""

    DATA = "data"  # its deletion is refused
    HISTORY = "history"  # its deletion is shown; its recreation is a warning
    NOTHING = "nothing"  # shown


@dataclass(frozen=True)
class Kind:
    """A kind of resources.

    Attributes:
        noun: One of them, in words.
        keeps: What it keeps.
        loss: What a deletion does, one or two sentences.
        recovery: Whether and how it can be undone.
        source: Where that is documented.
        named_by: The fields that make its full name, the first part first.
        within: The kinds whose deletion deletes it too, though the plan leaves it in place.
        renamed: What a rename (`update_id`) does; empty where the CLI knows none.
    """

    noun: str
    keeps: Keeps
    loss: str
    recovery: str = ""
    source: str = ""
    named_by: tuple[str, ...] = ("name",)
    within: tuple[str, ...] = ()
    renamed: str = ""


_API = "https://docs.databricks.com/api/"
_SQL = "https://docs.databricks.com/sql/language-manual/"
_MESSAGES = "https://github.com/databricks/cli/blob/main/bundle/phases/messages.go"
_IN_SCHEMA = ("catalogs", "schemas")
_THREE = ("catalog_name", "schema_name", "name")
_PERMANENT = "It cannot be undone."
_NO_WAY = "No way back is documented."

_HOLD_DATA = {
    "catalogs": Kind(
        "catalog",
        Keeps.DATA,
        "The CLI deletes it with force: every schema, table, view, volume, model and function in it goes too.",
        "Files of managed tables and volumes are kept for 7 days by default, but UNDROP needs the catalog and the schema. "
        "Files of external tables and volumes stay.",
        f"{_SQL}sql-ref-syntax-ddl-undrop-table",
        renamed="It is renamed in place and keeps its data; whatever reads it by the old name fails.",
    ),
    "schemas": Kind(
        "schema",
        Keeps.DATA,
        "The CLI deletes it with force: every table, view, volume, model and function in it goes too, also those that no bundle declares.",
        "Files of managed tables and volumes are kept for 7 days by default, but UNDROP needs the schema that is gone. "
        "Files of external tables and volumes stay.",
        f"{_SQL}sql-ref-syntax-ddl-drop-schema",
        named_by=("catalog_name", "name"),
        within=("catalogs",),
    ),
    "volumes": Kind(
        "volume",
        Keeps.DATA,
        "The files of a managed volume are deleted; those of an external volume stay, and its name and grants go.",
        "For 7 days by UNDROP VOLUME WITH ID (new runtimes and SQL warehouses), as long as its schema exists.",
        f"{_SQL}sql-ref-syntax-ddl-undrop-volume",
        named_by=_THREE,
        within=_IN_SCHEMA,
        renamed="It is renamed in place and keeps its files; paths with the old name fail.",
    ),
    "registered_models": Kind(
        "registered model",
        Keeps.DATA,
        "All its versions go with it, and their files and aliases.",
        _NO_WAY,
        f"{_API}uc-registered-models/v1/delete-registered-model",
        named_by=_THREE,
        within=_IN_SCHEMA,
    ),
    "models": Kind(
        "model of the workspace registry",
        Keeps.DATA,
        "All its versions go with it.",
        _NO_WAY,
        f"{_API}model-registry/v1/delete-registered-model",
    ),
    "experiments": Kind(
        "experiment",
        Keeps.DATA,
        "All its runs go with it: metrics, parameters, tags, artifacts.",
        "Until it is purged: POST /api/2.0/mlflow/experiments/restore. What the bundle recreates is another experiment.",
        f"{_API}experiments/v1/delete-experiment",
    ),
    "pipelines": Kind(
        "pipeline",
        Keeps.DATA,
        "Its streaming tables and materialized views are deleted with it, unless it was deployed with `cascade_on_destroy: false`, "
        "and its checkpoints. A recreated pipeline reads its sources again from the start; what they no longer hold is lost.",
        "By Databricks support.",
        f"{_API}pipelines/v2/delete",
        within=_IN_SCHEMA,
    ),
    "secret_scopes": Kind(
        "secret scope",
        Keeps.DATA,
        "All secrets in it and its ACLs go with it; the bundle does not hold the secrets.",
        _NO_WAY,
        "https://learn.microsoft.com/azure/databricks/security/secrets/",
    ),
    "secrets": Kind(
        "secret",
        Keeps.DATA,
        "Its value goes with it; whatever reads it fails.",
        "Deploy it again with its value.",
        named_by=_THREE,
        within=_IN_SCHEMA,
    ),
    "dashboards": Kind(
        "dashboard",
        Keeps.DATA,
        "It goes to the trash. Its id, address, schedules and subscriptions are lost, and what was edited in the workspace only.",
        "From the trash, as long as it is there.",
        _MESSAGES,
    ),
    "genie_spaces": Kind(
        "Genie space", Keeps.DATA, "The conversations of its users go with it.", _PERMANENT, _MESSAGES
    ),
    "database_instances": Kind(
        "database instance", Keeps.DATA, "All its databases go with it.", _PERMANENT, _MESSAGES
    ),
    "synced_database_tables": Kind(
        "synced database table",
        Keeps.DATA,
        "The rows in the database go with it; the source table stays.",
        "Deploy it again: it is synced from the source.",
        _MESSAGES,
        within=(*_IN_SCHEMA, "database_instances", "database_catalogs"),
    ),
    "postgres_projects": Kind(
        "Lakebase project",
        Keeps.DATA,
        "All its branches, databases and endpoints go with it.",
        _PERMANENT,
        _MESSAGES,
        named_by=("project_id",),
    ),
    "postgres_branches": Kind(
        "Lakebase branch",
        Keeps.DATA,
        "All data in it goes with it.",
        _PERMANENT,
        _MESSAGES,
        named_by=("branch_id",),
        within=("postgres_projects",),
    ),
    "postgres_databases": Kind(
        "Lakebase database",
        Keeps.DATA,
        "All data in it goes with it.",
        _PERMANENT,
        _MESSAGES,
        named_by=("database_id",),
        within=("postgres_projects", "postgres_branches"),
    ),
    "postgres_synced_tables": Kind(
        "Lakebase synced table",
        Keeps.DATA,
        "The rows in the database go with it; the source table stays.",
        "Deploy it again: it is synced from the source.",
        _MESSAGES,
        named_by=("synced_table_id",),
        within=(
            *_IN_SCHEMA,
            "postgres_projects",
            "postgres_branches",
            "postgres_databases",
            "postgres_catalogs",
        ),
    ),
    "vector_search_indexes": Kind(
        "vector search index",
        Keeps.DATA,
        "A Delta Sync index computes all embeddings again; the vectors of a Direct Access index are lost.",
        _PERMANENT,
        _MESSAGES,
        within=(*_IN_SCHEMA, "vector_search_endpoints"),
    ),
}

_KEEP_HISTORY = {
    "jobs": Kind("job", Keeps.HISTORY, "Its runs are no longer listed, and it gets another id."),
    "quality_monitors": Kind(
        "quality monitor",
        Keeps.HISTORY,
        "Its metric tables and its dashboard stay; a new monitor starts its own.",
        source=f"{_API}data-quality/v1/delete-monitor",
        named_by=("table_name",),
    ),
    "apps": Kind("app", Keeps.HISTORY, "Its service principal changes, and what was granted to it is lost."),
    "model_serving_endpoints": Kind(
        "serving endpoint",
        Keeps.HISTORY,
        "It answers no requests until a new one is ready; its inference tables stay.",
    ),
    "vector_search_endpoints": Kind(
        "vector search endpoint", Keeps.HISTORY, "Its indexes answer no queries until they are on a new one."
    ),
    "sql_warehouses": Kind(
        "SQL warehouse", Keeps.HISTORY, "It gets another id; what names the old one fails."
    ),
    "database_catalogs": Kind(
        "database catalog", Keeps.HISTORY, "The database stays; the catalog's grants are lost."
    ),
    "postgres_catalogs": Kind(
        "Lakebase catalog",
        Keeps.HISTORY,
        "The database stays; the catalog's grants are lost.",
        named_by=("catalog_id",),
    ),
    "postgres_roles": Kind(
        "Lakebase role", Keeps.HISTORY, "What was granted to it by SQL is lost.", named_by=("role_id",)
    ),
    "external_locations": Kind(
        "external location",
        Keeps.HISTORY,
        "The files stay; tables and volumes on them cannot be read until there is another one.",
        renamed="It is renamed in place; the files stay.",
    ),
}

_KEEP_NOTHING = {
    "alerts": Kind("alert", Keeps.NOTHING, "Its evaluations are no longer listed."),
    "clusters": Kind("cluster", Keeps.NOTHING, "It gets another id."),
    "instance_pools": Kind("instance pool", Keeps.NOTHING, "It gets another id."),
    "job_runs": Kind("run of a job", Keeps.NOTHING, "To recreate it is to start the job again."),
    "postgres_endpoints": Kind(
        "Lakebase endpoint", Keeps.NOTHING, "Its address changes.", named_by=("endpoint_id",)
    ),
}

KINDS: Mapping[str, Kind] = MappingProxyType(_HOLD_DATA | _KEEP_HISTORY | _KEEP_NOTHING)
"""The kinds by the name of their section below `resources`."""

UNKNOWN = Kind(
    "resource of a kind that lakewright does not know",
    Keeps.DATA,
    "Whether it holds data is not known here, so it is taken to hold some.",
)


def kind_of(name: str) -> Kind:
    """Return a kind by the name of its section; `UNKNOWN` for one that is not in the table."""
    return KINDS.get(name, UNKNOWN)
