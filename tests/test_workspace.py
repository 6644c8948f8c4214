"""What holds for both distributions together: versions, locks, and the commands that documents name."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import lakewright

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parent.parent


def _tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "-z", *patterns], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _project(package):
    return tomllib.loads((ROOT / "packages" / package / "pyproject.toml").read_text())["project"]


def test_all_distributions_have_one_version():
    library, engine = _project("databricks-utils"), _project("lakewright")
    assert library["version"] == engine["version"]
    assert f"databricks-utils=={library['version']}" in engine["dependencies"]
    assert library["version"] == lakewright.__version__


# What a project or a runtime brings, and parts of a named package (`pydantic-core` of `pydantic`,
# `py4j` of `pyspark`; `requests` of `databricks-sdk`, for its types).
_OF_OTHERS = {
    "databricks-utils": {"databricks-sdk", "mlflow", "py4j", "pydantic-core", "pyspark", "scipy"},
    "lakewright": {"mlflow", "mlflow-skinny", "mlflow-tracing", "py4j", "pydantic", "pytest", "requests"},
}


@pytest.mark.parametrize("package", ["databricks-utils", "lakewright"])
def test_a_distribution_names_each_package_that_it_imports(package):
    """A package that only comes with another dependency is gone when that one no longer needs it."""
    declared = _project(package)
    listed = [
        *declared["dependencies"],
        *(each for extra in declared["optional-dependencies"].values() for each in extra),
    ]
    named = {canonicalize_name(Requirement(each).name) for each in listed} | _OF_OTHERS[package]
    imported = {
        name.partition(".")[0]
        for path in _tracked(f"packages/{package}/src/**.py")
        if "import " in (text := path.read_text())
        for node in ast.walk(ast.parse(text))
        for name in _names_of(node)
    }
    assert "yaml" in imported
    installed = packages_distributions()
    others = imported - set(sys.stdlib_module_names) - {"databricks_utils", "lakewright"}
    unnamed = {
        name
        for name in others
        if name in installed and named.isdisjoint(map(canonicalize_name, installed[name]))
    }
    assert unnamed == set()


def _names_of(node):
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def test_a_project_requires_what_the_library_needs_for_models():
    """Its wheel does not name the library, whose extra `ml` would otherwise bring these."""
    listed = tomllib.loads((ROOT / "examples/flights/pyproject.toml").read_text())["project"]["dependencies"]
    in_project = {each.name: each.specifier for each in map(Requirement, listed)}
    for needed in map(Requirement, _project("databricks-utils")["optional-dependencies"]["ml"]):
        own = in_project[needed.name]
        pinned = [part.version for part in own if part.operator == "=="]
        assert own == needed.specifier or (pinned and needed.specifier.contains(pinned[0])), needed.name


def test_the_locks_have_hashes_and_no_addresses():
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url", text)


def test_the_readme_names_every_command_and_has_no_broken_link():
    from lakewright.cli import _COMMANDS

    text = (ROOT / "README.md").read_text()
    missing = [name for name in _COMMANDS if not re.search(rf"lakewright {name}|`{name}`|engine stop", text)]
    assert missing == []
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_of_the_documents_exists():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = {
        target
        for page in (
            ROOT / "README.md",
            ROOT / "AGENTS.md",
            ROOT / "CONTRIBUTING.md",
            ROOT / "benchmarks" / "README.md",
        )
        for target in re.findall(r"`make ([a-z-]+)|^\$ make ([a-z-]+)", page.read_text(), flags=re.MULTILINE)
        for target in target
        if target
    }
    assert named
    assert named <= targets


def test_no_binary_and_no_secret_is_committed():
    suffixes = {path.suffix for path in _tracked() if "data/landing" not in path.as_posix()}
    assert suffixes.isdisjoint({".jar", ".class", ".whl", ".pyc", ".so", ".db", ".key", ".pem"})


def test_the_base_library_needs_neither_spark_nor_java_nor_a_subprocess():
    dependencies = " ".join(_project("databricks-utils")["dependencies"]).lower()
    assert not re.search(r"pyspark|mlflow|pandas|lakewright", dependencies)
    sources = _tracked("packages/databricks-utils/src")
    assert sources
    found = [
        path.name
        for path in sources
        if path.suffix == ".py"
        and re.search(
            r"^\s*(import|from) (subprocess|urllib\.request|requests)", path.read_text(), flags=re.MULTILINE
        )
    ]
    # The report of a run goes to a chat, the lineage of a step to a server.
    assert sorted(found) == ["connection.py", "webhook.py"]


def test_a_project_of_another_name_compiles_and_imports_only_modules_that_it_has(tmp_path):
    from lakewright.scaffold import render_project

    project = render_project(tmp_path / "churn", answers={}, ask=False)
    sources = [path for path in project.rglob("*.py") if "scripts" not in path.parts]
    package = project / "src" / "churn"
    assert package.is_dir()
    missing = []
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(
                ("churn", "flights")
            ):
                continue
            place = project / "src" / Path(*node.module.split("."))
            for alias in node.names:
                module = place / f"{alias.name}.py"
                defined = (
                    place.with_suffix(".py") if place.with_suffix(".py").exists() else place / "__init__.py"
                )
                if not module.exists() and not (
                    defined.exists() and re.search(rf"\b{alias.name}\b", defined.read_text())
                ):
                    missing.append(f"{path.relative_to(project)}: {node.module} has no {alias.name}")
    assert missing == []
