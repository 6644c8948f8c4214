"""The lock of a deployment: `state/deploy.lock` in the workspace, created only where there is none."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

from databricks.sdk.errors import NotFound, ResourceConflict

from bundle_deployer.errors import LockHeldError
from bundle_deployer.files import Files

NAME = "deploy.lock"


@contextmanager
def locked(files: Files, folder: str, user: str, now: datetime, *, force: bool = False) -> Iterator[None]:
    """Hold the lock of a target.

    Raises:
        LockHeldError: Another holds it; the message says who and since when.
    """
    mine = {"ID": str(uuid4()), "AcquisitionTime": now.isoformat(), "IsForced": force, "User": user}
    path = f"{folder}/{NAME}"
    with suppress(ResourceConflict):  # the holder is read below
        files.write(path, json.dumps(mine).encode(), overwrite=force)
    _demand_held(files, path, mine["ID"])
    try:
        yield
    finally:
        _release(files, path, mine["ID"])


def _demand_held(files: Files, path: str, mine: object) -> None:
    held: dict[str, Any] = json.loads(files.read(path))
    if held["ID"] != mine:
        how = "force-acquired" if held["IsForced"] else "acquired"
        raise LockHeldError(
            f"deploy lock {how} by {held['User']} at {held['AcquisitionTime']}. Another deployment may be in progress. "
            "Use --force-lock to override"
        )


def _release(files: Files, path: str, mine: object) -> None:
    """Delete the lock, unless it is gone (after `destroy`) or was taken by force."""
    with suppress(NotFound, LockHeldError):
        _demand_held(files, path, mine)
        files.delete(path)
