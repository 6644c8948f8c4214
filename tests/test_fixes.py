"""Each error that a person may see has a fix."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from databricks_utils.errors import DiagnosedError

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
SOURCES = (ROOT / "packages" / "databricks-utils" / "src", ROOT / "packages" / "lakewright" / "src")


def errors_without_fix(code: str, names: dict[str, object]) -> Iterator[int]:
    """The lines in which code creates an error without `fix`; a class whose own `__init__` sets the fix is fine.

    Args:
        code: The text of a module.
        names: The names of the module, to find the classes.
    """
    for node in ast.walk(ast.parse(code)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        kind = names.get(node.func.id)
        if not (isinstance(kind, type) and issubclass(kind, DiagnosedError)):
            continue
        keywords = {keyword.arg for keyword in node.keywords}  # None stands for `**fields`
        if kind.__init__ is DiagnosedError.__init__ and not keywords & {"fix", None}:
            yield node.lineno


def modules_with_errors() -> Iterator[tuple[Path, ModuleType]]:
    for source in SOURCES:
        for path in sorted(source.rglob("*.py")):
            dotted = ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
            if "Error(" in path.read_text(encoding="utf-8"):
                yield path, importlib.import_module(dotted)


def test_each_error_has_a_fix():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, module in modules_with_errors()
        for line in errors_without_fix(path.read_text(encoding="utf-8"), vars(module))
    ]
    assert found == []


class OwnError(DiagnosedError):
    def __init__(self) -> None:
        super().__init__("what is wrong", fix="what to do")


def test_an_error_without_a_fix_is_found():
    code = "DiagnosedError('x')\nDiagnosedError('x', fix='y')\nDiagnosedError(**fields)\nOwnError()\nValueError('x')\n"
    assert list(errors_without_fix(code, globals())) == [1]
