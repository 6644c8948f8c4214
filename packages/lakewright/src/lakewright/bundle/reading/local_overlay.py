"""What a local run lays over a bundle: `bundle_variables` of `config/local.yaml`."""

from pathlib import Path
from typing import Any

import yaml

from lakewright.bundle.model.bundle import LocalOverlay
from lakewright.errors import LakewrightError


class OverlayError(LakewrightError, ValueError):
    """Raised when config/local.yaml cannot be used: it is no YAML, or `bundle_variables` is no map."""


def load_local_overlay(root: Path) -> LocalOverlay:
    """Read `bundle_variables` from the project's `config/local.yaml`.

    Args:
        root: The project's folder.

    Returns:
        The overlay; an empty one, with environment `local`, where there is no such file or section.

    Raises:
        OverlayError: If the file is not usable.
    """
    file = Path(root) / "config" / "local.yaml"
    if not file.is_file():
        return LocalOverlay()
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise OverlayError(
            "config/local.yaml is not YAML",
            detail=str(error),
            location=f"{file}{line}",
            fix="correct the line",
        ) from error
    values = content.get("bundle_variables") if isinstance(content, dict) else None
    if values is None:
        return LocalOverlay(source=file)
    if not isinstance(values, dict):
        raise OverlayError(
            "`bundle_variables` must be a map from variables to values",
            location=str(file),
            fix="write `bundle_variables: {catalog: local_analytics}`",
        )
    return LocalOverlay(variables={str(name): value for name, value in values.items()}, source=file)
