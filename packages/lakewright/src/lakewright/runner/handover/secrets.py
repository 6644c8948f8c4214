"""Secrets of a local run: variables of the environment and of the project's `.env`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from lakewright.env_file import with_env_file

PREFIX = "DBX_SECRET__"


def secret_variable(scope: str, key: str) -> str:
    """The variable that holds a secret: `DBX_SECRET__<SCOPE>__<KEY>`; characters other than letters and digits become `_`.

    Examples:
        >>> secret_variable("kv", "api-key")
        'DBX_SECRET__KV__API_KEY'
    """
    return PREFIX + "__".join(re.sub(r"[^A-Za-z0-9]", "_", part).upper() for part in (scope, key))


def secrets_of(environ: Mapping[str, str], project: Path) -> dict[str, str]:
    """Every secret that a run of this project can read; the environment overrides `.env`."""
    return secrets_in(with_env_file(project, environ))


def secrets_in(variables: Mapping[str, str]) -> dict[str, str]:
    """The secrets among some variables."""
    return {name: value for name, value in variables.items() if name.startswith(PREFIX) and value}
