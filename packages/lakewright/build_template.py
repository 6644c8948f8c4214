"""Build hook: wheel and source distribution carry the project template, which stands at the workspace's root."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PARTS = ("copier.yml", "template")


class TemplateHook(BuildHookInterface):  # type: ignore[type-arg]  # its argument is only for plugins with a configuration class
    """Adds `copier.yml` and `template/`: to a wheel as `lakewright/_template`, to a source distribution beside `src`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files; an editable installation reads them where they are."""
        if version != "standard":
            return
        here = Path(self.root)
        # An unpacked source distribution has them itself.
        source = here if (here / _PARTS[0]).exists() else here.parents[1]
        inside = "lakewright/_template/" if self.target_name == "wheel" else ""
        for part in _PARTS:
            if not (source / part).exists():
                raise FileNotFoundError(f"{source / part}: build the wheel inside the workspace")
            build_data["force_include"][str(source / part)] = f"{inside}{part}"
