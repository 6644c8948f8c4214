"""Secrets of a local run: variables of the environment and of the project's `.env`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

PREFIX = "DBX_SECRET__"


def secret_variable(scope: str, key: str) -> str:
    """The variable that holds a secret: `DBX_SECRET__<SCOPE>__<KEY>`; characters other than letters and digits become `_`.

    Examples:
        >>> secret_variable("kv", "api-key")
        'DBX_SECRET__KV__API_KEY'
    """
    return PREFIX + "__".join(re.sub(r"[^A-Za-z0-9]", "_", part).upper() for part in (scope, key))


def read_env_file(path: Path) -> dict[str, str]:
    """The variables of a `.env` file; empty if there is no such file or it cannot be opened."""
    from dotenv import dotenv_values  # the runner reads it; a task's process gets the variables

    try:
        found = dotenv_values(path, interpolate=False)  # a secret may hold `${`
    except OSError:
        return {}
    return {name: value for name, value in found.items() if value is not None}


def secrets_of(environ: Mapping[str, str], project: Path) -> dict[str, str]:
    """Every secret that a run of this project can read; the environment overrides `.env`."""
    return secrets_in({**read_env_file(project / ".env"), **environ})


def secrets_in(variables: Mapping[str, str]) -> dict[str, str]:
    """The secrets among some variables."""
    return {name: value for name, value in variables.items() if name.startswith(PREFIX) and value}
