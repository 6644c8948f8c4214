"""Unity Catalog: catalogs, schemas, volumes, registered models, tables, functions."""

from typing import Any

from databricks.sdk.service import catalog as types

from workspace_fake.bodies import Fields, fields_of_call
from workspace_fake.errors import ApiError, invalid, missing, taken
from workspace_fake.handlers.grants import demand, demand_manage, has
from workspace_fake.people import steady_uuid
from workspace_fake.routes import Call, routes
from workspace_fake.state import Json

_API = "/api/2.1/unity-catalog"
_NOT_IN_NAMES = set(" ./\x00")


def _checked_name(name: str, kind: str) -> str:
    """Names are in lower case; some characters are refused."""
    if not name or len(name) > 255 or set(name) & _NOT_IN_NAMES or not name.isprintable():
        raise invalid(f"Invalid input: {kind} name '{name}' is not a valid name")
    return name.lower()


def _new(call: Call, kind: str, whole: str, body: Json) -> Json:
    now, me = call.state.now(), call.caller.name
    number = steady_uuid(f"{kind} {whole} {now}")
    return {
        **body, "full_name": whole, "owner": me, "created_by": me, "updated_by": me, "created_at": now, "updated_at": now,
        "metastore_id": "m", f"{kind}_id": number,
    }  # fmt: skip


def _visible(call: Call, kind: str, found: Json) -> bool:
    privileges = {
        "catalog": "USE_CATALOG",
        "schema": "USE_SCHEMA",
        "volume": "READ_VOLUME",
        "table": "SELECT",
    }
    wanted = privileges.get(kind, "EXECUTE")
    return any(has(call, each, kind, found["full_name"]) for each in (wanted, "BROWSE", "MANAGE"))


def _found(call: Call, kind: str, title: str, where: dict[str, Json]) -> Json:
    name = call.vars["name"].lower()
    if name not in where:
        raise missing(title, name)
    if not _visible(call, kind, where[name]):
        raise ApiError(403, "PERMISSION_DENIED", f"User does not have permission to see {title} '{name}'.")
    return where[name]


def _parent(call: Call, body: Json) -> str:
    catalog, schema = body["catalog_name"].lower(), body["schema_name"].lower()
    if catalog not in call.state.catalogs:
        raise missing("Catalog", catalog)
    if f"{catalog}.{schema}" not in call.state.schemas:
        raise missing("Schema", f"{catalog}.{schema}")
    return f"{catalog}.{schema}"


def _listed(call: Call, kind: str, where: dict[str, Json], name: str) -> Any:
    """Return those of a catalog or a schema that the caller may see."""
    prefix = ".".join(
        call.query[each].lower() for each in ("catalog_name", "schema_name") if call.query.get(each)
    )
    found = [each for each in where.values() if not prefix or each["full_name"].startswith(f"{prefix}.")]
    return {name: [each for each in found if _visible(call, kind, each)]}


@routes("GET", f"{_API}/catalogs/{{name}}")
def get_catalog(call: Call) -> Any:
    return _found(call, "catalog", "Catalog", call.state.catalogs)


@routes("GET", f"{_API}/catalogs")
def list_catalogs(call: Call) -> Any:
    return _listed(call, "catalog", call.state.catalogs, "catalogs")


@routes("POST", f"{_API}/catalogs")
def create_catalog(call: Call) -> Any:
    body = call.checked(fields_of_call(types.CatalogsAPI.create))
    name = _checked_name(body["name"], "catalog")
    if not call.state.people.is_admin(call.caller.name):
        raise ApiError(
            403, "PERMISSION_DENIED", "User does not have CREATE CATALOG on Metastore 'metastore'."
        )
    if name in call.state.catalogs:
        raise taken("Catalog", name)
    found = _new(
        call,
        "catalog",
        name,
        {**body, "name": name, "catalog_type": "MANAGED_CATALOG", "isolation_mode": "OPEN"},
    )
    call.state.catalogs[name] = found
    return found


def _updated(  # noqa: PLR0917 - the kind in the forms that it has here
    call: Call, kind: str, title: str, where: dict[str, Json], fields: Fields, path: str
) -> Json:
    found = _found(call, kind, title, where)
    body = call.checked(fields, without=(path,))
    name = found["full_name"]
    demand_manage(call, kind, name)
    new = body.pop("new_name", None)
    found.update({k: v for k, v in body.items() if k not in ("force", path)}, updated_at=call.state.now())
    if new is not None:
        whole = ".".join([*name.split(".")[:-1], _checked_name(new, kind)])
        if whole in where:
            raise taken(title, whole)
        where[whole] = where.pop(name)
        found.update(name=whole.rpartition(".")[2], full_name=whole)
        call.state.grants[kind, whole] = call.state.grants.pop((kind, name), {})
    return found


