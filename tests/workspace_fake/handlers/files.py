"""The workspace's files, notebooks and folders. `/Workspace` before a path is the same path without it."""

import base64
from pathlib import PurePosixPath
from typing import Any

from databricks.sdk.service import workspace as types

from workspace_fake.bodies import fields_of_call
from workspace_fake.errors import ApiError, already_there, denied, invalid, not_found
from workspace_fake.routes import Call, routes
from workspace_fake.state import Entry, State

_API = "/api/2.0/workspace"
_NOTEBOOK = b"# Databricks notebook source"
_MOST_BYTES = 10 * 1024 * 1024  # of an export


def home_of(user: str) -> str:
    return f"/Users/{user}"


def plain(path: str) -> str:
    """Return a path as the workspace stores it."""
    path = "/" + path.strip("/")
    return "/" + path.removeprefix("/Workspace").strip("/") if path.startswith("/Workspace/") else path


def make_folders(state: State, path: str) -> None:
    """Create a folder and those above it."""
    for folder in (*reversed(PurePosixPath(path).parents), PurePosixPath(path)):
        if str(folder) != "/":
            entry = state.entries.setdefault(str(folder), Entry("DIRECTORY", state.number()))
            if entry.kind != "DIRECTORY":
                raise ApiError(400, "RESOURCE_ALREADY_EXISTS", f"Node with name {folder} already exists")


def may_write(call: Call, path: str) -> bool:
    """Whether the caller may change a path: their home, /Shared, and folders that were opened to them."""
    return _is_open(call.state, call.caller.name, path, ("CAN_EDIT", "CAN_MANAGE"))


def may_read(state: State, name: str, path: str) -> bool:
    """Whether a principal may read a path."""
    return _is_open(state, name, path, ("CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE"))


def _is_open(state: State, name: str, path: str, levels: tuple[str, ...]) -> bool:
    """Whether a principal has one of some levels on a path, by its home, by /Shared, by itself or by a group."""
    people = state.people
    if people.is_admin(name) or path == home_of(name) or path.startswith((f"{home_of(name)}/", "/Shared/")):
        return True
    mine = {name, *people.groups_of(name)}
    for folder in (PurePosixPath(path), *PurePosixPath(path).parents):
        entry = state.entries.get(str(folder))
        listed = state.permissions.get(f"/directories/{entry.number}", []) if entry else []
        if any(
            {acl.get("user_name"), acl.get("group_name"), acl.get("service_principal_name")} & mine
            and acl["permission_level"] in levels
            for acl in listed
        ):
            return True
    return False


def _demand_write(call: Call, path: str) -> None:
    if not may_write(call, path):
        raise denied(f"User {call.caller.name} does not have permission to write to {path}.")


def _entry(call: Call, path: str) -> Entry:
    entry = call.state.entries.get(path)
    if entry is None:
        raise not_found(f"Path ({path}) doesn't exist.")
    return entry


def _shown(path: str, entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {"path": path, "object_type": entry.kind, "object_id": entry.number}
    if entry.language:
        found["language"] = entry.language
    if entry.kind == "FILE":
        found["size"] = len(entry.data)
    return found


@routes("GET", f"{_API}/get-status")
def status(call: Call) -> Any:
    path = plain(call.query.get("path", ""))
    return _shown(path, _entry(call, path))


@routes("GET", f"{_API}/list")
def listed(call: Call) -> Any:
    path = plain(call.query.get("path", ""))
    entry = _entry(call, path) if path != "/" else Entry("DIRECTORY", 0)
    if entry.kind != "DIRECTORY":
        return {"objects": [_shown(path, entry)]}
    inside = [each for each in call.state.entries if str(PurePosixPath(each).parent) == path]
    return {"objects": [_shown(each, call.state.entries[each]) for each in sorted(inside)]}


@routes("POST", f"{_API}/mkdirs")
def mkdirs(call: Call) -> Any:
    body = call.checked(fields_of_call(types.WorkspaceAPI.mkdirs))
    path = plain(body["path"])
    _demand_write(call, path)
    make_folders(call.state, path)


@routes("POST", f"{_API}/delete")
def delete(call: Call) -> Any:
    body = call.checked(fields_of_call(types.WorkspaceAPI.delete))
    path = plain(body["path"])
    _demand_write(call, path)
    entry = _entry(call, path)
    inside = [each for each in call.state.entries if each.startswith(f"{path}/")]
    if inside and not body.get("recursive"):
        raise ApiError(400, "DIRECTORY_NOT_EMPTY", f"Folder ({path}) is not empty")
    for each in inside:
        del call.state.entries[each]
    assert call.state.entries.pop(path) is entry


@routes("GET", f"{_API}/export")
def export(call: Call) -> Any:
    path = plain(call.query.get("path", ""))
    entry = _entry(call, path)
    if entry.kind == "DIRECTORY":
        raise invalid(f"Folder ({path}) can only be exported as DBC; the fake workspace does not make one")
    if len(entry.data) > _MOST_BYTES:
        raise ApiError(
            400, "MAX_READ_SIZE_EXCEEDED", f"The size of {path} exceeds the limit of 10485760 bytes"
        )
    if call.query.get("direct_download") == "true":
        return entry.data
    return {"content": base64.b64encode(entry.data).decode(), "file_type": PurePosixPath(path).suffix[1:]}


@routes("POST", "/api/2.0/workspace-files/import-file/{path...}")
def import_file(call: Call) -> Any:
    """Its refusals have no error code: 409 for a file, 400 for a notebook, 404 without a folder."""
    try:
        _store(call, plain(call.vars["path"]), call.data, overwrite=call.query.get("overwrite") == "true")
    except ApiError as error:
        code = "" if error.code.startswith("RESOURCE_") else error.code
        status = (
            409
            if error.code == "RESOURCE_ALREADY_EXISTS" and "Notebook" not in error.message
            else error.status
        )
        raise ApiError(status, code, error.message) from None


@routes("POST", f"{_API}/import")
def import_object(call: Call) -> Any:
    body = call.checked(fields_of_call(types.WorkspaceAPI.import_))
    data = base64.b64decode(body.get("content", ""))
    _store(
        call, plain(body["path"]), data, overwrite=bool(body.get("overwrite")), language=body.get("language")
    )


def _store(call: Call, path: str, data: bytes, *, overwrite: bool, language: str | None = None) -> None:
    """A Python file with a notebook's first line becomes a notebook, and loses its ending."""
    kind = "FILE"
    if language is not None or (path.endswith(".py") and data.startswith(_NOTEBOOK)):
        kind, language, path = "NOTEBOOK", language or "PYTHON", path.removesuffix(".py")
    _demand_write(call, path)
    above = str(PurePosixPath(path).parent)
    if above != "/" and above not in call.state.entries:
        raise not_found(f"The parent folder ({above}) does not exist.")
    existing = call.state.entries.get(path)
    if existing is not None and (existing.kind == "DIRECTORY" or not overwrite):
        what = "Notebook" if existing.kind == "NOTEBOOK" else "Path"
        raise already_there(f"{what} ({path}) already exists.")
    if existing is not None and existing.kind != kind:
        raise invalid(
            f"Cannot overwrite the asset at {path} due to type mismatch (asked: {kind}, actual: {existing.kind})"
        )
    number = existing.number if existing else call.state.number()
    call.state.entries[path] = Entry(kind, number, data, language)
