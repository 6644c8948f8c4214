"""Resolves `{{…}}` references when a task starts; `lakewright.bundle.jobs.value_references` lists those that exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from databricks_utils.nearest import choose_from
from lakewright.bundle.jobs.dynamic import DynamicReference, dynamic_references, replace_references
from lakewright.bundle.jobs.value_references import find_reference, is_reference, mistake_in
from lakewright.runner.values.reference_values import VALUES, Place
from lakewright.runner.values.scope import Scope
from lakewright.runner.values.text_form import text


def resolve(value: Any, scope: Scope, *, location: str | None = None) -> Any:
    """A copy of `value` in which every reference is replaced by its value as text.

    Text in braces that is no reference stays as it is. Values are data: they are not searched for references.

    Raises:
        ReferenceConfigError: A reference of a known family has no value; the error lists the names that exist.
    """
    return _with_texts(
        value, lambda found: replace_references(found, lambda reference: _text(reference, scope, location))
    )


def values_in(value: str, scope: Scope, *, location: str | None = None) -> Iterator[tuple[str, Any]]:
    """Each reference in a text, and its value, which may be a list or a mapping.

    Raises:
        ReferenceConfigError: As `resolve`.
    """
    for reference in dynamic_references([("", value)]):
        if is_reference(reference.parts):
            yield reference.text, look_up(reference, scope, location=location)


def look_up(reference: DynamicReference, scope: Scope, *, location: str | None = None) -> Any:
    """The value of one reference.

    Raises:
        ReferenceConfigError: It has no value.
    """
    place = Place(reference.text, location)
    if mistake := mistake_in(reference.parts, reference.unescaped):
        fix = mistake.fix or choose_from(mistake.wrong, mistake.known) or "correct the reference"
        raise place.error(mistake.summary, fix=fix)
    known = find_reference(reference.parts)
    assert known is not None
    if known.missing:
        raise place.error(
            f"it has no value here: {known.missing}", fix="give the value with a parameter instead"
        )
    return VALUES[known.pattern](reference.parts, scope, place)


def _text(reference: DynamicReference, scope: Scope, location: str | None) -> str:
    if not is_reference(reference.parts):
        return reference.text
    return text(look_up(reference, scope, location=location))


def _with_texts(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _with_texts(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_texts(item, change) for item in value]
    return value
