"""The wheel's version follows its content, so that no compute keeps on using an older wheel."""

import importlib.util
import json
import re
import shutil
import tomllib
from hashlib import sha256
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


def loaded(script):
    """Return a script as a module."""
    spec = importlib.util.spec_from_file_location(script.stem, script)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def content_version():
    return loaded(ROOT / VERSION["path"]).content_version


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


@pytest.fixture
def build_wheel(tmp_path, monkeypatch):
    """The script of the build, on a project in a folder of the test's own, with an older wheel; it builds `built.whl`."""
    module = loaded(ROOT / "scripts" / "build_wheel.py")
    dist = tmp_path / "project" / "dist"
    dist.mkdir(parents=True)
    (dist / "older.whl").write_bytes(b"older")
    monkeypatch.setattr(module, "ROOT", dist.parent)
    monkeypatch.setattr(module, "build", lambda root: (dist.mkdir(), (dist / "built.whl").write_bytes(b"built")))
    monkeypatch.delenv(module.VARIABLE, raising=False)
    return module


def release_of(folder, content=b"tested", path="dist/tested.whl"):
    """Write a release with one wheel; the content may be another one than the manifest names."""
    (folder / "dist").mkdir(parents=True)
    (folder / "dist" / "tested.whl").write_bytes(content)
    wheel = {"path": path, "size": 6, "sha256": sha256(b"tested").hexdigest()}
    (folder / "release.json").write_text(json.dumps({"release_version": 1, "wheels": [wheel]}))
    return str(folder)


def test_the_bundle_builds_with_the_script():
    import yaml

    build = yaml.safe_load((ROOT / "databricks.yml").read_text())["artifacts"]["project"]["build"]
    assert build == "python scripts/build_wheel.py"


def test_the_build_leaves_no_older_wheel_behind(build_wheel):
    build_wheel.main()
    assert [path.name for path in (build_wheel.ROOT / "dist").iterdir()] == ["built.whl"]


def test_a_deployment_of_a_release_takes_its_bytes_and_builds_nothing(build_wheel, tmp_path, monkeypatch):
    monkeypatch.setenv(build_wheel.VARIABLE, release_of(tmp_path / "release"))
    build_wheel.main()
    assert {path.name: path.read_bytes() for path in (build_wheel.ROOT / "dist").iterdir()} == {"tested.whl": b"tested"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"content": b"others"}, "is not the wheel that was built"),
        ({"path": "../outside.whl"}, "leads out of the project"),
        ({"path": "dist/missing.whl"}, "holds no release that can be read"),
    ],
)
def test_a_release_with_other_bytes_is_not_deployed(build_wheel, tmp_path, monkeypatch, given, words):
    monkeypatch.setenv(build_wheel.VARIABLE, release_of(tmp_path / "release", **given))
    with pytest.raises(SystemExit, match=words):
        build_wheel.main()
    assert not (build_wheel.ROOT / "dist").exists()
