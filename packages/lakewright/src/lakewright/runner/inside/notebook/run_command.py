"""What a `%run` cell says: the notebook, and the values of its widgets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lakewright.runner.errors import NotebookError

_ARGUMENT = re.compile(r"\$(\w+)\s*=\s*(\"[^\"]*\"|'[^']*'|\S+)")


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
        target, *more = lines
        if more:
            raise not_alone(more[0], place)
        return cls(target.strip("\"'"), arguments)


def not_alone(other: str, place: str) -> RunCommandError:
    """The error about a `%run` in a cell that holds something else."""
    return RunCommandError(
        "`%run` must be alone in its cell",
        location=place,
        detail=f"the cell also has `{other}`; Databricks takes there only the path and `$name=value` arguments",
        fix="move the other lines, comments too, into a cell of their own (`# COMMAND ----------` between them)",
    )


def refuse_inside_python(source: str, place: str) -> None:
    """Refuse a `%run` among the lines of a Python cell.

    Raises:
        RunCommandError: Always.
    """
    lines = [line.strip() for line in source.split("\n") if line.strip()]
    raise not_alone(next((line for line in lines if not line.startswith("%run")), lines[0]), place)
