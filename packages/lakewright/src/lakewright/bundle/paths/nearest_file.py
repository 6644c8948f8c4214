"""Which file was probably meant by a path that leads nowhere."""

import os
from itertools import islice
from pathlib import Path, PurePath

from databricks_utils.nearest import nearest
from lakewright.bundle.reading.disk import is_dir

_NOT_SEARCHED = {"node_modules", "venv", "__pycache__"}
_MOST_FOLDERS = 2_000  # `sync.paths` may name a folder above the project, with anything in it


def nearest_file(root: Path, target: Path, endings: tuple[str, ...] = ()) -> str:
    """Return a fix that names the file that was probably meant.

    Args:
        root: The folder that is uploaded.
        target: The path that leads nowhere.
        endings: The endings that the file may have; empty for any.
    """
    folder = target.parent
    if not is_dir(folder) or ("\\" in str(target) and os.sep == "/"):
        slashes = "write slashes in place of backslashes: they work on every system"
        return slashes if "\\" in str(target) else f"create it; the folder {folder} does not exist either"
    if is_dir(target):
        return f"{target} is a folder: name a file in it"
    if os.path.islink(target):  # noqa: PTH114 - a name that is too long is no link, no error
        return f"{target} is a link that leads nowhere: fix it, or name the file itself"
    names = [name for name in os.listdir(folder) if not endings or name.endswith(endings)]  # noqa: PTH208 - names alone
    near = nearest(target.name, names)
    if not near:
        stems = nearest(target.stem, [PurePath(name).stem for name in names])
        near = [name for name in sorted(names) if PurePath(name).stem in stems]
    if near:
        return f"did you mean {' or '.join(f'`{name}`' for name in near)} (in {folder})?"
    if other := _elsewhere(root, target.name):
        return f"a file of this name lies at {other}: paths are relative to the file that holds them"
    return f"create {target}, or correct the path: it is relative to the file that holds it"


def _elsewhere(root: Path, name: str) -> Path | None:
    """Return a file of this name below the bundle; hidden folders and those of tools are left out, and a search is not endless."""
    for folder, folders, files in islice(os.walk(root), _MOST_FOLDERS):
        folders[:] = sorted(
            each for each in folders if not each.startswith(".") and each not in _NOT_SEARCHED
        )
        if name in files:
            return Path(folder) / name
    return None
