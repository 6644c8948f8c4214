"""What a local run lays over the target: `bundle_variables` of the project's configuration for environment `local`."""

from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.bundle.model.bundle import LocalOverlay
from lakewright.bundle.model.diagnostic import Location
from lakewright.errors import LakewrightError

if TYPE_CHECKING:
    from databricks_utils.config import Origin


class OverlayError(LakewrightError, ValueError):
    """Raised when `bundle_variables` cannot be read: a file is not valid YAML, or the section is not a map."""


def load_local_overlay(root: Path) -> LocalOverlay:
    """Return `bundle_variables` of the project's configuration, as `lakewright config show` prints them.

    They are read by the reader of the configuration, so the files of `local` are merged and `${NAME}` is replaced;
    the other sections are not validated, since any bundle may have a `config/local.yaml`.

    Args:
        root: The project's folder.

    Returns:
        The overlay; an empty one, with environment `local`, if there is no `config/local.yaml` or no such section.

    Raises:
        OverlayError: The section cannot be read; the error names file and line.
    """
    from databricks_utils.config import ConfigError, ConfigLoader

    file = Path(root) / "config" / "local.yaml"
    if not file.is_file():
        return LocalOverlay()
    try:
        section = ConfigLoader.load_section("bundle_variables", "local", file.parent)
    except ConfigError as error:
        raise OverlayError(
            error.summary, detail=error.detail, location=error.location, fix=error.fix
        ) from error
    places = {name: place for name, origin in section.origins.items() if (place := _place(origin))}
    return LocalOverlay(variables=section.values, source=file, places=places)


def _place(origin: "Origin") -> Location | None:
    if origin.kind != "file" or origin.line is None:
        return None
    return Location(Path(origin.place).absolute(), origin.line, 1)
