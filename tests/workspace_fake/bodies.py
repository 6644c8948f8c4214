"""Checks the body of a call against the types of `databricks-sdk`: types, enums, required fields.

The real API ignores fields that it does not know. They are returned, so that a test can demand that there are none.
"""

import dataclasses
import datetime
import types
import typing
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin

from workspace_fake.errors import invalid, malformed

_SCALARS = {str: "STRING", bool: "BOOLEAN", int: "INT", float: "DOUBLE"}
_NOT_REQUIRED = {("EndpointCoreConfigInput", "name")}  # it stands in the path, or in the body around it
_TEXTS = ("Timestamp", "Duration", "FieldMask")  # protobuf's own types are text in JSON


@dataclasses.dataclass(frozen=True)
class Fields:
    """The fields of a body: their types, and which are required."""

    types: dict[str, Any]
    required: frozenset[str] = frozenset()


@cache
def fields_of_call(method: Callable[..., Any]) -> Fields:
    """Return what a method of the SDK sends: its parameters, and those without a default as required."""
    hints = typing.get_type_hints(method)
    hints.pop("return", None)
    code, defaults = method.__code__, method.__defaults__ or ()
    positional = code.co_varnames[1 : code.co_argcount]
    return Fields(hints, frozenset(positional[: len(positional) - len(defaults)]))


@cache
def fields_of_type(of: type) -> Fields:
    """Return the fields of a dataclass of the SDK, with those without a default as required."""
    hints = typing.get_type_hints(of)
    required = {
        each.name
        for each in dataclasses.fields(of)
        if each.default is dataclasses.MISSING
        and each.default_factory is dataclasses.MISSING
        and (of.__name__, each.name) not in _NOT_REQUIRED
    }
    return Fields(hints, frozenset(required))


def check_body(body: dict[str, Any], fields: Fields, where: str = "") -> Iterator[str]:
    """Refuse a wrong body, as the API does; yield the paths of the fields that it would ignore."""
    for name in sorted(fields.required):
        if body.get(name) is None or (body[name] == "" and not where):  # deeper, an empty text is a value
            raise invalid(f"Missing required field: {where}{name}")
    for name, value in body.items():
        if name not in fields.types:
            yield where + name
        elif value is not None:
            yield from _check(value, fields.types[name], where + name)


def _check(value: Any, wanted: Any, path: str) -> Iterator[str]:
    if get_origin(wanted) in (typing.Union, types.UnionType):
        (wanted,) = [each for each in get_args(wanted) if each is not type(None)][:1]
    origin = get_origin(wanted)
    if origin is list:
        yield from _check_list(value, get_args(wanted)[0], path)
    elif origin is dict:
        if not isinstance(value, dict):
            raise malformed(f"Could not parse request object: expected a map at '{path}'")
        for key, each in value.items():
            yield from _check(each, get_args(wanted)[1], f"{path}.{key}")
    elif wanted in _SCALARS:
        _check_scalar(value, wanted, path)
    elif isinstance(wanted, type) and issubclass(wanted, Enum):
        if value not in {each.value for each in wanted}:
            known = ", ".join(sorted(str(each.value) for each in wanted)[:12])
            raise invalid(f"Invalid value '{value}' for field '{path}': expected one of {known}")
    elif dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
        if not isinstance(value, dict):
            raise malformed(f"Could not parse request object: expected an object at '{path}'")
        yield from check_body(value, fields_of_type(wanted), f"{path}.")
    elif getattr(wanted, "__name__", "") in _TEXTS or wanted is datetime.datetime:
        _check_scalar(value, str, path)


def _check_list(value: Any, wanted: Any, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        raise malformed(f"Could not parse request object: expected a list at '{path}'")
    for number, each in enumerate(value):
        yield from _check(each, wanted, f"{path}[{number}]")


def _check_scalar(value: Any, wanted: type, path: str) -> None:
    """Numbers may be written as text, as protobuf's JSON allows; text may not be a number."""
    fits = isinstance(value, wanted) and not (wanted is not bool and isinstance(value, bool))
    if wanted is float:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is int and isinstance(value, str):
        fits = value.lstrip("-").isdigit()
    if not fits:
        raise malformed(
            f"Could not parse request object: expected '{_SCALARS[wanted]}' at '{path}', found {value!r}"
        )