@routes("PATCH", f"{_API}/catalogs/{{name}}")
def update_catalog(call: Call) -> Any:
    fields = fields_of_call(types.CatalogsAPI.update)
    return _updated(call, "catalog", "Catalog", call.state.catalogs, fields, "name")


@routes("DELETE", f"{_API}/catalogs/{{name}}")
def delete_catalog(call: Call) -> Any:
    name = _found(call, "catalog", "Catalog", call.state.catalogs)["name"]
    demand_manage(call, "catalog", name)
    inside = [each for each in call.state.schemas if each.startswith(f"{name}.")]
    if inside and not call.is_forced:
        raise ApiError(
            400,
            "CATALOG_NOT_EMPTY",
            f"Catalog '{name}' is not empty. The catalog has {len(inside)} schema(s)",
        )
    for each in inside:
        _drop_schema(call, each)
    del call.state.catalogs[name]


@routes("GET", f"{_API}/schemas/{{name}}")
def get_schema(call: Call) -> Any:
    return _found(call, "schema", "Schema", call.state.schemas)


@routes("GET", f"{_API}/schemas")
def list_schemas(call: Call) -> Any:
    if call.query.get("catalog_name", "").lower() not in call.state.catalogs:
        raise missing("Catalog", call.query.get("catalog_name"))
    return _listed(call, "schema", call.state.schemas, "schemas")


@routes("POST", f"{_API}/schemas")
def create_schema(call: Call) -> Any:
    body = call.checked(fields_of_call(types.SchemasAPI.create))
    catalog, name = body["catalog_name"].lower(), _checked_name(body["name"], "schema")
    if catalog not in call.state.catalogs:
        raise missing("Catalog", catalog)
    demand(call, "CREATE_SCHEMA", "catalog", catalog)
    whole = f"{catalog}.{name}"
    if whole in call.state.schemas:
        raise taken("Schema", name)
    found = _new(
        call,
        "schema",
        whole,
        {**body, "name": name, "catalog_name": catalog, "catalog_type": "MANAGED_CATALOG"},
    )
    call.state.schemas[whole] = found
    return found


@routes("PATCH", f"{_API}/schemas/{{name}}")
def update_schema(call: Call) -> Any:
    fields = fields_of_call(types.SchemasAPI.update)
    return _updated(call, "schema", "Schema", call.state.schemas, fields, "full_name")


@routes("DELETE", f"{_API}/schemas/{{name}}")
def delete_schema(call: Call) -> Any:
    name = _found(call, "schema", "Schema", call.state.schemas)["full_name"]
    demand_manage(call, "schema", name)
    state = call.state
    tables, functions, volumes = (
        sum(each.startswith(f"{name}.") for each in found)
        for found in (state.tables, [*state.functions, *state.models], state.volumes)
    )
    if tables + functions + volumes and not call.is_forced:
        raise ApiError(
            400,
            "INVALID_STATE",
            f"Schema '{name}' is not empty. "
            f"The schema has {tables} tables(s), {functions} functions(s), {volumes} volumes(s)",
        )
    _drop_schema(call, name)


def _drop_schema(call: Call, name: str) -> None:
    """Remove a schema with everything in it."""
    state = call.state
    for where in (
        state.tables,
        state.functions,
        state.models,
        state.model_versions,
        state.volumes,
        state.monitors,
    ):
        for each in [each for each in where if each.startswith(f"{name}.")]:
            del where[each]
    folder = f"/Volumes/{name.replace('.', '/')}/"
    for path in [path for path in state.volume_files if path.startswith(folder)]:
        del state.volume_files[path]
    for place in [place for place in state.grants if place[1] == name or place[1].startswith(f"{name}.")]:
        del state.grants[place]
    del state.schemas[name]


