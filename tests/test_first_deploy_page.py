"""The page of the first deployment: its commands are complete, in an order that works, with the names of the template."""

import json
import re
from pathlib import Path

import pytest

from lakewright.bundle import load_bundle

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/how-to/first-deploy.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]


def commands(number):
    """Return the lines of a section's blocks."""
    (section,) = (each for each in SECTIONS if each.startswith(f"{number}. "))
    blocks = re.findall(r"^```text\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return "".join(blocks).splitlines()


def place(lines, start):
    """Return the place of the one line that begins with a text."""
    (found,) = (number for number, line in enumerate(lines) if line.startswith(start))
    return found


def test_the_wheels_of_the_project_are_installed_before_what_needs_them():
    lines = commands(1)
    wheels = place(lines, "pip install --no-deps --require-hashes -r wheels/wheels.lock")
    assert place(lines, "lakewright init ") < wheels < place(lines, "pip install -r requirements-dev.txt")


def test_the_project_gets_the_branch_that_its_targets_require():
    assert any(line.startswith("git init -b main") for line in commands(1))
    for target in ("staging", "prod"):
        bundle = load_bundle(ROOT / "examples/flights", target=target, run_python=False)
        assert bundle.resolved["bundle"]["git"]["branch"] == "main"


@pytest.mark.parametrize("target", ["staging", "prod"])
def test_each_shared_target_gets_its_catalog_and_its_grants(target):
    text = "\n".join(commands(4))
    assert f"CREATE CATALOG IF NOT EXISTS `{target}_analytics`" in text
    assert f"GRANT USE CATALOG, CREATE SCHEMA ON CATALOG `{target}_analytics`" in text
    assert f"`my_project-{target}-readers`" in text


@pytest.mark.parametrize(("number", "target"), [(6, "staging"), (7, "prod")])
def test_the_first_files_come_after_the_deployment_and_before_the_run(number, target):
    lines = commands(number)
    files = place(lines, "databricks fs cp --recursive ")
    deployed = place(lines, f"databricks bundle deploy -t {target}")
    run = place(lines, f"databricks bundle run -t {target} main_pipeline")
    assert deployed < files < run
    if target == "prod":
        assert deployed < place(lines, "databricks secrets put-secret ") < run


def test_the_names_are_those_that_a_new_project_has():
    resolved = "".join(
        json.dumps(load_bundle(ROOT / "examples/flights", target=target, run_python=False).resolved)
        for target in ("staging", "prod")
    )
    named = set(re.findall(r"my_project[-_][a-z]+(?:-[a-z]+)?", PAGE))
    assert len(named) > 4
    assert [
        name for name in sorted(named) if f'"{name.replace("my_project", "flights")}"' not in resolved
    ] == []
    volumes = set(re.findall(r"dbfs:/Volumes/(\w+)/(\w+)/(\w+)", PAGE))
    assert volumes == {
        ("staging_analytics", "my_project_landing", "files"),
        ("prod_analytics", "my_project_landing", "files"),
    }
