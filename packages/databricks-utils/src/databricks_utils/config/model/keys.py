"""The keys of a model: their names, their kinds, and the one that is most similar to a misspelled key."""

from collections.abc import Iterator
from types import UnionType
from typing import Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from databricks_utils.config.tree import KeyPath
from databricks_utils.nearest import nearest


def file_key(name: str, field: FieldInfo) -> str:
    """Return the key of a field as written in a file: its alias if it has one, else its name."""
    return field.alias or name


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return a model's fields by the keys that are written in a file."""
    return {file_key(name, field): field for name, field in model.model_fields.items()}


def section_of(annotation: object) -> type[BaseModel] | None:
    """Return the model of an annotation (`Section`, `Section | None`), or None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Union, UnionType}:
        return next((found for arg in get_args(annotation) if (found := section_of(arg))), None)
    return None


def is_mapping(annotation: object) -> bool:
    """Return whether an annotation is a free-form mapping."""
    return annotation is dict or get_origin(annotation) is dict


def model_at(model: type[BaseModel], path: KeyPath) -> type[BaseModel] | None:
    """Return the model of the section at `path`, or None."""
    current: type[BaseModel] | None = model
    for key in path:
        field = fields_of(current).get(key) if current else None
        current = section_of(field.annotation) if field else None
    return current


def leaves(model: type[BaseModel], above: KeyPath = ()) -> Iterator[tuple[KeyPath, FieldInfo]]:
    """Yield all keys that are not sections, in the order of the model; a free-form mapping counts as one key."""
    for key, field in fields_of(model).items():
        section = section_of(field.annotation)
        if section:
            yield from leaves(section, (*above, key))
        else:
            yield (*above, key), field


def nearest_key(model: type[BaseModel], path: KeyPath) -> str | None:
    """Return the most likely key for a misspelled one: of the same section, else one of the same name in another section."""
    siblings = model_at(model, path[:-1])
    near = nearest(path[-1], fields_of(siblings) if siblings else (), limit=1)
    if near:
        return ".".join((*path[:-1], near[0]))
    elsewhere = [".".join(leaf) for leaf, _ in leaves(model) if leaf[-1] == path[-1]]
    return elsewhere[0] if len(elsewhere) == 1 else None
