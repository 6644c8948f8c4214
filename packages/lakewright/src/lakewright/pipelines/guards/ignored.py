"""Checks whose failure nothing follows from: what they refuse is deployed all the same."""

from collections.abc import Iterator

from lakewright.pipelines.commands import gate
from lakewright.pipelines.reading import Mapping, mappings
from lakewright.pipelines.weakness import Weakness

# How the systems say that a step or job may fail.
_MAY_FAIL = ("continue-on-error", "continueOnError", "allow_failure")
_SCRIPTS = ("run", "bash", "script", "pwsh")


def check_ignored(file: str, tree: object) -> Iterator[Weakness]:
    """Yield the steps and jobs of a pipeline whose check may fail without an end."""
    for holder in mappings(tree):
        key = next((key for key in _MAY_FAIL if _says_so(holder.get(key))), None)
        command = gate(_commands(holder)) if key else None
        if key and command:
            yield Weakness(
                file,
                holder.line_of(key),
                "lost-failure",
                f"`{command}` may fail, and what it refuses goes on: `{key}`",
                f"leave `{key}` out",
            )


def _says_so(value: object) -> bool:
    return isinstance(value, Mapping) or str(value).lower() == "true"  # GitLab: exit codes that are none


def _commands(holder: Mapping) -> str:
    """Return the scripts of a step, or of a job with its steps."""
    found = []
    for part in mappings(holder):
        for key in _SCRIPTS:
            given = part.get(key)
            found += [str(line) for line in given] if isinstance(given, list) else [str(given or "")]
    return "\n".join(found)