@routes("POST", f"{_API}/volumes")
def create_volume(call: Call) -> Any:
    body = call.checked(fields_of_call(types.VolumesAPI.create))
    schema, name = _parent(call, body), _checked_name(body["name"], "volume")
    demand(call, "CREATE_VOLUME", "schema", schema)
    is_external = body["volume_type"] == "EXTERNAL"
    if is_external != bool(body.get("storage_location")):
        words = "must be provided for an external volume" if is_external else "can not be provided"
        raise invalid(f"CreateVolume storage_location {words}.")
    whole = f"{schema}.{name}"
    if whole in call.state.volumes:
        raise taken("Volume", whole)
    catalog, inner = schema.split(".")
    found = _new(call, "volume", whole, {**body, "name": name, "catalog_name": catalog, "schema_name": inner})
    found["storage_location"] = body.get(
        "storage_location", f"abfss://metastore/{found['volume_id']}"
    ).rstrip("/")
    call.state.volumes[whole] = found
    return found


@routes("GET", f"{_API}/volumes/{{name}}")
def get_volume(call: Call) -> Any:
    return _found(call, "volume", "Volume", call.state.volumes)


@routes("GET", f"{_API}/volumes")
def list_volumes(call: Call) -> Any:
    return _listed(call, "volume", call.state.volumes, "volumes")


@routes("PATCH", f"{_API}/volumes/{{name}}")
def update_volume(call: Call) -> Any:
    fields = fields_of_call(types.VolumesAPI.update)
    return _updated(call, "volume", "Volume", call.state.volumes, fields, "name")


@routes("DELETE", f"{_API}/volumes/{{name}}")
def delete_volume(call: Call) -> Any:
    name = _found(call, "volume", "Volume", call.state.volumes)["full_name"]
    demand_manage(call, "volume", name)
    folder = f"/Volumes/{name.replace('.', '/')}/"
    for path in [path for path in call.state.volume_files if path.startswith(folder)]:
        del call.state.volume_files[path]
    del call.state.volumes[name]
    call.state.grants.pop(("volume", name), None)


@routes("POST", f"{_API}/models")
def create_model(call: Call) -> Any:
    fields = fields_of_call(types.RegisteredModelsAPI.create)
    body = call.checked(Fields(fields.types, frozenset({"catalog_name", "schema_name", "name"})))
    schema, name = _parent(call, body), _checked_name(body["name"], "model")
    demand(call, "CREATE_MODEL", "schema", schema)
    whole = f"{schema}.{name}"
    if whole in call.state.models:
        raise taken("RegisteredModel", whole)
    body.pop("aliases", None)  # silently not applied, as the real API does
    catalog, inner = schema.split(".")
    found = _new(call, "model", whole, {**body, "name": name, "catalog_name": catalog, "schema_name": inner})
    found.setdefault("storage_location", f"abfss://metastore/models/{found['model_id']}")
    call.state.models[whole] = found
    return found


@routes("GET", f"{_API}/models/{{name}}")
def get_model(call: Call) -> Any:
    return _found(call, "function", "RegisteredModel", call.state.models)


@routes("GET", f"{_API}/models")
def list_models(call: Call) -> Any:
    return _listed(call, "function", call.state.models, "registered_models")


@routes("PATCH", f"{_API}/models/{{name}}")
def update_model(call: Call) -> Any:
    fields = fields_of_call(types.RegisteredModelsAPI.update)
    return _updated(call, "function", "RegisteredModel", call.state.models, fields, "full_name")


@routes("DELETE", f"{_API}/models/{{name}}")
def delete_model(call: Call) -> Any:
    name = _found(call, "function", "RegisteredModel", call.state.models)["full_name"]
    demand_manage(call, "function", name)
    call.state.model_versions.pop(name, None)
    del call.state.models[name]
    call.state.grants.pop(("function", name), None)


@routes("GET", f"{_API}/models/{{name}}/versions")
def model_versions(call: Call) -> Any:
    name = _found(call, "function", "RegisteredModel", call.state.models)["full_name"]
    return {"model_versions": call.state.model_versions.get(name, [])}


@routes("GET", f"{_API}/tables/{{name}}")
def get_table(call: Call) -> Any:
    return _found(call, "table", "Table", call.state.tables)


@routes("GET", f"{_API}/tables")
def list_tables(call: Call) -> Any:
    return _listed(call, "table", call.state.tables, "tables")


@routes("GET", f"{_API}/functions/{{name}}")
def get_function(call: Call) -> Any:
    return _found(call, "function", "Function", call.state.functions)


@routes("GET", f"{_API}/functions")
def list_functions(call: Call) -> Any:
    return _listed(call, "function", call.state.functions, "functions")
