"""Finds `{{…}}` in texts and splits it into steps; `value_references.py` lists those that are references."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

# A step is plain, or stands in backticks or brackets if it holds other characters: `job.parameters.[a.b]`.
_STEP = re.compile(r"`[^`]*`|\[[^\]]*\]|[^.`\[\]]+")
_PLAIN = re.compile(r"\w+")  # what Databricks reads without backticks: letters, digits, underscores
_DYNAMIC = re.compile(r"\{\{\s*([A-Za-z_][^{}]*?)\s*\}\}")


@dataclass(frozen=True)
class DynamicReference:
    """One `{{…}}`.

    Attributes:
        field: The field that holds it, such as `condition_task.left`.
        text: The whole of it, with the braces.
        parts: Its steps, such as `("tasks", "load", "values", "rows")`; at least one.
        unescaped: The first step with a character that needs backticks around the step, and has none; often empty.
    """

    field: str
    text: str
    parts: tuple[str, ...]
    unescaped: str = ""


def dynamic_references(texts: Iterable[tuple[str, str]]) -> Iterator[DynamicReference]:
    """Yield each `{{…}}` of the given texts, each of which comes with its field."""
    for field, text in texts:
        for found in _found(text):
            yield _reference(field, f"{{{{{found[1]}}}}}", found[1])


def replace_references(text: str, value_of: Callable[[DynamicReference], str]) -> str:
    """The text with each `{{…}}` replaced; what is put in is not searched again.

    Args:
        text: The text.
        value_of: Returns the value of one of them.
    """

    def value(found: re.Match[str]) -> str:
        return value_of(_reference("", found[0], found[1]))

    return _DYNAMIC.sub(value, text) if "{{" in text else text


def steps_of(inner: str) -> tuple[str, ...]:
    """The steps of what stands between the braces.

    Examples:
        >>> steps_of("tasks.`load-all`.values.[n.x]")
        ('tasks', 'load-all', 'values', 'n.x')
    """
    return tuple(part.strip("`[]") for part in _STEP.findall(inner))


def _reference(field: str, text: str, inner: str) -> DynamicReference:
    steps = _STEP.findall(inner)
    unescaped = next((step for step in steps if step[0] not in "`[" and not _PLAIN.fullmatch(step)), "")
    return DynamicReference(field, text, steps_of(inner), unescaped)


def _found(text: str) -> Iterator[re.Match[str]]:
    return _DYNAMIC.finditer(text) if "{{" in text else iter(())
