"""Entry point `roll_back_model` of the wheel: the version that the champion replaced becomes champion again."""

from databricks_utils.context import task_context
from databricks_utils.errors import DiagnosedError
from databricks_utils.mlops import ModelRegistry, use_tracking
from databricks_utils.observability import report_note

from flights.training.late_arrival import late_arrival


class NoReasonError(DiagnosedError, ValueError):
    """Raised when nobody says why the champion is bad."""


def main() -> None:
    """Move the alias `champion` back, and keep the reason beside the version that was champion."""
    context = task_context("Let the version be champion again that the champion replaced.", reason="")
    reason = context.parameters["reason"].strip()
    if not reason:
        raise NoReasonError(
            "a rollback needs a reason: the version is refused from now on, and later people ask why",
            fix='lakewright run roll_back_model --param reason="…"\n'
            'in a workspace: databricks bundle run -t prod roll_back_model -- --reason="…"',
        )
    use_tracking(context)
    name = late_arrival(context).model_in(context)
    champion = ModelRegistry().rollback(name, reason=reason)
    report_note(f"version {champion.reference.version} of {name} is champion again: {reason}")
    print(f"{champion.reference}: {reason}")
