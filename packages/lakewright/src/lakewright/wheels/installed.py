"""The wheel of a package that is installed here: packed again from its files, or built if it is an editable installation."""

import csv
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from lakewright.wheels.errors import WheelError, WheelNotFoundError
from lakewright.wheels.wheel_file import Wheel, parse_wheel, read_wheel, record_hash

# Written by the installer, not part of the wheel.
_OF_THE_INSTALLER = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_cache.json", "uv_build.json"}
_OLDEST = (1980, 1, 1, 0, 0, 0)  # a fixed time: the same files give the same bytes
_BUILD = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"


def installed_wheel(name: str) -> Wheel:
    """Return the wheel of an installed package.

    Raises:
        WheelNotFoundError: It is not installed.
        WheelError: Its files were changed after the installation, or it is editable and cannot be built here.
    """
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        raise WheelNotFoundError(
            f"{name} is not installed here",
            fix="give the folder that has its wheel: `lakewright wheels update --from FOLDER`",
        ) from None
    source = _editable_source(found)
    return _built(name, source) if source else parse_wheel(_packed(name, found), name)


def installed_version(name: str) -> str:
    """Return the version of a package that is installed here; `none` if it is not."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


def _editable_source(found: metadata.Distribution) -> Path | None:
    url = json.loads(found.read_text("direct_url.json") or "{}")
    is_editable = (url.get("dir_info") or {}).get("editable")
    return Path(unquote(urlsplit(url["url"]).path)) if is_editable else None


def _built(name: str, source: Path) -> Wheel:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _BUILD, folder]
        done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            raise WheelError(
                f"{name} is installed from its sources, and no wheel could be built from them",
                location=str(source),
                detail=done.stderr.strip().splitlines()[-1] if done.stderr.strip() else None,
                fix="install `hatchling` here, or give a folder of wheels",
            )
        return read_wheel(wheels[0])


def _packed(name: str, found: metadata.Distribution) -> bytes:
    files = {path.as_posix(): (path, path.hash) for path in found.files or () if _is_in_the_wheel(path)}
    record: list[tuple[str, str, str]] = []
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, (path, expected) in sorted(files.items()):
            content = Path(str(path.locate())).read_bytes()
            if expected and record_hash(content) != f"{expected.mode}={expected.value}":
                raise WheelError(
                    f"a file of {name} was changed after its installation",
                    location=str(path.locate()),
                    fix="install the package again, then repeat the command",
                )
            archive.writestr(_entry(place), content)
            record.append((place, record_hash(content), str(len(content))))
        listing = next(place for place in files if place.endswith(".dist-info/METADATA"))
        place = listing.replace("METADATA", "RECORD")
        rows = io.StringIO()
        csv.writer(rows, lineterminator="\n").writerows([*record, (place, "", "")])
        archive.writestr(_entry(place), rows.getvalue())
    return packed.getvalue()


def _is_in_the_wheel(path: PurePosixPath) -> bool:
    """Return whether a file came with the wheel: not a script, not bytecode, not a note of the installer."""
    if path.is_absolute() or ".." in path.parts or "__pycache__" in path.parts:
        return False
    return not (path.parts[0].endswith(".dist-info") and path.name in _OF_THE_INSTALLER)


def _entry(place: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(place, _OLDEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o100644 << 16
    return entry
