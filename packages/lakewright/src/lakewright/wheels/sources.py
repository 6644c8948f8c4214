"""Where new wheels come from: the packages installed here, a folder, or a private index."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version

from lakewright.wheels.errors import WheelError, WheelNotFoundError
from lakewright.wheels.installed import installed_wheel
from lakewright.wheels.names import CARRIED
from lakewright.wheels.wheel_file import Wheel, read_wheel


def from_here() -> tuple[Wheel, ...]:
    """Return the wheels of the packages that are installed here."""
    return tuple(installed_wheel(name) for name in CARRIED)


def from_folder(folder: Path, version: str | None = None) -> tuple[Wheel, ...]:
    """Return the wheels in a folder: of a version, or the newest of each package.

    Raises:
        WheelNotFoundError: A package has no wheel there.
        WheelError: The packages have different versions, or a wheel is not whole.
    """
    return _of_one_version(_newest(folder, name, version) for name in CARRIED)


def from_index(index: str, version: str) -> tuple[Wheel, ...]:
    """Download the wheels from a private index, and from no other place.

    Args:
        index: The address, without user and password; pip finds those in netrc or a keyring.
        version: The version of the packages.

    Raises:
        WheelError: There is no pip, or it could not download them.
    """
    with tempfile.TemporaryDirectory() as folder:
        wanted = [f"{name}=={version}" for name in CARRIED]
        options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--index-url", index, "-d", folder]
        python = _python_with_pip(Path(folder) / "pip")
        done = _call(python, "-m", "pip", "download", *options, *wanted)
        if done.returncode:
            raise WheelError(
                f"{' and '.join(wanted)} could not be downloaded",
                location=index,
                detail="\n".join(done.stderr.strip().splitlines()[-2:]) or None,
                fix="check the address and your login (netrc or keyring), "
                "or put the wheels into the project: leave the index out",
            )
        return from_folder(Path(folder), version)


def one_index(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which pip knows no index and no folder besides those of the command line."""
    more = {"PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_CONFIG_FILE"}
    kept = {name: value for name, value in environment.items() if name not in more}
    return {**kept, "PIP_CONFIG_FILE": os.devnull}


def _python_with_pip(folder: Path) -> str:
    """Return a Python that has pip: this one, the one that its environment was made from, or that of a new environment."""
    if find_spec("pip"):
        return sys.executable
    base = str(getattr(sys, "_base_executable", None) or sys.executable)
    if _call(base, "-m", "pip", "--version").returncode == 0:
        return base
    made = _call(sys.executable, "-m", "venv", str(folder))
    if made.returncode:
        raise WheelError(
            "downloading from an index needs pip, which is not installed beside lakewright",
            detail=(made.stdout + made.stderr).strip() or None,
            fix="install pip there, or Python's module `venv` (Debian, Ubuntu: apt install python3-venv)",
        )
    return str(folder / "bin" / "python")


def _call(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=one_index(os.environ), capture_output=True, text=True, check=False)


def _newest(folder: Path, name: str, version: str | None) -> Wheel:
    found = {}
    for file in folder.glob("*.whl") if folder.is_dir() else ():
        try:
            package, number, _, _ = parse_wheel_filename(file.name)
        except InvalidWheelFilename:
            continue
        if package == name and version in {None, str(number)}:
            found[number] = file
    if not found:
        wanted = f"{name} {version}" if version else name
        raise WheelNotFoundError(
            f"there is no wheel of {wanted} in this folder",
            location=str(folder),
            fix="give the folder that has the wheels of databricks-utils and lakewright",
        )
    newest: Version = max(found)
    return read_wheel(found[newest])


def _of_one_version(wheels: Iterable[Wheel]) -> tuple[Wheel, ...]:
    listed = tuple(wheels)
    if len({wheel.version for wheel in listed}) > 1:
        raise WheelError(
            "the wheels have different versions: "
            + ", ".join(f"{wheel.name} {wheel.version}" for wheel in listed),
            fix="name the version: --version VERSION",
        )
    return listed
