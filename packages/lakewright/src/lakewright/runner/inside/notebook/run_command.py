"""What a `%run` cell says: the notebook, and the values of its widgets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lakewright.runner.errors import NotebookError

_ARGUMENT = re.compile(r"\$(\w+)\s*=\s*(\"[^\"]*\"|'[^']*'|\S+)")

_QUOTED = re.compile(r"(?P<quote>[\"'])(?P<path>.*?)(?P=quote)\s*(?P<beside>.*)")
_PLAIN = re.compile(r"(?P<path>.*?)\s*(?P<beside>(?<=\s)[#,].*)?")


class RunCommandError(NotebookError):
    """Raised when a `%run` names no notebook, or is not alone in its cell."""


@dataclass(frozen=True)
class RunCommand:
    """A `%run`.

    Attributes:
        target: The notebook, as it is written.
        arguments: Values of its widgets.
    """

    target: str
    arguments: dict[str, str]

    @classmethod
    def of(cls, source: str, place: str) -> RunCommand:
        """Read what follows `%run` in a cell.

        As on Databricks, a path and `$name=value` arguments may stand there, over several lines, and nothing else: no
        code, no second `%run`, no comment.

        Args:
            source: The cell without `%run`.
            place: The cell, for errors.

        Raises:
            RunCommandError: There is no path, or something else beside it.
        """
        arguments = {name: value.strip("\"'") for name, value in _ARGUMENT.findall(source)}
        lines = [line.strip() for line in _ARGUMENT.sub("", source).split("\n") if line.strip()]
        if not lines:
            raise RunCommandError(
                "`%run` names no notebook", location=place, fix="write `%run ./notebook`, or remove the cell"
            )
        target, beside = _path_and_rest(lines[0])
        for other in (beside, *lines[1:]):
            if other:
                raise not_alone(other, place)
        return cls(target, arguments)


def _path_and_rest(line: str) -> tuple[str, str]:
    """Return the path of a `%run`, in quotes or not, and what stands behind it."""
    found = _QUOTED.fullmatch(line) or _PLAIN.fullmatch(line)
    return (found["path"], found["beside"] or "") if found else (line, "")


def not_alone(other: str, place: str) -> RunCommandError:
    """The error about a `%run` in a cell that holds something else."""
    return RunCommandError(
        "`%run` must be alone in its cell",
        location=place,
        detail=f"the cell also has `{other}`; Databricks takes there only the path and `$name=value` arguments",
        fix="move the other lines, comments too, into a cell of their own (`# COMMAND ----------` between them)",
    )


def check_beside_python(source: str, place: str) -> None:
    """Check that a `%run` in a Python cell has only comments beside it.

    Raises:
        RunCommandError: The cell has code, or a second `%run`.
    """
    lines = [line.strip() for line in source.split("\n")]
    code = [line for line in lines if line and not line.startswith("#")]
    if len(code) > 1:
        raise not_alone(next((line for line in code if not line.startswith("%run")), code[1]), place)
