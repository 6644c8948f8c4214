"""Write docs/reference/configuration.md from the models of the configuration; with --check, fail if the page is stale."""

import itertools
import re
import sys
import types
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal, Union, get_args, get_origin

import annotated_types
from generated_file import write_or_compare
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from databricks_utils.config.model.environment_config import EnvironmentConfig
from databricks_utils.config.model.keys import fields_of, section_of
from databricks_utils.mlops import ModelSettings

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "configuration.md"
INTRODUCTION = ROOT / "docs" / "reference" / "_configuration.md"
NOTE = (
    "<!-- Written by scripts/config_page.py from _configuration.md and the models of the configuration. -->"
)

ABOUT_MODEL_SETTINGS = """\
A project's own model of `extra` inherits these keys from `databricks_utils.mlops.ModelSettings` and adds more. In the flights project
it is `FlightsSettings` in `settings.py`."""

_WORDS: dict[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    Path: "path",
    date: "date",
    SecretStr: "text",
}
_BOUNDS = {
    annotated_types.Ge: ("ge", "at least"),
    annotated_types.Gt: ("gt", "above"),
    annotated_types.Le: ("le", "at most"),
    annotated_types.Lt: ("lt", "below"),
}
_ATTRIBUTE = re.compile(r"^    (\w+): (.*(?:\n {5,}.*)*)", re.MULTILINE)
_SET_BY_THE_LOADER = {"environment"}


def page() -> str:
    """Return the text of the page."""
    title, _, introduction = INTRODUCTION.read_text(encoding="utf-8").partition("\n")
    parts = [title, NOTE, introduction.strip(), "## Keys without a section", table(EnvironmentConfig)]
    parts += _chapters("##", EnvironmentConfig)
    parts += ["## `extra`: the settings of a model", ABOUT_MODEL_SETTINGS, table(ModelSettings)]
    parts += _chapters("###", ModelSettings, ("extra",))
    return "\n\n".join(part for part in parts if part) + "\n"


def _chapters(heading: str, model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield heading, description and table of each section; sections with the same keys share a table."""
    for section, alike in itertools.groupby(_sections(model, above), key=lambda found: found[1]):
        found = [(path, description) for path, _, description in alike]
        if len(found) == 1:
            yield f"{heading} `{found[0][0]}`"
            yield found[0][1]
        else:
            yield f"{heading} Sections of `{found[0][0].rpartition('.')[0]}`"
            yield "\n".join(f"- `{path.rpartition('.')[2]}`: {description}" for path, description in found)
        yield table(section)


def _sections(
    model: type[BaseModel], above: tuple[str, ...] = ()
) -> Iterator[tuple[str, type[BaseModel], str]]:
    """Yield each section below a model: its path, its model, its description."""
    for key, field in fields_of(model).items():
        section = section_of(field.annotation)
        if section:
            path = (*above, key)
            yield ".".join(path), section, _sentence(_descriptions(model)[key])
            yield from _sections(section, path)


def table(model: type[BaseModel]) -> str:
    """Return the table of the keys of one section that hold a value; empty if it has only sections."""
    described = _descriptions(model)
    rows = [
        f"| `{key}` | {described[key]} | {kind(field)} | {default(field)} |"
        for key, field in fields_of(model).items()
        if not section_of(field.annotation) and key not in _SET_BY_THE_LOADER
    ]
    return "\n".join(["| key | meaning | value | default |", "|---|---|---|---|", *rows]) if rows else ""


def _descriptions(model: type[BaseModel]) -> dict[str, str]:
    """Return the description of each key: the field's own, else the line of the class's docstring."""
    lines = {name: " ".join(text.split()) for name, text in _ATTRIBUTE.findall(_attributes(model))}
    found = {
        field.alias or name: field.description or lines.get(name, "")
        for name, field in model.model_fields.items()
    }
    if missing := [key for key, text in found.items() if not text]:
        sys.exit(f"{model.__name__}: no description of {', '.join(missing)}")
    return found


def _attributes(model: type[BaseModel]) -> str:
    """Return the part `Attributes` of a docstring, with the names four signs from the left."""
    text = (model.__doc__ or "").partition("Attributes:\n")[2]
    return "\n".join(line.removeprefix("    ") for line in text.splitlines())


def kind(field: FieldInfo) -> str:
    """Return in words which values a key takes, with their bounds.

    >>> kind(FieldInfo(annotation=int, metadata=[annotated_types.Ge(1)]))
    'whole number, at least 1'
    """
    bounds = [
        f"{words} {getattr(one, name):g}"
        for one in field.metadata
        for name, words in [_BOUNDS.get(type(one), ("", ""))]
        if name
    ]
    return ", ".join([_word(field.annotation), *bounds])


def _word(annotation: object) -> str:
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in {Union, types.UnionType}:
        return _word(next(one for one in inside if one is not type(None)))
    if origin in {Annotated, tuple}:
        item = _word(inside[0])
        return item if origin is Annotated else f"list of {item}s".replace("texts", "text")
    if origin is dict:
        return "keys and values"
    if origin is Literal:
        return " or ".join(f"`{one}`" for one in inside)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " or ".join(f"`{one.value}`" for one in annotation)
    return _WORDS[annotation]


def default(field: FieldInfo) -> str:
    """Return the default of a key: empty if another key or the place of the run decides it."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ("", (), {}):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def main() -> None:
    """Write the page, or compare it."""
    write_or_compare(PAGE, page(), "make configuration")


if __name__ == "__main__":
    main()
