"""The command that makes a plan, as messages show it."""

from __future__ import annotations

import shlex


def plan_command(target: str | None) -> str:
    """Return the command that prints a plan.

    Args:
        target: The target; without one, the default target.

    Examples:
        >>> plan_command("prod")
        'databricks bundle plan -t prod -o json'
    """
    of_target = f" -t {shlex.quote(target)}" if target else ""
    return f"databricks bundle plan{of_target} -o json"
