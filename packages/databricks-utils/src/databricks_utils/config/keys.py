"""The keys that a model knows: which there are, what kind each is, and the nearest one to a misspelled one."""

from collections.abc import Iterator
from difflib import get_close_matches
from types import UnionType
from typing import Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from databricks_utils.config.tree import KeyPath


def file_key(name: str, field: FieldInfo) -> str:
    """Return the key of a field as it stands in a file: its alias, where it has one."""
    return field.alias or name


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return a model's fields under the keys that stand in a file."""
    return {file_key(name, field): field for name, field in model.model_fields.items()}


def section_of(annotation: object) -> type[BaseModel] | None:
    """Return the model that an annotation holds (`Section`, `Section | None`); None for everything else."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Union, UnionType}:
        return next((found for arg in get_args(annotation) if (found := section_of(arg))), None)
    return None


def is_mapping(annotation: object) -> bool:
    """Tell whether an annotation is a free-form mapping."""
    return annotation is dict or get_origin(annotation) is dict


def model_at(model: type[BaseModel], path: KeyPath) -> type[BaseModel] | None:
    """Find the model of the section at `path`; None where there is no section."""
    current: type[BaseModel] | None = model
    for key in path:
        field = fields_of(current).get(key) if current else None
        current = section_of(field.annotation) if field else None
    return current


def leaves(model: type[BaseModel], above: KeyPath = ()) -> Iterator[tuple[KeyPath, FieldInfo]]:
    """Walk all keys that hold a value, in the order of the model; a free-form mapping counts as one."""
    for key, field in fields_of(model).items():
        section = section_of(field.annotation)
        if section:
            yield from leaves(section, (*above, key))
        else:
            yield (*above, key), field


def nearest_key(model: type[BaseModel], path: KeyPath) -> str | None:
    """Find what a misspelled key was meant to be: a sibling, else a key of the same name in another section."""
    siblings = model_at(model, path[:-1])
    near = get_close_matches(path[-1], list(fields_of(siblings)) if siblings else [], n=1, cutoff=0.6)
    if near:
        return ".".join((*path[:-1], near[0]))
    elsewhere = [".".join(leaf) for leaf, _ in leaves(model) if leaf[-1] == path[-1]]
    return elsewhere[0] if len(elsewhere) == 1 else None
