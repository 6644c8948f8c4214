"""`ConfigLoader`: from the files of an environment to one typed, frozen configuration.

The first step of the walk. Precedence, the weakest first: defaults of the model, `defaults.yaml`, `<env>.yaml`,
`<env>.local.yaml`, `DBX_SECTION__KEY`, arguments.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from databricks_utils.config.derived import derived_defaults
from databricks_utils.config.environment import ENV_VARIABLE, choose_environment
from databricks_utils.config.errors import ConfigError, InvalidValueError
from databricks_utils.config.files import Layers, find_folder, read_layers
from databricks_utils.config.interpolate import interpolate
from databricks_utils.config.literal_secrets import warn_of_literal_secrets
from databricks_utils.config.merge import merge_all
from databricks_utils.config.model import EnvironmentConfig, bind
from databricks_utils.config.search import Search
from databricks_utils.config.tree import Node, Origin, grow, shown
from databricks_utils.config.validation import to_data, validate
from databricks_utils.config.variables import read_variables


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
                directory that holds environments.
            overrides: Values that win over everything else, nested or by dotted key: `{"catalog.schema_prefix": "x_"}`.

        Returns:
            The configuration, frozen.

        Raises:
            ConfigError: Something is missing, unknown or wrong. Every problem names its file and line, or its
                variable, and what to write instead; several are told at once.

        >>> from databricks_utils.testing import example_config_folder
        >>> ConfigLoader.load("dev", example_config_folder()).catalog.name
        'dev_analytics'
        """
        environ = os.environ
        environment = choose_environment(env, environ)
        folder = find_folder(path, environ)
        layers = read_layers(folder, str(environment.value))
        search = _search(layers, environment)
        tree, problems = _tree(layers, environment, overrides or {}, environ)
        tree = _with_derived(tree, folder.parent)
        config = validate(EnvironmentConfig, tree, search, known=tuple(problems))
        warn_of_literal_secrets(tree)
        return bind(config, tree=tree, folder=folder, search=search)


def _search(layers: Layers, environment: Node) -> Search:
    name = str(environment.value)
    own = next(file for file in layers.found if file.name == f"{name}.yaml")
    return Search(
        environment=name,
        found=tuple(shown(file) for file in reversed(layers.found)),
        absent=tuple(shown(file) for file in layers.absent),
        own_file=shown(own),
    )


def _tree(
    layers: Layers, environment: Node, overrides: Mapping[str, Any], environ: Mapping[str, str]
) -> tuple[Node, list[ConfigError]]:
    variables, problems = read_variables(EnvironmentConfig, environ)
    merged = merge_all([*layers.trees, variables, _overrides(overrides)])
    tree, undefined = interpolate(merged, environ)
    claimed = tree.at(("environment",))
    if claimed is not None and claimed.value != environment.value:
        problems.append(_other_environment(claimed, environment))
    return tree.put(("environment",), environment), [*problems, *undefined]


def _overrides(overrides: Mapping[str, Any]) -> Node:
    origin = Origin("argument", "argument overrides")
    tree = Node({}, origin)
    for key, value in overrides.items():
        path = tuple(key.split("."))
        below = tree.at(path)
        node = grow(value, origin)
        tree = tree.put(path, merge_all([below, node]) if below else node)
    return tree


def _other_environment(claimed: Node, environment: Node) -> InvalidValueError:
    return InvalidValueError(
        f"config: `environment` says `{claimed.value}`, but `{environment.value}` is loaded ({environment.origin})",
        location=str(claimed.origin),
        fix=f"unset it; the environment is chosen by {ENV_VARIABLE}"
        if claimed.origin.kind == "variable"
        else "remove the key: the file's name is the environment's name",
    )


def _with_derived(tree: Node, root: Path) -> Node:
    origin = Origin("default", "default")
    for path, value in derived_defaults(to_data(tree), root).items():
        tree = tree.put(path, Node(value, origin))
    return tree
