"""What has the name of a resource of the bundle already; each kind is asked for by name where its API can."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote

from lakewright.deploy.preflight.facts.facts import Taken
from lakewright.deploy.preflight.facts.lookups import sql_like_text
from lakewright.deploy.preflight.wanted.made import Made
from lakewright.workspace import Answer, Calls
from lakewright.workspace.refusing import Refusal

_NO_ID = "DASHBOARD_ID"  # its number in the workspace is another one
Found = tuple[Taken, ...] | Refusal
# Of Unity Catalog, `owners_of` knows more.
OF_UNITY_CATALOG = ("catalogs", "schemas", "volumes", "registered_models")


def names_taken(calls: Calls, made: Iterable[Made]) -> dict[str, Found]:
    """Return what has the names of resources already, by key path; empty for a name that is free.

    Args:
        calls: The questions of a connection.
        made: The resources that no earlier deployment made; those of Unity Catalog are left out.
    """
    asked = [each for each in made if each.section in _READERS]
    shared = {
        section: reader(calls)
        for section, reader in _LISTS.items()
        if any(each.section == section for each in asked)
    }
    found = calls.together(lambda each: _READERS[each.section](calls, each, shared.get(each.section)), asked)
    return {each.path: taken for each, taken in zip(asked, found, strict=True)}


def _job(calls: Calls, made: Made, _: Answer | None) -> Found:
    answer = calls.pages("/api/2.2/jobs/list", key="jobs", query={"name": made.name, "limit": 25})
    same = [
        each
        for each in answer.items("jobs")
        if (each.get("settings") or {}).get("name") == made.name  # the filter leaves case alone
    ]
    return answer.refusal or tuple(
        Taken(str(each.get("job_id")), _text(each.get("creator_user_name"))) for each in same
    )


def _pipeline(calls: Calls, made: Made, _: Answer | None) -> Found:
    query = {"filter": f"name LIKE {sql_like_text(made.name)}"}
    answer = calls.pages("/api/2.0/pipelines", key="statuses", query=query)
    same = [each for each in answer.items("statuses") if each.get("name") == made.name]
    return answer.refusal or tuple(
        Taken(str(each.get("pipeline_id")), _text(each.get("creator_user_name"))) for each in same
    )


def _experiment(calls: Calls, made: Made, _: Answer | None) -> Found:
    query = {"experiment_name": made.name}
    answer = calls.get("/api/2.0/mlflow/experiments/get-by-name", query=query)
    found = (answer.content or {}).get("experiment") or {}
    is_there = found.get("experiment_id") and found.get("lifecycle_stage") != "deleted"
    return answer.refusal or ((Taken(str(found["experiment_id"])),) if is_there else ())


def _warehouse(_: Calls, made: Made, answer: Answer | None) -> Found:
    assert answer is not None
    same = [each for each in answer.items("warehouses") if each.get("name") == made.name]
    return answer.refusal or tuple(
        Taken(str(each.get("id")), _text(each.get("creator_name"))) for each in same
    )


def _scope(_: Calls, made: Made, answer: Answer | None) -> Found:
    assert answer is not None
    names = {str(each.get("name")) for each in answer.items("scopes")}
    return answer.refusal or ((Taken(made.name),) if made.name in names else ())


def _at(path: str, identifier: str, owner: str) -> Callable[[Calls, Made, Answer | None], Found]:
    """Return a reader for a kind that is asked for by its name in the path."""

    def read(calls: Calls, made: Made, _: Answer | None) -> Found:
        answer = calls.get(path.format(name=quote(made.name, safe="")))
        if answer.content is None:
            return answer.refusal or ()
        return (Taken(str(answer.content.get(identifier) or made.name), _text(answer.content.get(owner))),)

    return read


def _endpoint(calls: Calls, made: Made, _: Answer | None) -> Found:
    answer = calls.get(f"/api/2.0/serving-endpoints/{quote(made.name, safe='')}")
    if answer.content is None:
        return answer.refusal or ()
    number = str(answer.content.get("id") or "ENDPOINT_ID")  # its permissions are not found by its name
    return (Taken(made.name, _text(answer.content.get("creator")), number),)


def _file(calls: Calls, made: Made, _: Answer | None) -> Found:
    answer = calls.get("/api/2.0/workspace/get-status", query={"path": made.name})
    if answer.content is None:
        return answer.refusal or ()
    return (Taken(str(answer.content.get("resource_id") or _NO_ID)),)


def _text(value: object) -> str | None:
    return str(value) if value else None


_READERS: Mapping[str, Callable[[Calls, Made, Answer | None], Found]] = {
    "jobs": _job,
    "pipelines": _pipeline,
    "experiments": _experiment,
    "sql_warehouses": _warehouse,
    "secret_scopes": _scope,
    "model_serving_endpoints": _endpoint,
    "external_locations": _at("/api/2.1/unity-catalog/external-locations/{name}", "name", "owner"),
    "quality_monitors": _at("/api/2.1/unity-catalog/tables/{name}/monitor", "table_name", "owner"),
    "apps": _at("/api/2.0/apps/{name}", "name", "creator"),
    "dashboards": _file,
}
_LISTS: Mapping[str, Callable[[Calls], Answer]] = {
    "sql_warehouses": lambda calls: calls.get("/api/2.0/sql/warehouses"),
    "secret_scopes": lambda calls: calls.get("/api/2.0/secrets/scopes/list"),
}
