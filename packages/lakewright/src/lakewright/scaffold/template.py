"""Where the template is: inside of the installed package, or in the folder of the sources."""

from __future__ import annotations

from pathlib import Path

from lakewright.errors import InternalError

QUESTIONS = "copier.yml"
FILES = "template"


def template_root() -> Path:
    """Return the folder that holds the questions and the files of the template.

    Raises:
        InternalError: The installation lacks them.
    """
    package = Path(__file__).parent.parent
    shipped = package / "_template"
    root = shipped if shipped.is_dir() else package.parents[3]
    if not all((root / part).exists() for part in (QUESTIONS, FILES)):
        raise InternalError(
            "the project template is missing from this installation",
            location=str(root),
            fix="install the wheel of lakewright again",
        )
    return root
