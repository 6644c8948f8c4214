"""A wheel: what its own metadata says it is, checked against the list of its files."""

import base64
import csv
import hashlib
import io
import zipfile
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

from packaging.utils import canonicalize_name

from lakewright.wheels.errors import WheelError


@dataclass(frozen=True)
class Wheel:
    """A wheel of one of our packages, in memory.

    Attributes:
        name: The package, normalised.
        version: Its version.
        content: The bytes of the file.
    """

    name: str
    version: str
    content: bytes

    @property
    def file(self) -> str:
        """The file's name."""
        return file_name(self.name, self.version)

    @property
    def sha256(self) -> str:
        """The hash of the file, in hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


def file_name(name: str, version: str) -> str:
    """Return the name of the wheel of a pure Python package.

    Examples:
        >>> file_name("databricks-utils", "0.1.0")
        'databricks_utils-0.1.0-py3-none-any.whl'
    """
    return f"{canonicalize_name(name).replace('-', '_')}-{version}-py3-none-any.whl"


def read_wheel(file: Path) -> Wheel:
    """Read a wheel, and check that it is whole.

    Raises:
        WheelError: It is not a wheel, or a file in it is missing or differs from the wheel's own list.
    """
    return parse_wheel(file.read_bytes(), str(file))


def parse_wheel(content: bytes, place: str) -> Wheel:
    """Return the wheel that some bytes are.

    Args:
        content: The bytes.
        place: Where they come from, for the error.

    Raises:
        WheelError: As in `read_wheel`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_record(archive)
            metadata = Parser().parsestr(_read_ending(archive, ".dist-info/METADATA").decode())
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise WheelError(
            "a wheel is not whole",
            location=place,
            detail=str(error).strip("'\""),
            fix="take the file again from where it came from",
        ) from error
    return Wheel(canonicalize_name(metadata["Name"]), str(metadata["Version"]), content)


def _read_ending(archive: zipfile.ZipFile, ending: str) -> bytes:
    name = next((name for name in archive.namelist() if name.endswith(ending)), None)
    if name is None:
        raise KeyError(f"it has no {ending.removeprefix('.')}")
    return archive.read(name)


def _check_record(archive: zipfile.ZipFile) -> None:
    """Compare each file with its hash in the wheel's RECORD."""
    for name, digest, *_ in csv.reader(io.StringIO(_read_ending(archive, ".dist-info/RECORD").decode())):
        if digest and digest != record_hash(archive.read(name)):
            raise ValueError(f"{name} differs from its hash in RECORD")


def record_hash(content: bytes) -> str:
    """Return the hash of a file as RECORD writes it."""
    return f"sha256={base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()}"
