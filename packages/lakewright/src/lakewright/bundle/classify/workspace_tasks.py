"""Entry points that need a workspace, by the project's own word: `workspace_tasks` in `[tool.lakewright]` of `pyproject.toml`."""

from pathlib import Path

from lakewright.bundle.python_projects.declared import read_toml, table_of


def needs_workspace(root: Path, entry_point: str) -> bool:
    """Return whether a project says that an entry point runs in a workspace only.

    Args:
        root: The bundle's folder.
        entry_point: The entry point of a `python_wheel_task`.
    """
    table = table_of(table_of(read_toml(root / "pyproject.toml"), "tool"), "lakewright")
    names = table.get("workspace_tasks")
    return isinstance(names, list) and entry_point in names
