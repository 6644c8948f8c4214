"""Write the public names of `databricks_utils`, with their signatures, to the snapshot that a test compares."""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from pathlib import Path

import databricks_utils

SNAPSHOT = Path(__file__).parents[1] / "packages" / "databricks-utils" / "tests" / "public_api.txt"
# Public modules without `__all__`: their own classes and functions without an underscore are public.
_MODULES = ("context", "errors", "config.errors", "config.explain", "config.schema")
_SHOWN_DECORATORS = {"property", "classmethod", "staticmethod", "cached_property"}


def public_api() -> str:
    """Return one line for each public name, sorted; below a class, one line for each of its own public members."""
    found: dict[str, object] = {}
    for package in _packages():
        module = importlib.import_module(package)
        found |= {f"{package}.{name}": getattr(module, name) for name in module.__all__}
    for package in (f"{databricks_utils.__name__}.{name}" for name in _MODULES):
        own = vars(importlib.import_module(package)).items()
        found |= {f"{package}.{name}": value for name, value in own if _is_own(name, value, package)}
    return "\n".join(line for name in sorted(found) for line in described(name, found[name])) + "\n"


def described(name: str, value: object) -> Iterator[str]:
    """Yield the line of a name; below that of a class, the lines of its public members, as they are written."""
    if not (isinstance(value, type) or inspect.isfunction(value)):
        yield f"{name} = {value!r}"
        return
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(value))).body
    if isinstance(node, ast.FunctionDef):
        yield f"def {name}{_signature(node)}"
    elif isinstance(node, ast.ClassDef):
        bases = ", ".join(map(ast.unparse, node.bases))
        yield f"class {name}({bases})" if bases else f"class {name}"
        yield from (f"    {line}" for member in node.body for line in _member(member))


def _member(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.AnnAssign | ast.Assign):
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
        if not ast.unparse(target).startswith("_"):
            if isinstance(
                node.value, ast.Call
            ):  # a field of a pydantic model; its description is no interface
                node.value.keywords = [item for item in node.value.keywords if item.arg != "description"]
            yield ast.unparse(node)
    elif isinstance(node, ast.FunctionDef) and (node.name == "__init__" or not node.name.startswith("_")):
        decorators = [ast.unparse(item) for item in node.decorator_list]
        shown = "".join(f"@{item} " for item in decorators if item in _SHOWN_DECORATORS)
        yield f"{shown}def {node.name}{_signature(node)}"


def _signature(node: ast.FunctionDef) -> str:
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"({ast.unparse(node.args)}){result}"


def _packages() -> list[str]:
    found = pkgutil.iter_modules(databricks_utils.__path__, f"{databricks_utils.__name__}.")
    return [module.name for module in found if module.ispkg]


def _is_own(name: str, value: object, module: str) -> bool:
    is_code = isinstance(value, type) or inspect.isfunction(value)
    return is_code and not name.startswith("_") and value.__module__ == module


if __name__ == "__main__":
    SNAPSHOT.write_text(public_api(), encoding="utf-8")
