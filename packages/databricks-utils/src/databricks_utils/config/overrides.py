"""Values that override the files: environment variables `DBX_SECTION__KEY`, and the caller's arguments."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from databricks_utils.config.environment import (
    ENV_VARIABLE,
    FOLDER_VARIABLE,
    SECRET_PREFIX,
    VARIABLE_PREFIX,
    variable_name,
)
from databricks_utils.config.errors import ConfigError, UnknownVariableError
from databricks_utils.config.model.keys import fields_of, is_mapping, leaves, section_of
from databricks_utils.config.origin import Origin, origin_of_variable
from databricks_utils.config.tree import KeyPath, Node, grow, merge_all
from databricks_utils.config.yaml_reader import read_value
from databricks_utils.nearest import nearest

RESERVED = frozenset({ENV_VARIABLE, FOLDER_VARIABLE})

# Mappings whose keys contain dots; the name of a variable cannot.
_DOTTED = frozenset({("spark", "config")})


def read_variables(model: type[BaseModel], environ: Mapping[str, str]) -> tuple[Node, list[ConfigError]]:
    """Return all `DBX_SECTION__KEY` variables as one tree.

    A value that begins with `{` or `[` is read as a YAML mapping or list, any other as a YAML scalar.

    Args:
        model: The model of the configuration.
        environ: Environment variables.

    Returns:
        The tree, and an error for every variable that looks like a key, but is none.
    """
    tree = Node({}, Origin("variable", f"{VARIABLE_PREFIX}…"))
    problems: list[ConfigError] = []
    for name in sorted(environ):
        if not name.startswith(VARIABLE_PREFIX) or name.startswith(SECRET_PREFIX) or name in RESERVED:
            continue
        path = _path(model, name)
        if path is None and _is_foreign(model, name):
            continue
        try:
            if path is None:
                raise _unknown(model, name, str(origin_of_variable(name, environ)))
            tree = tree.put(path, read_value(environ[name], origin_of_variable(name, environ)))
        except ConfigError as problem:
            problems.append(problem)
    return tree, problems


def read_arguments(overrides: Mapping[str, Any]) -> Node:
    """Return the caller's values as one tree.

    Args:
        overrides: Values, nested or by dotted key: `{"catalog.schema_prefix": "x_"}`.
    """
    origin = Origin("argument", "argument overrides")
    tree = Node({}, origin)
    for key, value in overrides.items():
        path = tuple(key.split("."))
        below = tree.at(path)
        node = grow(value, origin)
        tree = tree.put(path, merge_all([below, node]) if below else node)
    return tree


def _path(model: type[BaseModel], name: str) -> KeyPath | None:
    """Return the key that a variable names, or None if it names none; in a free-form mapping every key is valid."""
    path: KeyPath = ()
    section: type[BaseModel] | None = model
    parts = name.removeprefix(VARIABLE_PREFIX).split("__")
    for index, part in enumerate(parts):
        key = part.lower()
        field = fields_of(section).get(key) if section else None
        if field is None or not part:
            return None
        path = (*path, key)
        section = section_of(field.annotation)
        rest = tuple(item.lower() for item in parts[index + 1 :])
        if is_mapping(field.annotation) and rest:
            return None if path in _DOTTED or not all(rest) else (*path, *rest)
    return path


def _known(model: type[BaseModel]) -> list[str]:
    sections = [variable_name((name,)) for name in fields_of(model)]
    return [*sorted(RESERVED), *sections, *(variable_name(path) for path, _ in leaves(model))]


def _is_foreign(model: type[BaseModel], name: str) -> bool:
    """Return whether a variable belongs to another tool, as `DBX_HOST` and `DBX_TOKEN` do.

    A variable with `__` in its name, or with a name similar to that of a key, counts as a misspelled key.
    """
    return "__" not in name and not nearest(name, _known(model), limit=1, cutoff=0.85)


def _unknown(model: type[BaseModel], name: str, location: str) -> UnknownVariableError:
    for dotted in _DOTTED:
        whole = variable_name(dotted)
        if name.startswith(f"{whole}__"):
            return UnknownVariableError(
                f"config: the variable {name} cannot name a key of `{'.'.join(dotted)}`, because those keys contain dots",
                location=location,
                fix=f"set the whole mapping: {whole}='{{spark.sql.shuffle.partitions: 8}}'",
            )
    near = nearest(name, _known(model), limit=1)
    return UnknownVariableError(
        f"config: the variable {name} names no key of the configuration",
        detail=f"a variable {VARIABLE_PREFIX}SECTION__KEY gives the key `section.key`",
        location=location,
        fix=f"did you mean {near[0]}?" if near else f"unset {name}; `lakewright config show` lists the keys",
    )
