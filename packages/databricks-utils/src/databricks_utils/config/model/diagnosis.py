"""Turn the errors of pydantic into errors that name the key, its file and line, and the fix."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from databricks_utils.config.errors import ConfigError, InvalidValueError, MissingKeyError, UnknownKeyError
from databricks_utils.config.files import Search
from databricks_utils.config.model.keys import fields_of, model_at, nearest_key
from databricks_utils.config.model.rules import RuleError
from databricks_utils.config.secrecy import MASK, looks_secret
from databricks_utils.config.tree import KeyPath, Node
from databricks_utils.nearest import nearest

_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "dict_type": "a section of keys and values",
    "model_type": "a section of keys and values",
    "model_attributes_type": "a section of keys and values",
    "tuple_type": "a list",
    "list_type": "a list",
    "path_type": "a path",
    "secret_str_type": "text",
    "string_too_short": "text that is not empty",
}


def problem_of(
    model: type[BaseModel], detail: ErrorDetails, tree: Node, search: Search, *, at: KeyPath
) -> ConfigError:
    """Return our error for one error of pydantic.

    Args:
        model: The model that was validated.
        detail: Pydantic's error.
        tree: The whole tree, for the origins.
        search: The places that were searched, for the message.
        at: Path of the part that the model describes.
    """
    inner = tuple(str(key) for key in detail["loc"] if key != "[key]")
    if detail["type"] == "missing":
        return _missing(model, inner, search, at)
    if detail["type"] == "extra_forbidden":
        return _unknown(model, inner, tree, at)
    refusal = detail.get("ctx", {}).get("error")
    if isinstance(refusal, RuleError) and refusal.key:
        return _invalid(refusal.key, detail, tree)
    return _invalid((*at, *inner), detail, tree)


def _missing(model: type[BaseModel], inner: KeyPath, search: Search, at: KeyPath) -> MissingKeyError:
    path = (*at, *inner)
    own_file = search.own_file or f"config/{search.environment}.yaml"
    required = _required_below(model, inner)
    keys = [(*path, key) for key in required] or [path]
    names = ", ".join(f"`{'.'.join(key)}`" for key in keys)
    word = "keys" if len(keys) > 1 else "key"
    return MissingKeyError(
        f"config: required {word} {names} {'are' if len(keys) > 1 else 'is'} missing for environment "
        f"`{search.environment}`",
        detail=search.describe(keys[0]),
        fix=f"add `{_example(keys, search.environment)}` to {own_file}",
    )


def _required_below(model: type[BaseModel], path: KeyPath) -> list[str]:
    section = model_at(model, path)
    return [key for key, field in fields_of(section).items() if field.is_required()] if section else []


_EXAMPLES: dict[KeyPath, str] = {
    ("catalog", "name"): "{environment}_analytics",
    ("catalog", "schema"): "my_project",
}


def _example(keys: list[KeyPath], environment: str) -> str:
    values = [(key[-1], _EXAMPLES.get(key, "…").format(environment=environment)) for key in keys]
    text = ", ".join(f"{name}: {value}" for name, value in values)
    for section in reversed(keys[0][:-1]):
        text = f"{section}: {{{text}}}"
    return text


def _unknown(model: type[BaseModel], inner: KeyPath, tree: Node, at: KeyPath) -> UnknownKeyError:
    path = (*at, *inner)
    known = fields_of(model_at(model, inner[:-1]) or model)
    near = nearest_key(model, inner)
    fix = f"did you mean `{'.'.join((*at, near))}`?" if near else "remove it"
    if not near and not at:
        fix = "remove it; keys of your own project belong below `extra`"
    return UnknownKeyError(
        f"config: unknown key `{'.'.join(path)}`",
        detail=f"known here:  {', '.join(known)}",
        location=str(tree.closest(path).origin),
        fix=fix,
    )


def _invalid(path: KeyPath, detail: ErrorDetails, tree: Node) -> InvalidValueError:
    node = tree.at(path)
    place = tree.closest(path).origin
    key, given = ".".join(path), _given(path, node, detail)
    refusal = detail.get("ctx", {}).get("error")
    if isinstance(refusal, RuleError):
        return InvalidValueError(
            f"config: `{key}` {refusal}{'; it is ' + given if node else ''}",
            location=str(place),
            fix=refusal.fix,
        )
    expected = _expected(detail)
    specific = None if _hidden(path, node) else _fix(detail, node)
    fix = specific or f"write {_noun(expected)}"
    return InvalidValueError(
        f"config: `{key}` must be {expected}, but is {given}", location=str(place), fix=fix
    )


def _expected(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "literal_error":
        return str(context["expected"]).replace("'", "`")
    if detail["type"] == "string_pattern_mismatch":
        return f"text of the form `{context['pattern']}`"
    if detail["type"] in _EXPECTED:
        return _EXPECTED[detail["type"]]
    message = re.sub(r"^(Input|Value) (should be|error,) ?", "", detail["msg"])
    return message[:1].lower() + message[1:]


def _noun(expected: str) -> str:
    """Return an expectation as a noun: `greater than 0` becomes `a value that is greater than 0`."""
    return f"a value that is {expected}" if expected.startswith(("greater", "less")) else expected


def _fix(detail: ErrorDetails, node: Node | None) -> str | None:
    if detail["type"] == "literal_error" and node is not None:
        allowed = re.findall(r"'([^']*)'", str(detail["ctx"]["expected"]))
        near = nearest(str(node.value), allowed, limit=1)
        return f"write `{near[0]}`" if near else None
    if (
        detail["type"] in {"tuple_type", "list_type"}
        and node is not None
        and isinstance(node.value, str | int)
    ):
        return f"write a list, even for one value: [{node.value}]"
    if detail["type"] == "string_type" and node is not None and isinstance(node.value, int | float):
        return f'put it in quotes: "{node.text or node.value}"'
    return None


def _hidden(path: KeyPath, node: Node | None) -> bool:
    return any(looks_secret(key) for key in path) or (node is not None and node.secret)


def _given(path: KeyPath, node: Node | None, detail: ErrorDetails) -> str:
    value: Any = node.value if node else detail["input"]
    if isinstance(value, dict | list):
        return "a section of keys and values" if isinstance(value, dict) else "a list"
    if _hidden(path, node):
        return MASK
    text = str(value)
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"`{shown.lower()}`"
    return f"the number {shown}" if isinstance(value, int | float) else f"the text `{shown}`"
