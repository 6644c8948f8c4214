"""The hash of a function and of every piece of its own package that it reaches.

Layout, comments, docstrings and annotations do not count, and neither does the code of other packages.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from pathlib import PurePath
from types import CodeType, FunctionType, MappingProxyType, MethodType, ModuleType
from typing import Any

_DIGITS = 12
_IGNORED_FIELDS = {"ctx", "type_comment", "kind", "annotation", "returns", "type_ignores"}
_PLAIN = (str, bytes, int, float, complex, bool, type(None))


def code_parts(function: Any) -> dict[str, str]:
    """Return the hash of a callable and of everything in its own top-level package that it reaches, by dotted name."""
    found: dict[str, str] = {}
    seen: set[int] = set()
    pending = _unwrapped(function)
    if isinstance(function, MethodType):
        found[f"value `{_dotted(function)}: self`"] = hash_of(_constant(vars(function.__self__)))
    package = _package(pending[0])
    while pending:
        item = pending.pop(0)
        if id(item) in seen:
            continue
        seen.add(id(item))
        found[_free_name(f"code `{_dotted(item)}`", found)] = hash_of(_source(item))
        for label, value in _reached(item):
            inner = _unwrapped(value)
            pending += [
                part for part in inner if isinstance(part, FunctionType | type) and _package(part) == package
            ]
            if not isinstance(value, FunctionType | type | ModuleType):
                found[f"value `{_dotted(item)}: {label}`"] = hash_of(_constant(value))
    return found


def _unwrapped(value: Any) -> list[Any]:
    """Return what is behind a value: the function of a partial, a method, a decorator; the class of an instance; itself."""
    if isinstance(value, partial):
        return [*_unwrapped(value.func), *(part for item in value.args for part in _unwrapped(item))]
    if isinstance(value, MethodType):
        return [value.__func__, type(value.__self__)]
    wrapped = getattr(value, "__wrapped__", None)
    if callable(wrapped):
        return [*([value] if isinstance(value, FunctionType) else []), *_unwrapped(wrapped)]
    if isinstance(value, FunctionType | type | ModuleType):
        return [value]
    return [type(value)]


def _free_name(name: str, taken: Mapping[str, str]) -> str:
    """Return a name that is not taken: two lambdas of one module share theirs."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def hash_of(text: str) -> str:
    """Return the hash of a text, twelve hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _package(item: Any) -> str:
    return str(getattr(item, "__module__", "") or "").partition(".")[0]


def _dotted(item: Any) -> str:
    return f"{getattr(item, '__module__', '')}.{getattr(item, '__qualname__', type(item).__qualname__)}"


def _source(item: Any) -> str:
    """Return an item's code in a form that formatting does not change; the compiled code where there is no source."""
    tree = _tree(item)
    if tree is not None:
        return _canonical(tree)
    code = getattr(item, "__code__", None)
    return _compiled(code) if code else _constant(item)


def _tree(item: Any) -> ast.AST | None:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(item)))
    except (OSError, TypeError, SyntaxError):  # no file, a built-in, a lambda in the middle of a statement
        return None


def _canonical(node: Any) -> str:
    """Return a text of a syntax tree that is the same on every Python version: empty fields are left out."""
    if isinstance(node, ast.AST):
        present = [
            f"{name}={_canonical(value)}"
            for name, value in ast.iter_fields(node)
            if name not in _IGNORED_FIELDS and value not in (None, [])
        ]
        return f"{type(node).__name__}({', '.join(present)})"
    if isinstance(node, list):
        return f"[{', '.join(_canonical(value) for value in node if not _is_docstring(value))}]"
    return repr(node)


def _is_docstring(node: Any) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _compiled(code: CodeType) -> str:
    inner = [
        _compiled(value) if isinstance(value, CodeType) else _constant(value) for value in code.co_consts
    ]
    return repr((code.co_code, code.co_names, inner))


def _reached(item: Any) -> Iterator[tuple[str, Any]]:
    """Yield what an item's code names: globals, attributes of project modules, closures, defaults."""
    functions = [item] if isinstance(item, FunctionType) else _methods(item)
    for function in functions:
        values = {**function.__globals__}
        values |= dict(zip(function.__code__.co_freevars, _cells(function), strict=False))
        defaults = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
        yield from ((f"default {place}", value) for place, value in enumerate(defaults))
        yield from _named(function.__code__, values, _package(item))
        yield from _imported(function)
    if isinstance(item, type):
        yield from (("base", base) for base in item.__bases__)


def _named(code: CodeType, values: Mapping[str, Any], package: str) -> Iterator[tuple[str, Any]]:
    names = [name for name in (*code.co_names, *code.co_freevars) if name in values]
    for name in names:
        value = values[name]
        yield name, value
        if isinstance(value, ModuleType) and value.__name__.partition(".")[0] == package:
            attributes = [attribute for attribute in code.co_names if hasattr(value, attribute)]
            yield from ((f"{name}.{attribute}", getattr(value, attribute)) for attribute in attributes)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _named(constant, values, package)


def _imported(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield what a function imports from its own package when it runs."""
    tree = _tree(function)
    for node in ast.walk(tree) if tree else ():
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.partition(".")[0] == _package(function)
        ):
            module = importlib.import_module(node.module)
            yield from (
                (name.name, getattr(module, name.name)) for name in node.names if hasattr(module, name.name)
            )


def _methods(item: Any) -> list[FunctionType]:
    owner = item if isinstance(item, type) else type(item)
    plain = [getattr(value, "__func__", value) for value in vars(owner).values()]
    return [value for value in plain if isinstance(value, FunctionType)]


def _cells(function: FunctionType) -> list[Any]:
    found = []
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:  # not assigned yet
            found.append(None)
    return found


def _constant(value: Any) -> str:  # noqa: PLR0911 - one return a kind
    """Return a text of a value that does not depend on the process; only the type's name where there is none."""
    if isinstance(value, Enum):
        return f"{_dotted(type(value))}.{value.name}"
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_constant(item) for item in value)}]"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(_constant(item) for item in value))}}}"
    if isinstance(value, dict | MappingProxyType):
        return f"{{{', '.join(f'{_constant(key)}: {_constant(item)}' for key, item in value.items())}}}"
    if is_dataclass(value) and not isinstance(value, type):
        return f"{type(value).__name__}({', '.join(_constant(getattr(value, field.name)) for field in fields(value))})"
    if isinstance(value, FunctionType):
        return _source(value)
    if isinstance(value, partial):
        return f"partial({_dotted(value.func)}, {_constant(value.args)}, {_constant(value.keywords)})"
    if isinstance(value, PurePath):  # it differs between checkouts
        return _dotted(type(value))
    text = repr(value)
    return text if " at 0x" not in text else _dotted(type(value))
