"""Removes secrets from the engine's log, which its JVM writes itself: plans and messages may quote a statement."""

from __future__ import annotations

import contextlib
from pathlib import Path

from lakewright.engine.layout import EngineFolder
from lakewright.runner.handover.redactor import Redactor


def remove_secrets_from_engine_log(project: Path, redactor: Redactor) -> None:
    """Write over the secrets in the logs of the project's engine.

    The engine goes on writing at the end of its log, so the file keeps its length.

    Args:
        project: The project's root, absolute.
        redactor: Knows the secrets.
    """
    folder = EngineFolder(project)
    for log in (folder.log, folder.earlier_log):
        with contextlib.suppress(OSError), log.open("r+b") as stream:
            for start, cover in redactor.covered(stream.read()):
                stream.seek(start)
                stream.write(cover)
