"""Build hook: a wheel carries the project template, which stands at the workspace's root."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TemplateHook(BuildHookInterface):  # type: ignore[type-arg]  # its argument is only for plugins with a configuration class
    """Adds `copier.yml` and `template/` as `lakewright/_template`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files; an editable installation reads them where they are."""
        if version != "standard":
            return
        workspace = Path(self.root).parents[1]
        for part in ("copier.yml", "template"):
            if not (workspace / part).exists():
                raise FileNotFoundError(f"{workspace / part}: build the wheel inside the workspace")
            build_data["force_include"][str(workspace / part)] = f"lakewright/_template/{part}"
