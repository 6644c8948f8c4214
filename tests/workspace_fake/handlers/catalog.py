"""Unity Catalog: catalogs, schemas, volumes, registered models, tables, functions. What a kind has of its own is in `KINDS`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from databricks.sdk.service import catalog as types

from workspace_fake.bodies import Fields, fields_of_call
from workspace_fake.errors import ApiError, invalid, missing, taken
from workspace_fake.handlers.grants import demand, demand_manage, has
from workspace_fake.people import steady_uuid
from workspace_fake.routes import Call, routes
from workspace_fake.state import Json, State

_API = "/api/2.1/unity-catalog"
_NOT_IN_NAMES = set(" ./\x00")


@dataclass(frozen=True)
class Kind:
    """A kind of object in Unity Catalog.

    Attributes:
        word: Its name in ids and messages about names.
        title: Its name in other messages.
        plural: Its name in the path of its calls, and in the state.
        privilege: What shows it.
        securable: Its name for grants.
        listed: Its name in the answer to a list.
        api: The class of the SDK whose methods change it; None if no call does.
        in_path: The field of an update that stands in the path.
        levels: The fields of a body that name what it lies in.
        creating: The privilege that creates it there; empty if that is an administrator's.
        required: The required fields of a new one, where the SDK's method has other ones.
        prepare: Checks the body of a new one, and adds what the API adds; it gets the new id too.
        empty: Refuses to delete one that holds something.
    """

    word: str
    title: str
    plural: str
    privilege: str
    securable: str = ""
    listed: str = ""
    api: Any = None
    in_path: str = "name"
    levels: tuple[str, ...] = ()
    creating: str = ""
    required: frozenset[str] | None = None
    prepare: Callable[[Json, str], Json] = lambda body, number: body
    empty: Callable[[State, str], None] = lambda state, name: None

    @property
    def grants(self) -> str:
        """Its name for grants."""
        return self.securable or self.word

    def of(self, state: State) -> dict[str, Json]:
        """Return the objects of this kind by their whole names."""
        found: dict[str, Json] = getattr(state, self.plural)
        return found


def _with_a_place(body: Json, number: str) -> Json:
    is_external = body["volume_type"] == "EXTERNAL"
    if is_external != bool(body.get("storage_location")):
        words = "must be provided for an external volume" if is_external else "can not be provided"
        raise invalid(f"CreateVolume storage_location {words}.")
    place = body.get("storage_location") or f"abfss://metastore/{number}"
    return {**body, "storage_location": place.rstrip("/")}


def _without_aliases(body: Json, number: str) -> Json:
    """Aliases are silently not applied, as the real API does."""
    place = {"storage_location": f"abfss://metastore/models/{number}"}
    return {**place, **{name: value for name, value in body.items() if name != "aliases"}}


def inside(name: str, *where: dict[str, Any]) -> int:
    return sum(each.startswith(f"{name}.") for found in where for each in found)


def _catalog_is_empty(state: State, name: str) -> None:
    if schemas := inside(name, state.schemas):
        raise ApiError(
            400, "CATALOG_NOT_EMPTY", f"Catalog '{name}' is not empty. The catalog has {schemas} schema(s)"
        )


def _schema_is_empty(state: State, name: str) -> None:
    tables, volumes = inside(name, state.tables), inside(name, state.volumes)
    functions = inside(name, state.functions, state.models)
    if tables + functions + volumes:
        raise ApiError(
            400,
            "INVALID_STATE",
            f"Schema '{name}' is not empty. "
            f"The schema has {tables} tables(s), {functions} functions(s), {volumes} volumes(s)",
        )


KINDS = (
    Kind(
        "catalog",
        "Catalog",
        "catalogs",
        "USE_CATALOG",
        api=types.CatalogsAPI,
        prepare=lambda body, _: {**body, "catalog_type": "MANAGED_CATALOG", "isolation_mode": "OPEN"},
        empty=_catalog_is_empty,
    ),
    Kind(
        "schema",
        "Schema",
        "schemas",
        "USE_SCHEMA",
        api=types.SchemasAPI,
        in_path="full_name",
        levels=("catalog_name",),
        creating="CREATE_SCHEMA",
        prepare=lambda body, _: {**body, "catalog_type": "MANAGED_CATALOG"},
        empty=_schema_is_empty,
    ),
    Kind(
        "volume",
        "Volume",
        "volumes",
        "READ_VOLUME",
        api=types.VolumesAPI,
        levels=("catalog_name", "schema_name"),
        creating="CREATE_VOLUME",
        prepare=_with_a_place,
    ),
    Kind(
        "model",
        "RegisteredModel",
        "models",
        "EXECUTE",
        securable="function",
        listed="registered_models",
        api=types.RegisteredModelsAPI,
        in_path="full_name",
        levels=("catalog_name", "schema_name"),
        creating="CREATE_MODEL",
        required=frozenset({"catalog_name", "schema_name", "name"}),
        prepare=_without_aliases,
    ),
    Kind("table", "Table", "tables", "SELECT"),
    Kind("function", "Function", "functions", "EXECUTE"),
)
BY_WORD = {kind.word: kind for kind in KINDS}


def _checked_name(name: str, kind: Kind) -> str:
    """Names are in lower case; some characters are refused."""
    if not name or len(name) > 255 or set(name) & _NOT_IN_NAMES or not name.isprintable():
        raise invalid(f"Invalid input: {kind.word} name '{name}' is not a valid name")
    return name.lower()


def _visible(call: Call, kind: Kind, found: Json) -> bool:
    wanted = (kind.privilege, "BROWSE", "MANAGE")
    return any(has(call, each, kind.grants, found["full_name"]) for each in wanted)


def found_by(call: Call, kind: Kind) -> Json:
    name, where = call.vars["name"].lower(), kind.of(call.state)
    if name not in where:
        raise missing(kind.title, name)
    if not _visible(call, kind, where[name]):
        raise ApiError(
            403, "PERMISSION_DENIED", f"User does not have permission to see {kind.title} '{name}'."
        )
    return where[name]


def _listed(call: Call, kind: Kind) -> Json:
    """Return those of a catalog or a schema that the caller may see."""
    if kind.word == "schema" and call.query.get("catalog_name", "").lower() not in call.state.catalogs:
        raise missing("Catalog", call.query.get("catalog_name"))
    prefix = ".".join(
        call.query[each].lower() for each in ("catalog_name", "schema_name") if call.query.get(each)
    )
    found = [
        each
        for each in kind.of(call.state).values()
        if not prefix or each["full_name"].startswith(f"{prefix}.")
    ]
    return {kind.listed or kind.plural: [each for each in found if _visible(call, kind, each)]}


def _parent(call: Call, kind: Kind, body: Json) -> str:
    """Return the whole name of what a new object lies in, which is there."""
    parts = [body[level].lower() for level in kind.levels]
    for depth, word in zip(range(1, len(parts) + 1), ("catalog", "schema"), strict=False):
        whole = ".".join(parts[:depth])
        if whole not in BY_WORD[word].of(call.state):
            raise missing(BY_WORD[word].title, whole)
    return ".".join(parts)


def _demand_creating(call: Call, kind: Kind, parent: str) -> None:
    if kind.creating:
        demand(call, kind.creating, "catalog" if len(kind.levels) == 1 else "schema", parent)
    elif not call.state.people.is_admin(call.caller.name):
        raise ApiError(
            403, "PERMISSION_DENIED", "User does not have CREATE CATALOG on Metastore 'metastore'."
        )


def _created(call: Call, kind: Kind) -> Json:
    fields = fields_of_call(kind.api.create)
    body = call.checked(fields if kind.required is None else Fields(fields.types, kind.required))
    parent, name = _parent(call, kind, body), _checked_name(body["name"], kind)
    _demand_creating(call, kind, parent)
    where, whole = kind.of(call.state), f"{parent}.{name}".lstrip(".")
    levels = dict(zip(kind.levels, parent.split("."), strict=False))
    now, me = call.state.now(), call.caller.name
    number = steady_uuid(f"{kind.word} {whole} {now}")
    prepared = kind.prepare({**body, **levels, "name": name}, number)
    if whole in where:
        raise taken(kind.title, name if kind.word == "schema" else whole)
    where[whole] = {
        **prepared, "full_name": whole, "owner": me, "created_by": me, "updated_by": me, "created_at": now, "updated_at": now,
        "metastore_id": call.state.metastore, f"{kind.word}_id": number,
    }  # fmt: skip
    return where[whole]


def _updated(call: Call, kind: Kind) -> Json:
    found = found_by(call, kind)
    body = call.checked(fields_of_call(kind.api.update), without=(kind.in_path,))
    name, where = found["full_name"], kind.of(call.state)
    demand_manage(call, kind.grants, name)
    new = body.pop("new_name", None)
    kept = {key: value for key, value in body.items() if key not in ("force", kind.in_path)}
    found.update(kept, updated_at=call.state.now())
    if new is not None:
        whole = ".".join([*name.split(".")[:-1], _checked_name(new, kind)])
        if whole in where:
            raise taken(kind.title, whole)
        where[whole] = where.pop(name)
        found.update(name=whole.rpartition(".")[2], full_name=whole)
        call.state.grants[kind.grants, whole] = call.state.grants.pop((kind.grants, name), {})
    return found


def _deleted(call: Call, kind: Kind) -> None:
    name = found_by(call, kind)["full_name"]
    demand_manage(call, kind.grants, name)
    if not call.is_forced:
        kind.empty(call.state, name)
    _drop(call.state, kind, name)


def _drop(state: State, kind: Kind, name: str) -> None:
    """Remove an object with everything in it: what lies there, files and grants."""
    inside = [each["table_id"] for whole, each in state.tables.items() if whole.startswith(f"{name}.")]
    for number in inside:
        state.data_monitors.pop(number, None)
    for where in (*(each.of(state) for each in KINDS), state.model_versions, state.monitors):
        for each in [each for each in where if each.startswith(f"{name}.")]:
            del where[each]
    if kind.word == "model":
        state.model_versions.pop(name, None)
    else:
        folder = f"/Volumes/{name.replace('.', '/')}/"
        for path in [path for path in state.volume_files if path.startswith(folder)]:
            del state.volume_files[path]
    for place in list(state.grants):
        if place == (kind.grants, name) or place[1].startswith(f"{name}."):
            del state.grants[place]
    del kind.of(state)[name]


def _register(kind: Kind) -> None:
    one, all_of_them = f"{_API}/{kind.plural}/{{name}}", f"{_API}/{kind.plural}"
    routes("GET", one)(lambda call: found_by(call, kind))
    routes("GET", all_of_them)(lambda call: _listed(call, kind))
    if kind.api is not None:
        routes("POST", all_of_them)(lambda call: _created(call, kind))
        routes("PATCH", one)(lambda call: _updated(call, kind))
        routes("DELETE", one)(lambda call: _deleted(call, kind))


for _kind in KINDS:
    _register(_kind)


@routes("GET", f"{_API}/models/{{name}}/versions")
def model_versions(call: Call) -> Any:
    name = found_by(call, BY_WORD["model"])["full_name"]
    return {"model_versions": call.state.model_versions.get(name, [])}
