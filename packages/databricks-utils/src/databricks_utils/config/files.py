"""The `config/` folder: where it is, which environments it holds, and the layers of one of them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from databricks_utils.config.errors import ConfigFolderError, UnknownEnvironmentError
from databricks_utils.config.sources import read_file
from databricks_utils.config.tree import Node, shown

DEFAULTS = "defaults"
FOLDER_VARIABLE = "DBX_CONFIG_PATH"


@dataclass(frozen=True)
class Layers:
    """The files of one environment.

    Attributes:
        found: The files that are there, the strongest last.
        absent: The files that were looked for and are not there.
        trees: The content of `found`, in the same order.
    """

    found: tuple[Path, ...]
    absent: tuple[Path, ...]
    trees: tuple[Node, ...]


def find_folder(path: str | os.PathLike[str] | None, environ: Mapping[str, str]) -> Path:
    """Find the `config/` folder: the argument, then `DBX_CONFIG_PATH`, then upwards from the working directory.

    Raises:
        ConfigFolderError: There is none, or the path given is no folder.
    """
    given = os.fspath(path) if path else environ.get(FOLDER_VARIABLE)
    if given:
        return _checked_folder(
            Path(given), "argument config_path" if path else f"environment {FOLDER_VARIABLE}"
        )
    here = Path.cwd()
    for parent in (here, *here.parents):
        if environments(parent / "config"):
            return parent / "config"
    raise ConfigFolderError(
        f"config: no folder config/ with environments in {here} or above it",
        detail=f"looked in, in this order:  argument config_path · environment {FOLDER_VARIABLE} · config/ from here up",
        fix="run inside a project, or name the folder: config_path=…/config",
    )


def _checked_folder(folder: Path, origin: str) -> Path:
    if folder.is_dir():
        return folder.resolve()
    if folder.is_file():
        raise ConfigFolderError(
            f"config: {shown(folder)} is a file; the folder that holds the environments is wanted",
            location=origin,
            fix=f"give {shown(folder.parent)}",
        )
    raise ConfigFolderError(
        f"config: there is no folder {shown(folder)}",
        location=origin,
        fix="give the project's config/ folder; on Databricks: /Workspace/…/files/config",
    )


def environments(folder: Path) -> tuple[str, ...]:
    """List the environments of a folder: its YAML files, but for the defaults and personal `*.local.yaml`."""
    names = sorted(file.stem for file in folder.glob("*.yaml"))
    return tuple(name for name in names if name != DEFAULTS and "." not in name)


def read_layers(folder: Path, environment: str) -> Layers:
    """Read `defaults.yaml`, `<env>.yaml` and the personal `<env>.local.yaml`, as far as they are there.

    Raises:
        UnknownEnvironmentError: The environment has no file.
    """
    own = folder / f"{environment}.yaml"
    candidates = (folder / f"{DEFAULTS}.yaml", own, folder / f"{environment}.local.yaml")
    if not own.exists():
        raise _unknown(folder, environment)
    found = tuple(file for file in candidates if file.exists())
    absent = tuple(file for file in candidates if file not in found)
    return Layers(found, absent, tuple(read_file(file) for file in found))


def _unknown(folder: Path, environment: str) -> UnknownEnvironmentError:
    known = environments(folder)
    listed = ", ".join(known) or "none"
    near = get_close_matches(environment, known, n=1)
    fix = f"did you mean `{near[0]}`? Otherwise write" if near else "choose one of them, or write"
    if (folder / f"{environment}.yml").exists():
        fix = f"rename {environment}.yml to"
    return UnknownEnvironmentError(
        f"config: there is no environment `{environment}`",
        detail=f"environments that exist:   {listed}\nprobed but not found:      {shown(folder / environment)}.yaml",
        location=shown(folder),
        fix=f"{fix} {shown(folder / environment)}.yaml",
    )
