"""Each example in a docstring of both packages is run."""

import doctest
import importlib
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
SOURCES = (ROOT / "packages" / "databricks-utils" / "src", ROOT / "packages" / "lakewright" / "src")


def modules_with_examples(source: Path) -> list[str]:
    """The names of the modules below a folder whose text has an example."""
    found = [path for path in source.rglob("*.py") if ">>> " in path.read_text(encoding="utf-8")]
    dotted = [".".join(path.relative_to(source).with_suffix("").parts) for path in found]
    return sorted(name.removesuffix(".__init__") for name in dotted)


def failed_examples(module: ModuleType) -> int:
    failed, tried = doctest.testmod(module, optionflags=doctest.ELLIPSIS, report=False)
    assert tried
    return failed


@pytest.mark.parametrize("name", [name for source in SOURCES for name in modules_with_examples(source)])
def test_the_examples_of_a_module_run(name):
    assert failed_examples(importlib.import_module(name)) == 0


def test_a_wrong_example_is_found(capsys):
    module = ModuleType("wrong")
    module.__doc__ = ">>> 1 + 1\n3\n"
    assert failed_examples(module) == 1
    assert "Expected:\n    3\nGot:\n    2" in capsys.readouterr().out
