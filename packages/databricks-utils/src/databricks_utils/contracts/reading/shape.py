"""Checks that a tree has the shape of the standard: its keys are known, its values have the right kind."""

import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from databricks_utils.config.tree import Data, Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.contracts.reading.standard import problems_here
from databricks_utils.nearest import did_you_mean, listing

_WITHOUT_NAMES = ("items", "key", "value")
_KINDS = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
}

_LENGTHS = {"too_short": ("at least", "min_length"), "too_long": ("at most", "max_length")}


def shape_problems(tree: Node, model: type[BaseModel]) -> tuple[list[Problem], bool]:
    """Return what does not fit: unknown keys, which would be lost in silence, and values of another kind; and whether some are.

    Args:
        tree: The contract, or a part of it.
        model: The standard's class for it.
    """
    problems = list(_unknown_keys(tree, model, inside=""))
    kinds: list[Problem] = []
    try:
        model.model_validate(data_of(tree), strict=True)
    except ValidationError as error:
        found = (_wrong_kind(tree, each) for each in error.errors())
        kinds = list(dict.fromkeys(problem for problem in found if problem is not None))
    return [*problems, *kinds], bool(kinds)


def data_of(node: Node) -> Data:
    """Return a tree as plain data."""
    if isinstance(node.value, dict):
        return {key: data_of(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [data_of(item) for item in node.value]
    return node.value


def _unknown_keys(
    node: Node, model: type[BaseModel], *, inside: str, named: bool = True
) -> Iterator[Problem]:
    yield from problems_here(node, model.__name__, inside=inside, named=named)
    fields = _fields(model)
    for key, child in node.children.items():
        if key in fields:
            yield from _below(child, fields[key], inside=model.__name__, named=key not in _WITHOUT_NAMES)
        else:
            yield Problem(
                f"the standard has no key `{key}` here",
                str(child.origin),
                did_you_mean(key, fields)
                or f"keys of your own go into `customProperties`; known: {listing(fields)}",
            )


@cache
def _fields(model: type[BaseModel]) -> dict[str, object]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _below(node: Node, annotation: object, *, inside: str, named: bool) -> Iterator[Problem]:
    if not isinstance(node.value, list | dict):
        return
    for kind in _alternatives(annotation):
        if isinstance(node.value, list) and get_origin(kind) is list:
            for item in node.value:
                yield from _below(item, get_args(kind)[0], inside=inside, named=named)
        elif isinstance(node.value, dict) and isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _unknown_keys(node, kind, inside=inside, named=named)


@cache
def _alternatives(annotation: object) -> tuple[object, ...]:
    if get_origin(annotation) in {Union, types.UnionType}:
        return tuple(part for arg in get_args(annotation) for part in _alternatives(arg))
    return (annotation,)


def _wrong_kind(tree: Node, found: Mapping[str, Any]) -> Problem | None:
    if found["type"] == "extra_forbidden":  # `_unknown_keys` says it better
        return None
    path = tuple(str(part) for part in found["loc"])
    node = tree.closest(path)
    while tree.at(path) is None and path:  # of a value with several kinds, pydantic names the kind too
        path = path[:-1]
    name = next((part for part in reversed(path) if not part.isdecimal()), "the contract")
    if found["type"] in _LENGTHS:
        words, bound = _LENGTHS[found["type"]]
        length, has = f"a list of {words} {found['ctx'][bound]}", found["ctx"]["actual_length"]
        return Problem(f"`{name}` must be {length}, not of {has}", str(node.origin), f"write {length}")
    wanted = _KINDS.get(found["type"])
    if wanted is None:
        return Problem(
            f"`{name}`: {found['msg'].lower()}", str(node.origin), "write what the standard allows"
        )
    quoted = f', e.g. "{node.text}"' if wanted == "text" and node.text else ""
    return Problem(
        f"`{name}` must be {wanted}, not {_described(node)}", str(node.origin), f"write {wanted}{quoted}"
    )


def _described(node: Node) -> str:
    if isinstance(node.value, dict):
        return "keys with values"
    if isinstance(node.value, list):
        return "a list"
    if node.value is None:
        return "nothing"
    return f"`{node.text or node.value}`"
