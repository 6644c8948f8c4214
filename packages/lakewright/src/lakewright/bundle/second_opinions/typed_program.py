"""Runs in the project's interpreter: `python typed_program.py REQUEST ANSWER`. Reads resources as JSON, answers what their types refuse.

It stands alone: the interpreter need not have lakewright, only `databricks-bundles`.
"""

import dataclasses
import importlib
import json
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

_MOST = 20  # findings of one resource


def main(request: Path, answer: Path) -> None:
    """Answer a request: the version, the refusals, and which fields the types know that we call unknown."""
    asked = json.loads(request.read_text(encoding="utf-8"))
    try:
        version = importlib.import_module("databricks.bundles.version").__version__
    except ImportError as error:
        answer.write_text(json.dumps({"absent": str(error)}), encoding="utf-8")
        return
    known = [path for path in asked["unknown"] if _knows(path)]
    found = [list(_refusals(resources)) for resources in asked["resources"]]
    answer.write_text(json.dumps({"version": version, "refusals": found, "known": known}), encoding="utf-8")


def _refusals(resources: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kind, of_kind in resources.items():
        resource = _type_of(kind)
        for key, value in of_kind.items() if resource else ():
            for path, message in _refused(resource, value):
                yield {"path": ["resources", kind, key, *path], "message": message}


def _type_of(kind: str) -> Any:  # noqa: ANN401 - a class of an optional package
    """Return the class of a kind of resource; None if this version has none."""
    try:
        module: ModuleType = importlib.import_module(f"databricks.bundles.{kind}")
        base = importlib.import_module("databricks.bundles.core").Resource
    except (ImportError, AttributeError):
        return None
    found = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, base) and each is not base
    ]
    return found[0] if len(found) == 1 else None


def _refused(resource: Any, value: Any) -> Iterator[tuple[list[str | int], str]]:  # noqa: ANN401 - as above
    """Yield path and message of each refusal; what is refused is removed, so that the next one is found."""
    removed: list[list[str | int]] = []
    for _ in range(_MOST):
        try:
            resource.from_dict(value)
        except (ValueError, TypeError, AssertionError, KeyError) as error:
            path = _path(error, value)
            is_ours = isinstance(error, TypeError) and any(each[: len(path)] == path for each in removed)
            if not is_ours:
                yield path, str(error).partition("__init__() ")[2] or str(error) or type(error).__name__
            if not path or not _remove(value, path):
                return
            removed.append(path[:-1])
        else:
            return


def _remove(value: Any, path: list[str | int]) -> bool:  # noqa: ANN401 - any part of a resource
    for step in path[:-1]:
        value = value[step]
    try:
        del value[path[-1]]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _path(error: Exception, root: Any) -> list[str | int]:  # noqa: ANN401 - as above
    """Return where an error was raised, from the frames that walk the value; an empty path if that is not known."""
    path: list[str | int] = []
    value = root
    for frame in _frames(error):
        inner = frame.f_locals.get("value")
        name = frame.f_code.co_name
        if name == "_transform_field":
            path.append(str(frame.f_locals["field"].name))
            value = inner
        elif name == "_transform" and inner is not value:
            path += _step(value, inner)
            value = inner
    words = str(error).split("'")
    if str(error).startswith("Unexpected field") and len(words) > 1:
        path.append(words[1])
    return path if _is_there(root, path) else []


def _frames(error: Exception) -> Iterator[FrameType]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _step(value: Any, inner: Any) -> list[str | int]:  # noqa: ANN401 - as above
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return next(([key] for key, each in entries if each is inner), [])


def _is_there(value: Any, path: list[str | int]) -> bool:  # noqa: ANN401 - as above
    try:
        for step in path:
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _knows(path: list[str | int]) -> bool:
    """Return whether the types have a field at a path such as `["resources", "jobs", "main", "tasks", 0, "new_field"]`."""
    kind: Any = _type_of(str(path[1]))
    for step in path[3:]:
        kind = _below(kind, step)
        if kind is None:
            return False
    return True


def _below(kind: Any, step: str | int) -> Any:  # noqa: ANN401 - a type
    for each in _parts(kind):
        if dataclasses.is_dataclass(each) and isinstance(step, str):
            hints = typing.get_type_hints(each)
            if step in hints:
                return hints[step]
        arguments = typing.get_args(each)
        if typing.get_origin(each) is list and isinstance(step, int):
            return arguments[0]
        if typing.get_origin(each) is dict and isinstance(step, str):
            return arguments[1]
    return None


def _parts(kind: Any) -> Iterator[Any]:  # noqa: ANN401 - a type
    """Yield a type, and the types of a union."""
    yield kind
    if typing.get_origin(kind) not in {list, dict}:
        for each in typing.get_args(kind):
            yield from _parts(each)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
