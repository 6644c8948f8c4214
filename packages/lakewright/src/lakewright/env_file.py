"""The project's `.env`: variables for every command, as if they were exported."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path


def read_env_file(path: Path) -> dict[str, str]:
    """Return the variables of a `.env` file; none if there is no such file or it cannot be opened."""
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        found = dotenv_values(path, interpolate=False)  # a secret may hold `${`
    except OSError:
        return {}
    return {name: value for name, value in found.items() if value is not None}


def add_env_file(project: Path, environ: MutableMapping[str, str] | None = None) -> None:
    """Add the variables of a project's `.env` to the environment; what is exported wins.

    The configuration (`DBX_SECTION__KEY`, `${NAME}`), the secrets (`DBX_SECRET__…`), a bundle's variables (`BUNDLE_VAR_…`)
    and the tasks find them there.

    Args:
        project: The project's root.
        environ: The environment to add them to; by default that of this process.
    """
    environ = os.environ if environ is None else environ
    for name, value in read_env_file(project / ".env").items():
        environ.setdefault(name, value)


def with_env_file(project: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with the variables of a project's `.env`; what is in the environment wins."""
    return {**read_env_file(project / ".env"), **environ}
