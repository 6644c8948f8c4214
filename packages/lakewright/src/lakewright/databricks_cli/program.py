"""The Databricks CLI on PATH, and whether its version fits."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lakewright.databricks_cli.errors import CliError
from lakewright.databricks_cli.process import run

PROGRAM = "databricks"
INSTALL = "https://docs.databricks.com/dev-tools/cli/install"
_SECONDS = 10
_VERSION = re.compile(r"\bv?(\d+\.\d+\.\d+[\w.+\-]*)")
# The PyPI package `databricks-cli` ends at 0.18; the CLI that has bundles begins at 0.200.
# Source: https://docs.databricks.com/aws/archive/dev-tools/cli
_RETIRED = "<0.100.0"


@dataclass(frozen=True)
class Cli:
    """The Databricks CLI on PATH.

    Attributes:
        path: The program.
        version: Its version; empty if it prints none.
    """

    path: str
    version: str


def find_cli(environ: Mapping[str, str]) -> Cli | None:
    """Return the CLI on PATH; None if there is none.

    Args:
        environ: The environment variables, with PATH.
    """
    path = path_of_cli(environ)
    return Cli(path, _version(path, environ)) if path else None


def path_of_cli(environ: Mapping[str, str]) -> str | None:
    """Return the program of the CLI on PATH without starting it; None if there is none."""
    return shutil.which(PROGRAM, path=environ.get("PATH"))


def _version(path: str, environ: Mapping[str, str]) -> str:
    done = run([path, "--version"], Path.cwd(), environ, seconds=_SECONDS)
    found = _VERSION.search(done.printed or done.stderr)
    return found[1] if found else ""


def missing_cli() -> CliError:
    """Return the error that there is no CLI."""
    return CliError(f"`{PROGRAM}` is not on PATH", fix=f"install the Databricks CLI: {INSTALL}")


def unfit(cli: Cli, required: str, *, needed_by: str = "the bundle") -> CliError | None:
    """Return the error that a CLI has no bundles or another version than the required one; None if it fits or prints none.

    Args:
        cli: The CLI.
        required: The limits for its version, as in `bundle.databricks_cli_version`; empty for none.
        needed_by: What requires them.
    """
    if _is_development_build(cli.version):
        return None
    install = f"install the Databricks CLI, {f'version {required}' if required else 'any version'}: {INSTALL}"
    if fits_version(cli.version, _RETIRED):
        return CliError(
            f"`{cli.path}` is version {cli.version} of the retired Python package `databricks-cli`, which has no bundles",
            fix=f"pip uninstall databricks-cli, then {install}",
        )
    if required and fits_version(cli.version, required) is False:
        return CliError(
            f"`{cli.path}` is version {cli.version}, and {needed_by} needs {required}", fix=install
        )
    return None


def fits_version(version: str, required: str) -> bool | None:
    """Return whether a version fits what a bundle requires; None if one of the two cannot be read.

    >>> fits_version("0.270.0", ">= 0.218.0, <= 1.0.0"), fits_version("0.200.0", "0.218.*"), fits_version("", "1.*")
    (True, False, None)
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    parts = [part.strip() for part in required.split(",")]
    pinned = [part.replace(" ", "") if part[:1] in "<>=!" else f"=={part}" for part in parts if part]
    if _is_development_build(version):
        return True
    try:
        return SpecifierSet(",".join(pinned)).contains(Version(version), prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return None


def _is_development_build(version: str) -> bool:
    """Whether the CLI was built from source: it then only warns of the version that a bundle requires.

    Source: https://github.com/databricks/cli/blob/main/bundle/config/mutator/verify_cli_version.go
    """
    return version.startswith("0.0.0")
