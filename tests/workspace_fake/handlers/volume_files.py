"""Files in volumes (`/api/2.0/fs`). The folders of a path exist as soon as a file is in them."""

from typing import Any

from workspace_fake.errors import ApiError, invalid, missing
from workspace_fake.handlers.grants import demand
from workspace_fake.routes import Call, routes

_API = "/api/2.0/fs"


def _path(call: Call, privilege: str) -> str:
    path = "/" + call.vars["path"].strip("/")
    parts = path.split("/")
    if len(parts) < 5 or parts[1] != "Volumes":
        raise invalid(f"Invalid path: {path} is not in a volume: /Volumes/<catalog>/<schema>/<volume>/…")
    name = ".".join(parts[2:5]).lower()
    if name not in call.state.volumes:
        raise missing("Volume", name)
    demand(call, privilege, "volume", name)
    return path


def _absent(path: str) -> ApiError:
    return ApiError(404, "NOT_FOUND", f"The file being accessed is not found: {path}")


@routes("PUT", f"{_API}/files/{{path...}}")
def put(call: Call) -> Any:
    path = _path(call, "WRITE_VOLUME")
    if path in call.state.volume_files and call.query.get("overwrite") != "true":
        raise ApiError(409, "ALREADY_EXISTS", f"The file being created already exists: {path}")
    call.state.volume_files[path] = call.data


@routes("GET", f"{_API}/files/{{path...}}")
def get(call: Call) -> Any:
    path = _path(call, "READ_VOLUME")
    if path not in call.state.volume_files:
        raise _absent(path)
    return call.state.volume_files[path]


@routes("HEAD", f"{_API}/files/{{path...}}")
def head(call: Call) -> Any:
    return get(call)


@routes("DELETE", f"{_API}/files/{{path...}}")
def delete(call: Call) -> Any:
    path = _path(call, "WRITE_VOLUME")
    if call.state.volume_files.pop(path, None) is None:
        raise _absent(path)


@routes("PUT", f"{_API}/directories/{{path...}}")
def make(call: Call) -> Any:
    _path(call, "WRITE_VOLUME")


@routes("GET", f"{_API}/directories/{{path...}}")
def listed(call: Call) -> Any:
    path = _path(call, "READ_VOLUME")
    files = {each: data for each, data in call.state.volume_files.items() if each.startswith(f"{path}/")}
    found: dict[str, Any] = {}
    for each, data in sorted(files.items()):
        name, _, rest = each.removeprefix(f"{path}/").partition("/")
        whole = f"{path}/{name}"
        found[whole] = {"path": whole, "name": name, "is_directory": bool(rest)} | (
            {} if rest else {"file_size": len(data)}
        )
    return {"contents": list(found.values())}
