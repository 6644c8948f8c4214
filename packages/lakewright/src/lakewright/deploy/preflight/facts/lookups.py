"""Variables that are looked up in the workspace: `lookup: {service_principal: name}`.

Source: https://github.com/databricks/cli/tree/main/bundle/config/variable (one resolver for each kind)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lakewright.bundle import Bundle
from lakewright.workspace import Calls
from lakewright.workspace.refusing import Kind, Refusal

# For each kind: the path, the list in the answer, the field with the name, that with the id, the parameter that filters by name.
_KINDS = {
    "service_principal": (
        "/api/2.0/preview/scim/v2/ServicePrincipals",
        "Resources",
        "displayName",
        "applicationId",
        "scim",
    ),
    "cluster_policy": ("/api/2.0/policies/clusters/list", "policies", "name", "policy_id", ""),
    "instance_pool": (
        "/api/2.0/instance-pools/list",
        "instance_pools",
        "instance_pool_name",
        "instance_pool_id",
        "",
    ),
    "warehouse": ("/api/2.0/sql/warehouses", "warehouses", "name", "id", ""),
    "job": ("/api/2.2/jobs/list", "jobs", "settings.name", "job_id", "name"),
    "pipeline": ("/api/2.0/pipelines", "statuses", "name", "pipeline_id", "like"),
    "metastore": ("/api/2.1/unity-catalog/metastores", "metastores", "name", "metastore_id", ""),
    "cluster": ("/api/2.1/clusters/list", "clusters", "cluster_name", "cluster_id", ""),
    "notification_destination": ("/api/2.0/notification-destinations", "results", "display_name", "id", ""),
    "dashboard": ("/api/2.0/lakeview/dashboards", "dashboards", "display_name", "dashboard_id", ""),
    "alert": ("/api/2.0/sql/alerts", "results", "display_name", "id", ""),
    "query": ("/api/2.0/sql/queries", "results", "display_name", "id", ""),
}


@dataclass(frozen=True)
class Lookups:
    """What the lookups of a bundle found.

    Attributes:
        values: The ids, by the variables' names.
        counts: How many things have each name, by the variables' names; anything but one is an error of a deployment.
    """

    values: Mapping[str, str]
    counts: Mapping[str, int | Refusal]


def lookups_of(bundle: Bundle) -> dict[str, tuple[str, str]]:
    """Return the kind and the name that each variable of a bundle looks up."""
    found = {}
    for name, variable in (bundle.resolved.get("variables") or {}).items():
        lookup = variable.get("lookup") if isinstance(variable, dict) else None
        for kind, wanted in (lookup or {}).items() if isinstance(lookup, dict) else ():
            if wanted:
                found[str(name)] = (str(kind), str(wanted))
    return found


def names_not_found(bundle: Bundle, counts: Mapping[str, int | Refusal]) -> frozenset[str]:
    """Return the names that lookups did not find: in the bundle they stand in place of ids, and nothing can be granted to them.

    Args:
        bundle: The bundle.
        counts: How many things have each name, by the variables' names.
    """
    looked_up = lookups_of(bundle)
    return frozenset(name for variable, (_, name) in looked_up.items() if counts.get(variable, 1) != 1)


def look_up(bundle: Bundle, calls: Calls, *, given: Mapping[str, str]) -> Lookups:
    """Ask for every lookup of a bundle.

    Args:
        bundle: The bundle.
        calls: The questions of a connection.
        given: Variables that the command line sets: they are not looked up.
    """
    wanted = {name: each for name, each in lookups_of(bundle).items() if name not in given}
    answers = calls.together(lambda each: _ids(calls, *each), list(wanted.values()))
    found = dict(zip(wanted, answers, strict=True))
    values = {name: ids[0] for name, ids in found.items() if not isinstance(ids, Refusal) and len(ids) == 1}
    counts = {name: ids if isinstance(ids, Refusal) else len(ids) for name, ids in found.items()}
    return Lookups(values, counts)


def _ids(calls: Calls, kind: str, wanted: str) -> tuple[str, ...] | Refusal:
    if kind not in _KINDS:
        return Refusal(Kind.NOT_OFFERED, f"lookups of kind `{kind}` are not known here")
    path, key, name_field, id_field, by = _KINDS[kind]
    query = {}
    if by == "scim":
        query = {"filter": f"displayName eq {scim_text(wanted)}"}
    elif by == "name":
        query = {"name": wanted}
    elif by == "like":
        query = {"filter": f"name LIKE {sql_like_text(wanted)}"}
    answer = calls.pages(path, key=key, query=query)
    if answer.refusal is not None:
        return answer.refusal
    return tuple(
        str(each[id_field])
        for each in answer.items(key)
        if field_of(each, name_field) == wanted and each.get(id_field) is not None
    )


def field_of(value: Mapping[str, object], path: str) -> str | None:
    """Return the text at a path such as `settings.name` in an object of an answer; None if there is none."""
    found: object = value
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return str(found) if found is not None else None


def scim_text(value: str) -> str:
    r"""Return a text as a filter of SCIM has it.

    >>> print(scim_text('the "best"'))
    "the \"best\""
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def sql_like_text(value: str) -> str:
    """Return a text for `LIKE` in a filter of the pipelines' API; the answers are compared again.

    >>> print(sql_like_text("ana's"))
    'ana''s'
    """
    return "'" + value.replace("'", "''") + "'"
