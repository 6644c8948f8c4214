"""Every example in a docstring, and every block of Python or YAML in the README, is run."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import databricks_utils
from databricks_utils.config import ConfigLoader, reveal

pytestmark = pytest.mark.unit

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")
MODULES = sorted(
    module.name
    for part in ("config", "catalog", "features", "mlops", "spark", "testing")
    for module in pkgutil.walk_packages(
        [str(Path(databricks_utils.__file__).parent / part)], f"databricks_utils.{part}."
    )
    if not module.name.endswith("plugin")
)


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "name",
    [
        "databricks_utils.config",
        "databricks_utils.catalog",
        "databricks_utils.mlops",
        "databricks_utils.nearest",
        "databricks_utils.quoting",
        *MODULES,
    ],
)
def test_the_examples_of_a_module_run(name):
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0


def test_the_readmes_configuration_loads_and_its_python_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DBX_ENV", raising=False)
    Path("config").mkdir()
    for block in blocks("yaml"):
        name = re.match(r"# config/([\w.]+)\n", block)
        assert name, "a YAML block begins with the file's name"
        Path("config", name[1]).write_text(block)
    prod = ConfigLoader.load("prod")
    assert prod.quality.max_quarantined_share == 0.05
    assert (
        reveal(prod.extra["orders_api_token"], get=lambda scope, key: f"{key} of {scope}")
        == "orders_api_token of shop"
    )
    for block in blocks("python"):
        exec(compile(block, str(README), "exec"), {})
