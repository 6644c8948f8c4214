"""Find the `config/` folder, list its environments, and read the files of one of them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from databricks_utils.config.environment import FOLDER_VARIABLE, variable_name
from databricks_utils.config.errors import ConfigFolderError, UnknownEnvironmentError
from databricks_utils.config.origin import origin_of_variable, shown
from databricks_utils.config.tree import KeyPath, Node
from databricks_utils.config.yaml_reader import read_file
from databricks_utils.nearest import nearest

DEFAULTS = "defaults"


@dataclass(frozen=True)
class Layers:
    """The files of one environment.

    Attributes:
        found: The files that exist; later ones override earlier ones.
        absent: The files that were looked for and do not exist.
        trees: The content of `found`, in the same order.
    """

    found: tuple[Path, ...]
    absent: tuple[Path, ...]
    trees: tuple[Node, ...]


@dataclass(frozen=True)
class Search:
    """The places that were searched during a load, for the messages of errors.

    Attributes:
        environment: Name of the environment.
        found: Files that were read; earlier ones override later ones.
        absent: Files that were looked for and do not exist.
        own_file: The environment's own file; a missing key should be added there.
    """

    environment: str
    found: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    own_file: str = ""

    def describe(self, path: KeyPath) -> str:
        """Return text that lists every place where a key was searched, in order."""
        places = ["arguments", f"environment {variable_name(path)}", *self.found]
        lines = [f"looked in, in this order:  {' · '.join(places)}"]
        if self.absent:
            lines.append(f"probed but not found:      {' · '.join(self.absent)}")
        return "\n".join(lines)


def search_of(layers: Layers, environment: str) -> Search:
    """Return the places that were searched for an environment's files."""
    own = next(file for file in layers.found if file.name == f"{environment}.yaml")
    return Search(
        environment=environment,
        found=tuple(shown(file) for file in reversed(layers.found)),
        absent=tuple(shown(file) for file in layers.absent),
        own_file=shown(own),
    )


def find_folder(path: str | os.PathLike[str] | None, environ: Mapping[str, str]) -> Path:
    """Return the `config/` folder: the argument, then `DBX_CONFIG_PATH`, then upwards from the working directory.

    Args:
        path: The folder that the caller gave.
        environ: Environment variables.

    Raises:
        ConfigFolderError: There is none, or the given path is not a folder.
    """
    given = os.fspath(path) if path else environ.get(FOLDER_VARIABLE)
    if given:
        origin = "argument config_path" if path else str(origin_of_variable(FOLDER_VARIABLE, environ))
        return _checked_folder(Path(given), origin)
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
            f"config: {shown(folder)} is a file, but the folder with the environments is needed",
            location=origin,
            fix=f"give {shown(folder.parent)}",
        )
    raise ConfigFolderError(
        f"config: there is no folder {shown(folder)}",
        location=origin,
        fix="give the project's config/ folder; on Databricks: /Workspace/…/files/config",
    )


def environments(folder: Path) -> tuple[str, ...]:
    """Return the environments of a folder: its YAML files, except the defaults and personal `*.local.yaml`."""
    names = sorted(file.stem for file in folder.glob("*.yaml"))
    return tuple(name for name in names if name != DEFAULTS and "." not in name)


def read_layers(folder: Path, environment: str) -> Layers:
    """Read those of the three files that exist: `defaults.yaml`, `<env>.yaml` and the personal `<env>.local.yaml`.

    Args:
        folder: The `config/` folder.
        environment: Name of the environment.

    Raises:
        UnknownEnvironmentError: The environment has no file.
        ConfigFileError: A file cannot be read.
        ConfigSyntaxError: A file is not valid.
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
    near = nearest(environment, known, limit=1)
    fix = f"did you mean `{near[0]}`? Otherwise write" if near else "choose one of them, or write"
    if (folder / f"{environment}.yml").exists():
        fix = f"rename {environment}.yml to"
    return UnknownEnvironmentError(
        f"config: there is no environment `{environment}`",
        detail=f"environments that exist:   {listed}\nprobed but not found:      {shown(folder / environment)}.yaml",
        location=shown(folder),
        fix=f"{fix} {shown(folder / environment)}.yaml",
    )
