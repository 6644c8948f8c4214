"""`dbutils` takes the types that Databricks takes: a number that is converted to text here would fail there."""

from __future__ import annotations

from collections.abc import Mapping

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


def need_whole_number(**arguments: object) -> None:
    """Refuse arguments that are not whole numbers.

    Raises:
        ArgumentTypeError: One of them is something else.
    """
    for name, value in arguments.items():
        if not isinstance(value, int) or isinstance(value, bool):
            raise ArgumentTypeError(
                f"`{name}` must be a whole number, and is {type(value).__name__} {value!r}",
                detail="Databricks accepts only a whole number here",
                fix="pass a number without a fraction, such as 60",
            )


def need_texts_by_name(**arguments: object) -> None:
    """Refuse arguments that are not mappings of texts to texts.

    Raises:
        ArgumentTypeError: One of them is something else, or a name or a value in it is not text.
    """
    for name, value in arguments.items():
        if not isinstance(value, Mapping):
            raise ArgumentTypeError(
                f"`{name}` must be a dictionary, and is {type(value).__name__} {value!r}",
                detail="Databricks accepts only a dictionary of texts here",
                fix='pass {"name": "value"}',
            )
        for key, text in value.items():
            need_text(**{name: key})
            need_text(**{f"{name}[{key!r}]": text})
