"""`ConfigLoader`: load the files of an environment into one typed, frozen configuration.

This is the first step of the walk. Each of these overrides those before it: defaults of the model, `defaults.yaml`,
`<env>.yaml`, `<env>.local.yaml`, `DBX_SECTION__KEY`, arguments.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from databricks_utils.config.environment import ENV_VARIABLE, choose_environment
from databricks_utils.config.errors import ConfigError, InvalidValueError, raise_all
from databricks_utils.config.files import Layers, environments, find_folder, read_layers, search_of
from databricks_utils.config.interpolation import interpolate
from databricks_utils.config.model.environment_config import EnvironmentConfig, bind, derived_defaults
from databricks_utils.config.model.unused import warn_of_unused_keys
from databricks_utils.config.model.validation import to_data, validate
from databricks_utils.config.origin import Origin
from databricks_utils.config.overrides import read_arguments, read_variables
from databricks_utils.config.secrecy import warn_of_literal_secrets
from databricks_utils.config.tree import Data, Node, merge_all
from databricks_utils.nearest import did_you_mean

ModelT = TypeVar("ModelT", bound=BaseModel)

_EXTRA = "extra"


@dataclass(frozen=True)
class RawSection:
    """One section before the validation: merged, with `${NAME}` replaced.

    Attributes:
        values: The entries of the section, as plain data.
        origins: Where each entry is written.
    """

    values: Mapping[str, Data] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)


class ConfigLoader:
    """Reads the configuration of an environment."""

    @staticmethod
    def load(
        env: str | None = None,
        path: str | os.PathLike[str] | None = None,
        overrides: Mapping[str, Any] | None = None,
    ) -> EnvironmentConfig:
        """Load and validate the configuration of one environment.

        Args:
            env: Name of the environment; by default `DBX_ENV`, then `local` outside Databricks.
            path: The `config/` folder; by default `DBX_CONFIG_PATH`, then the first `config/` above the working
                directory with a file of an environment.
            overrides: Values that override all others, nested or by dotted key: `{"catalog.schema_prefix": "x_"}`.

        Returns:
            The configuration, frozen.

        Raises:
            ConfigError: Something is missing, unknown or wrong. Every problem names its file and line, or its
                variable, and the fix; several problems are raised as one error.

        >>> from databricks_utils.testing import example_config_folder
        >>> ConfigLoader.load("dev", example_config_folder()).catalog.name
        'dev_analytics'
        """
        environ = os.environ
        environment = choose_environment(env, environ)
        folder = find_folder(path, environ)
        layers = read_layers(folder, str(environment.value))
        search = search_of(layers, str(environment.value))
        variables, problems = read_variables(EnvironmentConfig, environ)
        merged = merge_all([*layers.trees, variables, read_arguments(overrides or {})])
        tree, undefined = interpolate(merged, environ)
        known = (
            *problems,
            *_other_environment(tree, environment),
            *_missing_environments(tree, environments(folder)),
            *undefined,
        )
        written = tree
        tree = _with_derived(tree.put(("environment",), environment), folder.parent)
        config = validate(EnvironmentConfig, tree, search, known=known)
        warn_of_literal_secrets(tree)
        warn_of_unused_keys(EnvironmentConfig, written)
        return bind(config, tree=tree, folder=folder, search=search)

    @staticmethod
    def load_section(
        section: str, env: str, path: str | os.PathLike[str], environ: Mapping[str, str] | None = None
    ) -> RawSection:
        """Load one section without validating it or the others, for tools that read projects of any kind.

        Args:
            section: Name of the section, for instance `bundle_variables`.
            env: Name of the environment.
            path: The `config/` folder.
            environ: Environment variables; by default those of this process. With `{}` only the files are read.

        Returns:
            The section; empty if no file or variable gives it.

        Raises:
            ConfigError: A file cannot be read or is not valid, the section is not a mapping, or one of its values
                needs a variable that is not set. The error names file and line.

        >>> from databricks_utils.testing import example_config_folder
        >>> found = ConfigLoader.load_section("catalog", "dev", example_config_folder())
        >>> found.values["name"], found.origins["name"].line
        ('dev_analytics', 2)
        """
        tree, problems = _only(
            section, read_layers(Path(path), env), os.environ if environ is None else environ
        )
        raise_all(problems, environment=env)
        entries = tree.children[section].children if tree.children else {}
        return RawSection(
            {key: to_data(entry, (section,)) for key, entry in entries.items()},
            {key: entry.origin for key, entry in entries.items()},
        )

    @staticmethod
    def load_extra(model: type[ModelT], env: str, path: str | os.PathLike[str]) -> ModelT:
        """Load the project's own keys alone, for tools that check every environment: no other section is validated.

        Args:
            model: The project's own model.
            env: Name of the environment.
            path: The `config/` folder.

        Raises:
            ConfigError: A file cannot be read, or a key of `extra` is missing, unknown or wrong; the error names file and line.
        """
        layers = read_layers(Path(path), env)
        tree, problems = _only(_EXTRA, layers, os.environ)
        return validate(model, tree, search_of(layers, env), at=(_EXTRA,), known=tuple(problems))


def _only(section: str, layers: Layers, environ: Mapping[str, str]) -> tuple[Node, list[ConfigError]]:
    """Return a tree of one section, merged and with `${NAME}` replaced; without entries if nothing gives the section."""
    variables, _ = read_variables(EnvironmentConfig, environ)
    merged = merge_all([*layers.trees, variables])
    node = merged.at((section,))
    if node is None or node.value is None:
        return Node({}, merged.origin), []
    if not isinstance(node.value, dict):
        raise InvalidValueError(
            f"config: `{section}` must be a section of keys and values",
            location=str(node.origin),
            fix=f"write `{section}: {{key: value}}`",
        )
    return interpolate(Node({section: node}, node.origin), environ)


def _other_environment(tree: Node, environment: Node) -> list[ConfigError]:
    """Return an error if the tree names another environment than the one that is loaded."""
    claimed = tree.at(("environment",))
    if claimed is None or claimed.value == environment.value:
        return []
    return [
        InvalidValueError(
            f"config: `environment` is `{claimed.value}`, but `{environment.value}` is loaded ({environment.origin})",
            location=str(claimed.origin),
            fix=f"unset it; {ENV_VARIABLE} chooses the environment"
            if claimed.origin.kind == "variable"
            else "remove the key: the file's name is the environment's name",
        )
    ]


def _missing_environments(tree: Node, known: tuple[str, ...]) -> list[ConfigError]:
    """Return an error for each environment of `catalog.uses_environments` that has no file."""
    listed = tree.at(("catalog", "uses_environments"))
    return [
        InvalidValueError(
            f"config: `catalog.uses_environments` names `{entry.value}`, and there is no such environment",
            location=str(entry.origin),
            fix=did_you_mean(str(entry.value), known) or f"use environments that exist: {', '.join(known)}",
        )
        for _, entry in (listed.items() if listed else ())
        if isinstance(entry.value, str) and entry.value not in known
    ]


def _with_derived(tree: Node, root: Path) -> Node:
    origin = Origin("default", "default")
    for path, value in derived_defaults(to_data(tree), root).items():
        tree = tree.put(path, Node(value, origin))
    return tree
