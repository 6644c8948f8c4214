"""Secrets of a local run: variables of the environment and of the project's `.env`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from lakewright.env_file import with_env_file
from lakewright.runner.errors import RunnerError

PREFIX = "DBX_SECRET__"


class SecretError(RunnerError, KeyError):
    """Raised when a secret does not exist."""

    __str__ = RunnerError.__str__


def secret_variable(scope: str, key: str) -> str:
    """The variable that holds a secret: `DBX_SECRET__<SCOPE>__<KEY>`; characters other than letters and digits become `_`.

    Examples:
        >>> secret_variable("kv", "api-key")
        'DBX_SECRET__KV__API_KEY'
    """
    return PREFIX + "__".join(re.sub(r"[^A-Za-z0-9]", "_", part).upper() for part in (scope, key))


def secret_value(variables: Mapping[str, str], scope: str, key: str, *, location: str | None = None) -> str:
    """The value of a secret.

    Args:
        variables: The variables that hold secrets.
        scope: The secret's scope.
        key: The secret's key.
        location: Where the secret is named, if that is not in code.

    Raises:
        SecretError: The variable is not set; the message has its name.
    """
    variable = secret_variable(scope, key)
    if variable not in variables:
        raise SecretError(
            f"the secret `{key}` of scope `{scope}` does not exist",
            detail=f"Secret does not exist with scope: {scope} and key: {key}\n"
            f"looked for the variable {variable} in the environment and in .env",
            location=location,
            fix=f"export {variable}=…, or write it into .env (which git ignores)",
        )
    return variables[variable]


def secrets_of(environ: Mapping[str, str], project: Path) -> dict[str, str]:
    """Every secret that a run of this project can read; the environment overrides `.env`."""
    return secrets_in(with_env_file(project, environ))


def secrets_in(variables: Mapping[str, str]) -> dict[str, str]:
    """The secrets among some variables."""
    return {name: value for name, value in variables.items() if name.startswith(PREFIX) and value}
