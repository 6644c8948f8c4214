"""`{{…}}` references in the fields of a task."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# A step is plain, or stands in backticks or brackets where it holds odd signs: `job.parameters.[a.b]`.
_STEP = re.compile(r"`[^`]*`|\[[^\]]*\]|[^.`\[\]]+")
_DYNAMIC = re.compile(r"\{\{\s*([A-Za-z_][^{}]*?)\s*\}\}")


@dataclass(frozen=True)
class DynamicReference:
    """One `{{…}}` reference with at least two steps.

    Attributes:
        field: The field of the task that holds it, such as `condition_task.left`.
        text: The whole of it, with the braces.
        parts: Its steps, such as `("tasks", "load", "values", "rows")`.
    """

    field: str
    text: str
    parts: tuple[str, ...]


def dynamic_references(texts: Iterable[tuple[str, str]]) -> Iterator[DynamicReference]:
    """Yield the references in the strings of a task, each given with its field."""
    for field, text in texts:
        for inner in _DYNAMIC.findall(text) if "{{" in text else ():
            parts = tuple(part.strip("`[]") for part in _STEP.findall(inner))
            if len(parts) > 1:
                yield DynamicReference(field, f"{{{{{inner}}}}}", parts)
