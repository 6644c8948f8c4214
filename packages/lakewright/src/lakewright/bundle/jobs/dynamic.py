"""Finds `{{…}}` in texts and splits it into steps; `value_references.py` lists those that are references."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

# A step is plain, or stands in backticks or brackets if it holds other characters: `job.parameters.[a.b]`.
_STEP = re.compile(r"`[^`]*`|\[[^\]]*\]|[^.`\[\]]+")
_DYNAMIC = re.compile(r"\{\{\s*([A-Za-z_][^{}]*?)\s*\}\}")


@dataclass(frozen=True)
class DynamicReference:
    """One `{{…}}`.

    Attributes:
        field: The field that holds it, such as `condition_task.left`.
        text: The whole of it, with the braces.
        parts: Its steps, such as `("tasks", "load", "values", "rows")`; at least one.
    """

    field: str
    text: str
    parts: tuple[str, ...]


def dynamic_references(texts: Iterable[tuple[str, str]]) -> Iterator[DynamicReference]:
    """Yield each `{{…}}` of the given texts, each of which comes with its field."""
    for field, text in texts:
        for found in _found(text):
            yield DynamicReference(field, f"{{{{{found[1]}}}}}", steps_of(found[1]))


def replace_references(text: str, value_of: Callable[[DynamicReference], str]) -> str:
    """The text with each `{{…}}` replaced; what is put in is not searched again.

    Args:
        text: The text.
        value_of: Returns the value of one of them.
    """

    def value(found: re.Match[str]) -> str:
        return value_of(DynamicReference("", found[0], steps_of(found[1])))

    return _DYNAMIC.sub(value, text) if "{{" in text else text


def steps_of(inner: str) -> tuple[str, ...]:
    """The steps of what stands between the braces.

    Examples:
        >>> steps_of("tasks.`load-all`.values.[n.x]")
        ('tasks', 'load-all', 'values', 'n.x')
    """
    return tuple(part.strip("`[]") for part in _STEP.findall(inner))


def _found(text: str) -> Iterator[re.Match[str]]:
    return _DYNAMIC.finditer(text) if "{{" in text else iter(())
