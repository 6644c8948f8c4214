"""Reads the package from the name of a wheel; bundles also name wheels by patterns such as `dist/*.whl`."""

from __future__ import annotations

from pathlib import PurePosixPath

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename


def is_wheel(requirement: str) -> bool:
    """Whether a requirement is the path of a wheel, not the name of a package."""
    return requirement.endswith(".whl")


def distribution_of(wheel: str) -> str:
    """The normalised package name of a wheel; for a pattern, the part before the first dash.

    Examples:
        >>> distribution_of("dist/My_Package-1.0-py3-none-any.whl"), distribution_of("./dist/flights-*.whl")
        ('my-package', 'flights')
        >>> distribution_of("dist/*.whl")
        '*'
    """
    name = PurePosixPath(wheel).name
    try:
        return parse_wheel_filename(name)[0]
    except InvalidWheelFilename:
        return canonicalize_name(name.partition("-")[0].removesuffix(".whl"))
