"""The context of every step of the walk: the configuration, the names of tables, and the version of the code.

Open a `Context` with `notebook_context` in a notebook, with `task_context` in a wheel or script task, and with
`open_context` elsewhere.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from databricks_utils.catalog import CatalogHelper
from databricks_utils.config import ConfigLoader, EnvironmentConfig
from databricks_utils.nearest import did_you_mean

_STANDARD = {
    "env": "environment; by default DBX_ENV, then `local` outside Databricks",
    "config_path": "the folder config/; by default the first one above the working directory",
    "schema_prefix": "the prefix of schema names in the bundle's development mode",
    "git_sha": "the commit of the code",
    "run_id": "the run of the job; each quarantined row has it",
}


@dataclass(frozen=True)
class Context:
    """One environment and one version of the code.

    Attributes:
        config: The environment's configuration.
        catalog: Names of tables, schemas, volumes and models.
        git_sha: The commit of the code; `<sha>-dirty` if files were changed, `unknown` without git.
        parameters: Additional parameters of the task, by name.
        run_id: The run of the job that the code belongs to; `unknown` outside of a job.
    """

    config: EnvironmentConfig
    catalog: CatalogHelper
    git_sha: str = "unknown"
    parameters: Mapping[str, str] = field(default_factory=dict)
    run_id: str = "unknown"

    def table(self, layer: str, name: str) -> str:
        """Return a table's three-part name."""
        return self.catalog.table_name(layer, name)

    @property
    def root(self) -> Path:
        """The project's folder, which contains `config/`."""
        return self.config.project_root

    @property
    def landing(self) -> Path:
        """The folder of the landing volume."""
        return Path(self.catalog.volume_path(self.config.storage.landing_volume))


def open_context(  # noqa: PLR0913 - the parameters of every job
    env: str = "",
    config_path: str | Path = "",
    *,
    schema_prefix: str = "",
    git_sha: str = "",
    run_id: str = "",
    parameters: Mapping[str, str] | None = None,
) -> Context:
    """Return the context of an environment, with its loaded configuration.

    Args:
        env: The environment, e.g. `dev`; empty: `DBX_ENV`, then `local` outside Databricks.
        config_path: The project's `config/` folder; empty: the first one above the working directory.
        schema_prefix: The prefix of schema names in the bundle's development mode, e.g. `dev_alice_`.
        git_sha: The commit of the code; empty: `unknown`.
        run_id: The run of the job; empty: `unknown`.
        parameters: Additional parameters of the task.

    Raises:
        ConfigError: The configuration is missing or wrong; the error names file and line.
    """
    overrides = {"catalog.schema_prefix": schema_prefix} if schema_prefix else None
    config = ConfigLoader.load(env or None, config_path or None, overrides=overrides)
    return Context(
        config, CatalogHelper(config), git_sha or "unknown", dict(parameters or {}), run_id or "unknown"
    )


class Widgets(Protocol):
    """The part of `dbutils.widgets` that a context needs."""

    def text(self, name: str, defaultValue: str, /) -> object:  # noqa: N803 - Databricks' name
        """Declare a widget."""

    def get(self, name: str, /) -> str:
        """Return a widget's value."""


class Dbutils(Protocol):
    """The part of `dbutils` that a context needs."""

    @property
    def widgets(self) -> Widgets:
        """The notebook's widgets."""


def notebook_context(dbutils: Dbutils, **defaults: str) -> Context:
    """Return the context of a notebook: each parameter is a text widget, which gets the job's value.

    Args:
        dbutils: The notebook's `dbutils`.
        **defaults: Additional parameters and their default values; they are in `Context.parameters`.
    """
    for name in (*_STANDARD, *defaults):
        dbutils.widgets.text(name, defaults.get(name, ""))
    return _opened({name: dbutils.widgets.get(name) for name in (*_STANDARD, *defaults)})


def task_context(description: str, arguments: Sequence[str] | None = None, **defaults: str) -> Context:
    """Return the context of a wheel or script task from `--env`, `--config_path`, `--schema_prefix`, `--git_sha` and `--run_id`.

    Other arguments of the form `--name=value` are additional parameters: a job passes all its parameters to each wheel task
    with named parameters. A name that is close to one of the five is refused as a typing error.

    Args:
        description: The description for `--help`.
        arguments: The arguments; by default those of the process.
        **defaults: Additional parameters and their default values; they are in `Context.parameters`.

    Source: https://docs.databricks.com/aws/en/jobs/task-parameters (key-value parameters, pushdown of job parameters).
    """
    parser = argparse.ArgumentParser(description=description, allow_abbrev=False)
    for name, text in _STANDARD.items():
        parser.add_argument(f"--{name}", default="", help=text)
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", default=value, help=f"default: {value or '(empty)'}")
    known, others = parser.parse_known_args(arguments)
    further = dict(_named(parser, argument) for argument in others)
    return _opened({**further, **vars(known)})


def _named(parser: argparse.ArgumentParser, argument: str) -> tuple[str, str]:
    name, equals, value = argument.removeprefix("--").partition("=")
    if not argument.startswith("--") or not equals or not name:
        parser.error(f"unrecognized argument: {argument}; write --name=value")
    if meant := did_you_mean(name, _STANDARD):
        parser.error(f"unrecognized argument: --{name}; {meant}")
    return name, value


def _opened(values: Mapping[str, str]) -> Context:
    return open_context(
        values["env"],
        values["config_path"],
        schema_prefix=values["schema_prefix"],
        git_sha=values["git_sha"],
        run_id=values["run_id"],
        parameters={name: value for name, value in values.items() if name not in _STANDARD},
    )
