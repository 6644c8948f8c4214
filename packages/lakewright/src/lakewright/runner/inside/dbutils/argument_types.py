"""`dbutils` takes text where Databricks takes text: a number that is converted here would fail there."""

from __future__ import annotations

from lakewright.runner.errors import RunnerError


class ArgumentTypeError(RunnerError, TypeError):
    """Raised when an argument has another type than Databricks accepts."""


def need_text(**arguments: object) -> None:
    """Refuse arguments that are not text.

    Raises:
        ArgumentTypeError: One of them is something else.
    """
    for name, value in arguments.items():
        if not isinstance(value, str):
            raise ArgumentTypeError(
                f"`{name}` must be text, and is {type(value).__name__} {value!r}",
                detail="Databricks accepts only text here",
                fix=f"pass str({value!r})" if value is not None else "pass a text",
            )
