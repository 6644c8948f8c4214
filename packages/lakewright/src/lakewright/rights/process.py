"""Whose rights this process has. Most processes have none to ask for, so the rules are imported where there is somebody to hold."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.rights.variables import GRANTS_VARIABLE, IGNORED, PRINCIPAL_VARIABLE
from lakewright.storage.machine_user import machine_user

if TYPE_CHECKING:
    from lakewright.rights.acting import Rights


def rights_of_process(lakehouse: Path, environ: Mapping[str, str] = os.environ) -> Rights | None:
    """Return the rights of the principal that a process works for.

    Args:
        lakehouse: The folder with `_catalog/`.
        environ: The variables of the process.

    Returns:
        None where nothing is refused: nobody is named, it is whose machine it is, or the run has no grants.
    """
    principal = environ.get(PRINCIPAL_VARIABLE)
    if (
        not principal
        or environ.get(GRANTS_VARIABLE) == IGNORED
        or principal.lower() == machine_user().lower()
    ):
        return None
    from lakewright.rights.acting import Rights

    return Rights(lakehouse, principal)
