"""The project's `.env`: variables for every command, as if they were exported."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, MutableMapping
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
    and the tasks find them there. A message about one of them names its line in the file.

    Args:
        project: The project's root.
        environ: The environment to add them to; by default that of this process.
    """
    environ = os.environ if environ is None else environ
    file = project / ".env"
    new = {name: value for name, value in read_env_file(file).items() if name not in environ}
    environ.update(new)
    if new:
        from databricks_utils.config import ENV_FILE_VARIABLE

        environ[ENV_FILE_VARIABLE] = json.dumps({"file": str(file), "lines": _lines(file, new)})


def _lines(file: Path, names: Iterable[str]) -> dict[str, int]:
    """Return the line of each variable, so that messages can name it; the last one counts."""
    from dotenv.parser import parse_stream

    wanted = set(names)
    with file.open(encoding="utf-8") as stream:
        return {
            binding.key: binding.original.line + _blank_lines(binding.original.string)
            for binding in parse_stream(stream)
            if binding.key in wanted
        }


def _blank_lines(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")


def with_env_file(project: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with the variables of a project's `.env`; what is in the environment wins."""
    return {**read_env_file(project / ".env"), **environ}
