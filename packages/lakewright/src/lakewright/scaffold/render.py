"""Render the template that ships with the package into a new folder."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from databricks_utils.nearest import nearest
from lakewright import __version__
from lakewright.errors import LakewrightError
from lakewright.runtimes import constraints_of, find_runtime, known_runtimes
from lakewright.scaffold.asking import AnswerError, ask_questions
from lakewright.scaffold.copying import quick_copying
from lakewright.scaffold.package_names import taken_by
from lakewright.scaffold.questions import read_questions
from lakewright.scaffold.repository import place_of
from lakewright.scaffold.template import FILES, QUESTIONS, template_root


class FolderNotEmptyError(LakewrightError, FileExistsError):
    """Raised when the folder for a project contains files already."""


def render_project(folder: Path, *, answers: Mapping[str, str], ask: bool) -> Path:
    """Render a project.

    Args:
        folder: Where to write; created if missing, and must be empty. Its name is the default project name.
        answers: Answers by the names of the questions in `copier.yml`.
        ask: Whether to ask the other questions; False: they get their defaults.

    In a folder of a git repository, what CI reads is rendered for that folder; `new_project` moves it to the repository's own.

    Returns:
        The project's absolute path. Its `wheels/` has no wheel yet: see `new_project`.

    Raises:
        FolderNotEmptyError: The folder is not empty; nothing was written.
        AnswerError: An answer is not valid; nothing was written.
    """
    import copier
    from copier.errors import CopierError

    # A folder reached through a link keeps the link's name, unless the path contains `..`.
    target = folder.resolve() if ".." in folder.parts else folder.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FolderNotEmptyError(
            f"{folder} exists and is not empty; nothing was written",
            location=str(target),
            fix="choose another name, or empty the folder first",
        )
    given = {"project_name": target.name, **answers}
    _refuse_unknown(given)
    if ask:
        given = ask_questions(given)
    try:
        with _template_source() as source, quick_copying():
            place = place_of(target)
            data = {**given, "our_version": __version__, "bundle_folder": place.folder if place else "."}
            made = copier.run_copy(str(source), target, data=data, defaults=True, quiet=True, unsafe=False)
    except (CopierError, ValueError, TypeError) as error:
        refused = re.match(r"Validation error for question '(\w+)': (.+)", str(error), re.DOTALL)
        problem = f"{refused[1]}: {refused[2]}" if refused else str(error)
        raise AnswerError(
            _without_credentials(f"the project was not created: {problem}"),
            detail=_without_credentials("answers given: " + ", ".join(map("=".join, given.items()))),
            fix=f"give another answer: -d {refused[1]}=…; all questions: lakewright init --help"
            if refused
            else "see the questions: lakewright init --help, or answer one by one: lakewright init NAME",
        ) from error
    try:
        _refuse_package(str(made.answers.combined["package_name"]))
    except AnswerError:  # the name is known only after the last answer
        shutil.rmtree(target)
        raise
    return target


def _refuse_package(name: str) -> None:
    """Raise if a project's package cannot have this name: it could not be imported, or would hide another package."""
    if why := taken_by(name):
        raise AnswerError(
            f"the project's package cannot be named `{name}`: it is {why}",
            fix="choose another name, or set the package's name separately: -d package_name=NAME",
        )


def _refuse_unknown(answers: Mapping[str, str]) -> None:
    questions = [each.name for each in read_questions()]
    for name in answers:
        if name not in questions:
            near = nearest(name, questions, limit=1)
            raise AnswerError(
                f"the template has no question `{name}`",
                detail="questions: " + ", ".join(questions),
                fix=f"did you mean {near[0]}?" if near else "leave it out",
            )


def _without_credentials(text: str) -> str:
    return re.sub(r"://[^/\s]*@", "://…@", text)


@contextmanager
def _template_source() -> Iterator[Path]:
    """Copy the template, with the constraints of each runtime, to a folder without git history.

    From a git repository Copier would render the last tag.
    """
    root = template_root()
    with tempfile.TemporaryDirectory() as temporary:
        copied = Path(temporary)
        shutil.copy2(root / QUESTIONS, copied)
        shutil.copytree(root / FILES, copied / FILES, symlinks=True)
        (copied / "constraints").mkdir()
        for name in known_runtimes():
            constraints = constraints_of(find_runtime(name)).rstrip("\n")
            (copied / "constraints" / f"{name}.txt").write_text(constraints, encoding="utf-8")
        yield copied
