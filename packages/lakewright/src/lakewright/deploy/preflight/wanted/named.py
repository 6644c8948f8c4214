"""Texts of a resolved bundle with their key paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lakewright.bundle import Bundle, local_value


@dataclass(frozen=True)
class Named:
    """A name and where the bundle writes it.

    Attributes:
        name: The name, or an id.
        path: The key path.
    """

    name: str
    path: str


def walk(value: object, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every map below a value, itself first, with its key path."""
    if isinstance(value, dict):
        yield path, value
        for key, each in value.items():
            yield from walk(each, f"{path}.{key}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from walk(each, f"{path}[{index}]")


def texts(value: object, path: str) -> Iterator[Named]:
    """Yield every text below a value with its key path."""
    if isinstance(value, str):
        yield Named(value, path)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts(each, f"{path}.{key}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from texts(each, f"{path}[{index}]")


def section(bundle: Bundle, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the keys and the resources of a section of `resources`."""
    found = (bundle.resolved.get("resources") or {}).get(name)
    for key, resource in found.items() if isinstance(found, dict) else ():
        if isinstance(resource, dict):
            yield str(key), resource


def known_text(bundle: Bundle, value: object) -> str | None:
    """Return a text whose references are known before a deployment; None for another one."""
    text = local_value(bundle, value) if isinstance(value, str) else ""
    return text if text and "${" not in text else None


def first_of_each(found: Iterator[Named]) -> tuple[Named, ...]:
    """Return each name once, with its first place."""
    names: dict[str, Named] = {}
    for each in found:
        names.setdefault(each.name, each)
    return tuple(names.values())
