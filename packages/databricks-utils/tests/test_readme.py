"""Each block of Python or YAML in the README is run."""

import re
from pathlib import Path

import pytest

from databricks_utils.config import ConfigLoader, reveal

pytestmark = pytest.mark.unit

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


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
