"""A new project: the rendered template, with the wheels of our packages inside or from a private index."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from lakewright import __version__
from lakewright.scaffold.render import render_project
from lakewright.scaffold.repository import (
    RepositoryError,
    move_to_the_repository,
    place_of,
    refuse_what_does_not_fit,
)
from lakewright.wheels.errors import WheelError
from lakewright.wheels.folder import carry
from lakewright.wheels.lock import read_lock
from lakewright.wheels.sources import from_folder, from_here, from_index
from lakewright.wheels.wheel_file import Wheel


def new_project(folder: Path, *, answers: Mapping[str, str], ask: bool, wheels: Path | None = None) -> Path:
    """Create a project that can be set up on any machine.

    Args:
        folder: Where to write; created if missing, and must be empty.
        answers: Answers by the names of the questions in `copier.yml`.
        ask: Whether to ask the other questions; False: they get their defaults.
        wheels: A folder with the wheels of our packages; without it, they are made from what is installed here, or
            downloaded from the private index that the answers name.

    Returns:
        The project's absolute path.

    Raises:
        FolderNotEmptyError, AnswerError: As in `render_project`.
        RepositoryError: The folder is in a repository that the project's files do not fit into; nothing is left of the project.
        WheelError: The wheels could not be had; nothing is left of the project.
    """
    project = render_project(folder, answers=answers, ask=ask)
    place = place_of(project)
    try:
        if place:
            refuse_what_does_not_fit(project, place)
        lock = read_lock(project)
        index = lock.index if lock else None
        carry(project, _wheels(wheels, index), index=index)
    except (RepositoryError, WheelError):
        shutil.rmtree(project)
        raise
    if place:
        move_to_the_repository(project, place)
    return project


def _wheels(folder: Path | None, index: str | None) -> tuple[Wheel, ...]:
    if folder is not None:
        return from_folder(folder, __version__)
    return from_index(index, __version__) if index else from_here()
