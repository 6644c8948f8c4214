"""The profiles of `~/.databrickscfg`, as the Databricks CLI reads them."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path

from lakewright.workspace.addresses import host_name
from lakewright.workspace.errors import SignInError

_VARIABLE = "DATABRICKS_CONFIG_FILE"
_DEFAULT_FILE = "~/.databrickscfg"
_SETTINGS = "__settings__"  # the CLI's own section
_DEFAULT = "DEFAULT"

Profiles = Mapping[str, Mapping[str, str]]


def profiles_file(environ: Mapping[str, str]) -> Path:
    """Return where the profiles are."""
    return Path(environ.get(_VARIABLE) or _DEFAULT_FILE).expanduser()


def profiles_in(file: Path) -> Profiles:
    """Return the profiles of a file, each with its own keys; none if there is no file.

    Args:
        file: The file.

    Raises:
        SignInError: The file cannot be read.
    """
    parser = configparser.ConfigParser(interpolation=None, default_section="\0")
    try:
        parser.read_string(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        line = getattr(error, "lineno", None)
        raise SignInError(
            "the file of profiles cannot be read",  # the error itself would show a line, which may hold a token
            location=f"{file}:{line}" if line else str(file),
            fix="write it anew: databricks auth login --host HOST --profile NAME",
        ) from None
    found = {name: dict(parser[name]) for name in parser.sections() if name != _SETTINGS}
    return {name: keys for name, keys in found.items() if keys or name != _DEFAULT}


def with_host(profiles: Profiles, host: str) -> list[str]:
    """Return the names of the profiles for a host.

    Args:
        profiles: The profiles.
        host: An address, with or without `https://`.
    """
    wanted = host_name(host)
    return [name for name, keys in profiles.items() if keys.get("host") and host_name(keys["host"]) == wanted]
