"""Names of wheels: which package a file holds. Bundles also name wheels by patterns such as `dist/*.whl`."""

from pathlib import PurePosixPath

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename


def is_wheel(requirement: str) -> bool:
    """Whether a requirement is the path of a wheel, not the name of a package; extras may follow it.

    Examples:
        >>> is_wheel("dist/shop-*.whl"), is_wheel("./dist/shop-1.0-py3-none-any.whl[train]"), is_wheel("shop[train]")
        (True, True, False)
    """
    return wheel_path(requirement).endswith(".whl")


def wheel_path(requirement: str) -> str:
    """Return the path of a wheel without the extras behind it.

    Examples:
        >>> wheel_path("dist/shop-*.whl[train]"), wheel_path("dist/[ab]*.whl")
        ('dist/shop-*.whl', 'dist/[ab]*.whl')
    """
    path, bracket, _ = requirement.partition(".whl[")
    return f"{path}.whl" if bracket else requirement


def distribution_of(wheel: str) -> str:
    """Return the normalised name of the package that a wheel holds; of a pattern the part before the first dash.

    Examples:
        >>> distribution_of("dist/My_Package-1.0-py3-none-any.whl"), distribution_of("./dist/flights-*.whl")
        ('my-package', 'flights')
        >>> distribution_of("dist/*.whl")
        '*'
    """
    name = PurePosixPath(wheel_path(wheel)).name
    try:
        return parse_wheel_filename(name)[0]
    except InvalidWheelFilename:
        return canonicalize_name(name.partition("-")[0].removesuffix(".whl"))
