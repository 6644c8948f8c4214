"""The README's example is run as it stands, in a folder of its own."""

import re
from pathlib import Path

import pytest

import databricks_utils.medallion as package

pytestmark = pytest.mark.integration
TEXT = (Path(package.__file__).parent / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_the_readmes_example_runs(spark, lakehouse_project, monkeypatch):
    # The lakehouse of the test run, so that no second engine starts; the configuration is the README's.
    folder = lakehouse_project / "readme"
    for block in blocks("yaml"):
        file = folder / re.match(r"# ([\w./]+)\n", block)[1]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("databricks_utils.spark.SparkSessionFactory.create", lambda _env: spark)
    assert len(blocks("python")) == 7
    names = {}
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), names)
