"""`dbutils.widgets`: a task's parameters win over the defaults that the notebook declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import RunnerError


class WidgetError(RunnerError, KeyError):
    """Raised when code reads a widget that is not declared and that no parameter fills."""

    __str__ = RunnerError.__str__


class WidgetChoiceError(RunnerError, ValueError):
    """Raised when a dropdown's default is not among its choices."""


class Widgets:
    """The widgets of one notebook (a notebook included by `%run` shares them).

    Args:
        parameters: Job and task parameters; they are the values of widgets of the same name.
    """

    def __init__(self, parameters: Mapping[str, str] | None = None) -> None:
        self._parameters = dict(parameters or {})
        self._defaults: dict[str, str] = {}

    def text(self, name: str, defaultValue: str = "", label: str | None = None) -> None:  # noqa: N803, ARG002 - names of Databricks
        """Declare a free-text widget."""
        self._defaults[name] = str(defaultValue)

    def dropdown(
        self,
        name: str,
        defaultValue: str,  # noqa: N803 - Databricks' name
        choices: Sequence[str],
        label: str | None = None,  # noqa: ARG002 - only shown in a workspace
    ) -> None:
        """Declare a widget with fixed choices.

        Raises:
            WidgetChoiceError: The default is not one of them.
        """
        if str(defaultValue) not in [str(choice) for choice in choices]:
            raise WidgetChoiceError(
                f"the default `{defaultValue}` of widget `{name}` is not one of its choices",
                detail="choices: " + ", ".join(map(str, choices)),
                fix=choose_from(str(defaultValue), map(str, choices)),
            )
        self._defaults[name] = str(defaultValue)

    def combobox(
        self,
        name: str,
        defaultValue: str,  # noqa: N803 - Databricks' name
        choices: Sequence[str],  # noqa: ARG002 - a combobox also takes other values
        label: str | None = None,  # noqa: ARG002 - only shown in a workspace
    ) -> None:
        """Declare a widget with choices and free text."""
        self._defaults[name] = str(defaultValue)

    def multiselect(
        self,
        name: str,
        defaultValue: str,  # noqa: N803 - Databricks' name
        choices: Sequence[str],
        label: str | None = None,
    ) -> None:
        """Declare a widget with several choices; the value is comma-separated."""
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
        raise WidgetError(
            f"no widget and no parameter is called `{name}`",
            detail="there is: " + (", ".join(sorted({*self._parameters, *self._defaults})) or "none"),
            fix=f'declare it: dbutils.widgets.text("{name}", ""), or pass it as a parameter of the task',
        )

    def getAll(self) -> dict[str, str]:  # noqa: N802 - Databricks' name
        """Every value by name."""
        return {**self._defaults, **self._parameters}

    def getArgument(self, name: str, defaultValue: str | None = None) -> str:  # noqa: N802, N803 - Databricks' names
        """The older spelling of `get`, with a default."""
        if defaultValue is not None and name not in self.getAll():
            return defaultValue
        return self.get(name)

    def remove(self, name: str) -> None:
        """Remove a widget; a parameter of that name stays, as in a job's run."""
        self._defaults.pop(name, None)

    def removeAll(self) -> None:  # noqa: N802 - Databricks' name
        """Remove all widgets."""
        self._defaults.clear()

    def update(self, values: Mapping[str, str]) -> None:
        """Fill widgets from the arguments of a `%run`."""
        self._parameters.update(values)
