"""`dbutils.widgets`: a task's parameters win over the defaults that the notebook declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import RunnerError
from lakewright.runner.inside.dbutils.argument_types import ArgumentTypeError, need_text
from lakewright.runner.inside.dbutils.help_text import WithHelp


class WidgetError(RunnerError, KeyError):
    """Raised when code reads or removes a widget that is not declared and that no parameter fills."""

    __str__ = RunnerError.__str__


class WidgetChoiceError(RunnerError, ValueError):
    """Raised when a default is not among the choices."""


class Widgets(WithHelp):
    """`dbutils.widgets`: the widgets of one notebook (a notebook included by `%run` shares them).

    Args:
        parameters: Job and task parameters; they are the values of widgets of the same name.
    """

    def __init__(self, parameters: Mapping[str, str] | None = None) -> None:
        self._parameters = dict(parameters or {})
        self._defaults: dict[str, str] = {}

    def text(self, name: str, defaultValue: str, label: str | None = None) -> None:  # noqa: N803, ARG002 - Databricks' names
        """Declare a free-text widget.

        Raises:
            ArgumentTypeError: An argument is not text.
        """
        self._declare(name, defaultValue)

    def dropdown(
        self,
        name: str,
        defaultValue: str,  # noqa: N803 - Databricks' name
        choices: Sequence[str],
        label: str | None = None,  # noqa: ARG002 - only shown in a workspace
    ) -> None:
        """Declare a widget with fixed choices.

        Raises:
            ArgumentTypeError: An argument is not text.
            WidgetChoiceError: The default is not one of them.
        """
        _check_choices(choices)
        need_text(defaultValue=defaultValue)
        if defaultValue not in choices:
            raise WidgetChoiceError(
                f"the default `{defaultValue}` of widget `{name}` is not one of its choices",
                detail="choices: " + ", ".join(choices),
                fix=choose_from(defaultValue, choices),
            )
        self._declare(name, defaultValue)

    def combobox(
        self,
        name: str,
        defaultValue: str,  # noqa: N803 - Databricks' name
        choices: Sequence[str],
        label: str | None = None,  # noqa: ARG002 - only shown in a workspace
    ) -> None:
        """Declare a widget with choices and free text.

        Raises:
            ArgumentTypeError: An argument is not text.
        """
        _check_choices(choices)
        self._declare(name, defaultValue)

    def multiselect(
        self,
        name: str,
        defaultValue: str,  # noqa: N803 - Databricks' name
        choices: Sequence[str],
        label: str | None = None,
    ) -> None:
        """Declare a widget with several choices; the value is comma-separated.

        Raises:
            ArgumentTypeError: An argument is not text.
            WidgetChoiceError: The default is not one of them.
        """
        self.dropdown(name, defaultValue, choices, label)

    def get(self, name: str) -> str:
        """The value: the parameter of that name, else the declared default.

        Raises:
            WidgetError: There is neither.
        """
        if name in self._parameters:
            return self._parameters[name]
        if name in self._defaults:
            return self._defaults[name]
        raise self._unknown(name)

    def getAll(self) -> dict[str, str]:  # noqa: N802 - Databricks' name
        """Every value by name."""
        return {**self._defaults, **self._parameters}

    def getArgument(self, name: str, defaultValue: str | None = None) -> str:  # noqa: N802, N803 - Databricks' names
        """The older spelling of `get`, with a default."""
        if defaultValue is not None and name not in self.getAll():
            return defaultValue
        return self.get(name)

    def remove(self, name: str) -> None:
        """Remove a widget; a parameter of that name stays, as in a job's run.

        Raises:
            WidgetError: There is no such widget.
        """
        if name not in self._defaults and name not in self._parameters:
            raise self._unknown(name)
        self._defaults.pop(name, None)

    def removeAll(self) -> None:  # noqa: N802 - Databricks' name
        """Remove all widgets."""
        self._defaults.clear()

    def _update(self, values: Mapping[str, str]) -> None:
        """Fill widgets from the arguments of a `%run`."""
        self._parameters.update(values)

    def _declare(self, name: str, default: str) -> None:
        """Declare a widget; one that is there keeps its value."""
        need_text(name=name, defaultValue=default)
        self._defaults.setdefault(name, default)

    def _unknown(self, name: str) -> WidgetError:
        known = ", ".join(sorted(self.getAll())) or "none"
        return WidgetError(
            f"no widget and no parameter is called `{name}`",
            # Databricks' own words, by which code recognises the error.
            detail=f"InputWidgetNotDefined: No input widget named {name} is defined\nthere is: {known}",
            fix=f'declare it: dbutils.widgets.text("{name}", ""), or pass it as a parameter of the task',
        )


def _check_choices(choices: Sequence[str]) -> None:
    if isinstance(choices, str) or not isinstance(choices, Sequence):
        raise ArgumentTypeError(
            f"`choices` must be a list of texts, and is {type(choices).__name__}", fix='pass ["a", "b"]'
        )
    for choice in choices:
        need_text(choices=choice)
