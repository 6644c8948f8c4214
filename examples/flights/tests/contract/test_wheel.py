"""The wheel's version follows its content, so that no compute keeps on using an older wheel."""

import importlib.util
import re
import shutil
import tomllib
from pathlib import Path

import pytest

pytestmark = [pytest.mark.contract, pytest.mark.unit]
ROOT = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["version"]
SETTINGS = Path("src", "flights", "settings.py")


@pytest.fixture
def project(tmp_path):
    for part in ("src", "contracts"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy2(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def content_version():
    spec = importlib.util.spec_from_file_location("content_version", ROOT / VERSION["path"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.content_version


def test_a_version_is_a_release_with_a_hash(content_version):
    assert re.fullmatch(r"\d+\.\d+\.\d+\+c[0-9a-f]{12}", content_version()), "as pip writes it"


def test_the_same_content_has_the_same_version_wherever_it_lies(project, content_version):
    assert content_version(project) == content_version()
    compiled = (project / SETTINGS).parent / "__pycache__"
    compiled.mkdir(exist_ok=True)
    (compiled / "settings.pyc").write_bytes(b"compiled")
    (project / "README.md").write_text("not in the wheel")
    assert content_version(project) == content_version()


@pytest.mark.parametrize("file", [SETTINGS, "contracts/gold/predictions.odcs.yaml", "pyproject.toml"], ids=str)
def test_changed_content_has_another_version(project, content_version, file):
    with (project / file).open("a") as changed:
        changed.write("\n")
    assert content_version(project) != content_version()


def test_a_moved_file_is_a_change(project, content_version):
    (project / SETTINGS).rename(project / SETTINGS.with_name("moved.py"))
    assert content_version(project) != content_version()


def test_the_build_leaves_no_older_wheel_behind():
    import yaml

    build = yaml.safe_load((ROOT / "databricks.yml").read_text())["artifacts"]["project"]["build"]
    assert build.index("rmtree('dist'") < build.index("pip wheel"), "of several wheels a deployment takes any"
