"""Entry points of a wheel task: read from the project as its build backend writes them, and checked against the sources."""

import zipfile

import pytest
from click.testing import CliRunner

import lakewright
from lakewright.bundle import Kind, all_findings, classify_task, find_libraries, find_package
from lakewright.bundle.python_projects.build_hook import read_built
from lakewright.bundle.python_projects.declared import read_declared
from lakewright.bundle.python_projects.project import read_project
from lakewright.commands.validate import command

pytestmark = pytest.mark.unit

PEP621 = """
[project]
name = "Shop_ETL"
version = "1.0"
description = "x"
[project.scripts]
load = "shop_etl.main:load"
[project.entry-points.jobs]
train = "shop_etl.main:load [fast]"
[project.optional-dependencies]
fast = []
"""
CFG = """
[metadata]
name = Shop_ETL
version = 1.0
[options]
package_dir =
    = src
packages = find:
[options.packages.find]
where = src
[options.entry_points]
console_scripts =
    load = shop_etl.main:load
jobs =
    train = shop_etl.main:load
"""
SETUP = """
from setuptools import find_packages, setup
setup(
    name="Shop_ETL", version="1.0", package_dir={"": "src"}, packages=find_packages("src"),
    entry_points={"console_scripts": ["load = shop_etl.main:load"], "jobs": ["train = shop_etl.main:load"]},
)
"""
POETRY = """
[tool.poetry]
name = "Shop_ETL"
version = "1.0"
description = "x"
authors = ["a <a@example.org>"]
packages = [{include = "shop_etl", from = "src"}]
[tool.poetry.scripts]
load = "shop_etl.main:load"
[tool.poetry.plugins.jobs]
train = "shop_etl.main:load"
"""


def system(backend, requires):
    return f'\n[build-system]\nrequires = ["{requires}"]\nbuild-backend = "{backend}"\n'


# What each build system needs in the project's folder.
STATIC = {
    "setuptools": {"pyproject.toml": PEP621 + system("setuptools.build_meta", "setuptools")},
    "setuptools without a build system": {"pyproject.toml": PEP621},
    "setup.cfg": {"setup.cfg": CFG},
    "setup.cfg with a stub": {"setup.cfg": CFG, "setup.py": "from setuptools import setup\nsetup()\n"},
    "setup.py": {"setup.py": SETUP},
    "setup.py beside settings of tools": {
        "setup.py": SETUP,
        "pyproject.toml": "[tool.ruff]\nline-length = 100\n",
    },
    "hatch": {
        "pyproject.toml": PEP621
        + '[tool.hatch.build.targets.wheel]\npackages = ["src/shop_etl"]\n'
        + system("hatchling.build", "hatchling")
    },
    "poetry": {"pyproject.toml": POETRY + system("poetry.core.masonry.api", "poetry-core")},
    "poetry with the standard table": {
        "pyproject.toml": PEP621 + system("poetry.core.masonry.api", "poetry-core")
    },
    "flit": {
        "pyproject.toml": PEP621
        + '[tool.flit.module]\nname = "shop_etl"\n'
        + system("flit_core.buildapi", "flit_core>=3.2")
    },
    "uv": {"pyproject.toml": PEP621 + system("uv_build", "uv_build")},
}
# Projects whose entry points only the build knows.
COMPUTED = {
    "setup.py that computes them": {
        "setup.py": SETUP.replace('"load = shop_etl.main:load"', '"lo" + "ad = shop_etl.main:load"')
    },
    "setup.py with arguments from a map": {
        "setup.py": SETUP.replace("setup(", "arguments = dict(") + "setup(**arguments)\n"
    },
    "setup.py with a name from a file": {
        "setup.py": SETUP.replace('"Shop_ETL"', 'open("NAME").read()'),
        "NAME": "Shop_ETL",
    },
    "dynamic entry points": {
        "pyproject.toml": PEP621.partition("[project.scripts]")[0]
        + 'dynamic = ["scripts", "entry-points"]\n'
        + system("setuptools.build_meta", "setuptools"),
        "setup.py": SETUP.replace('name="Shop_ETL", version="1.0", ', ""),
    },
    "a backend of its own": {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["tools"]\n'
        '[project]\nname = "Shop_ETL"\nversion = "1.0"\ndynamic = ["entry-points"]\n',
        "tools/own.py": """
import zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(folder + "/Shop_ETL-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("Shop_ETL-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: Shop_ETL\\nVersion: 1.0\\n")
        wheel.writestr(
            "Shop_ETL-1.0.dist-info/entry_points.txt",
            "[console_scripts]\\nload = shop_etl.main:load\\n[jobs]\\ntrain = shop_etl.main:load\\n",
        )
    return "Shop_ETL-1.0-py3-none-any.whl"
""",
    },
}
ASKED = {name: files for name, files in STATIC.items() if "without" not in name and "stub" not in name}
SOME = {**STATIC, "setup.py that computes them": COMPUTED["setup.py that computes them"]}
POINTS = {"load": "shop_etl.main:load", "train": "shop_etl.main:load"}


def make(project, files):
    for name, text in files.items():
        project.file(name, text)
    project.file("src/shop_etl/__init__.py", "def loose(): ...\n")
    project.file("src/shop_etl/main.py", "def load():\n    print('from the sources')\n")
    return project.root


def wheel(
    project,
    name="dist/shop_etl-1.0-py3-none-any.whl",
    points="[console_scripts]\nload = shop_etl.main:load\n",
):
    file = project.root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("shop_etl/__init__.py", "def loose(): ...\n")
        archive.writestr("shop_etl/main.py", "def load():\n    print('stale')\n")
        archive.writestr("shop_etl-1.0.dist-info/entry_points.txt", points)
    return file


def load(project, entry_point="load", library="{whl: dist/*.whl}", artifacts="{}", package="shop_etl"):
    wheel = f"python_wheel_task: {{package_name: {package}, entry_point: {entry_point}}}"
    task = f"{{task_key: t, {wheel}, new_cluster: {{spark_version: x}}, libraries: [{library}]}}"
    project.write(
        databricks=f"bundle: {{name: s}}\nartifacts: {artifacts}\nresources: {{jobs: {{j: {{tasks: [{task}]}}}}}}\n"
    )
    return project.load()


def verdict(bundle):
    return classify_task(bundle, "j", bundle.jobs["j"]["tasks"][0])


def files_in(folder):
    return {file.relative_to(folder).as_posix(): file.stat().st_mtime_ns for file in folder.rglob("*")}


@pytest.mark.parametrize("files", ASKED.values(), ids=ASKED)
def test_what_is_declared_is_what_the_build_backend_writes(project, files):
    folder = make(project, files)
    before = files_in(folder)
    declared, built = read_declared(folder), read_built(folder)
    assert files_in(folder) == before, "the backend leaves the project as it is"
    assert built.problem is None
    assert (declared.name.lower().replace("_", "-"), declared.entry_points) == ("shop-etl", POINTS)
    assert (built.name.lower().replace("_", "-"), built.entry_points) == ("shop-etl", POINTS)


@pytest.mark.parametrize("files", COMPUTED.values(), ids=COMPUTED)
def test_entry_points_that_only_the_build_knows_come_from_the_build_backend(project, files):
    folder = make(project, files)
    before = files_in(folder)
    declared = read_declared(folder)
    assert declared.name is None or declared.entry_points is None
    found = read_project(folder)
    assert files_in(folder) == before, "the backend leaves the project as it is"
    assert (found.problem, found.builds("shop-etl"), found.entry_points) == (None, True, POINTS)


@pytest.mark.parametrize("files", SOME.values(), ids=SOME)
def test_a_built_wheel_yields_to_the_sources_whatever_builds_them(project, files):
    folder = make(project, files)
    stale = wheel(project)
    bundle = load(project)
    package = find_package(bundle, "shop_etl", "load", ["dist/*.whl"])
    assert (verdict(bundle).kind, package.problem) == (Kind.LOCAL, None)
    assert folder / "src" in package.sys_path
    assert stale not in package.sys_path
    assert find_libraries(bundle, ["dist/*.whl"]) == (folder / "src",)


@pytest.mark.parametrize("files", SOME.values(), ids=SOME)
def test_an_entry_point_that_no_build_would_write_is_an_error_of_the_dry_run_and_of_validate(project, files):
    make(project, files)
    wheel(project, points="[console_scripts]\nlaod = shop_etl.main:load\n")
    bundle = load(project, "laod")
    assert verdict(bundle).kind is Kind.CONFIG
    assert "`load`" in verdict(bundle).fix
    found = [found.code for found in all_findings(bundle) if found.severity == "error"]
    assert found == ([] if files is COMPUTED["setup.py that computes them"] else ["LW701"])


def test_a_function_of_the_package_itself_counts(project):
    make(project, STATIC["setup.py"])
    assert verdict(load(project, "loose")).kind is Kind.LOCAL


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("shop_etl.gone:load", "no module `shop_etl.gone`"),
        ("shop_etl.main:gone", "`shop_etl.main` has no `gone`"),
    ],
)
def test_an_entry_point_whose_function_is_gone_from_the_sources_is_broken(project, target, reason):
    make(project, {"setup.py": SETUP.replace("load = shop_etl.main:load", f"load = {target}")})
    wheel(project)
    bundle = load(project)
    assert (verdict(bundle).kind, reason in verdict(bundle).reason) == (Kind.CONFIG, True)
    assert [found.code for found in all_findings(bundle) if found.severity == "error"] == ["LW309"]


@pytest.mark.parametrize(
    ("files", "reason", "fix"),
    [
        (
            {
                "pyproject.toml": '[project]\nname="shop_etl"\ndynamic=["scripts"]\n'
                + system("not_there.api", "not-there")
            },
            "the build backend `not_there` is not installed here",
            "pip install not-there",
        ),
        (
            {
                "pyproject.toml": '[project]\nname="shop_etl"\ndynamic=["scripts"]\n'
                + system("databricks_utils.builds", "databricks-utils")
            },
            "No module named 'databricks_utils.builds'",
            "needs: pip install --no-deps --require-hashes -r wheels/wheels.lock && ",
        ),
        (
            {"setup.py": "raise SystemExit('no version')\n"},
            "its build backend fails: SystemExit: no version",
            "setuptools",
        ),
        ({"setup.py": "import versioneer_of_ours\n"}, "No module named 'versioneer_of_ours'", "setuptools"),
    ],
)
def test_a_project_whose_build_says_nothing_is_refused_before_a_stale_wheel_runs(project, files, reason, fix):
    make(project, files)
    wheel(project)
    bundle = load(project)
    assert verdict(bundle).kind is Kind.CONFIG
    assert reason in verdict(bundle).reason
    assert fix in verdict(bundle).fix


def test_validate_executes_no_setup_py_and_a_dry_run_does(project):
    text = COMPUTED["setup.py that computes them"]["setup.py"]
    make(project, {"setup.py": "import pathlib\npathlib.Path('executed').touch()\n" + text})
    bundle = load(project)
    arguments = ["--project", str(project.root)]
    assert CliRunner().invoke(command, arguments).exit_code == 0
    assert not [found for found in all_findings(bundle, configuration=True) if found.severity == "error"]
    assert not (project.root / "executed").exists()
    assert verdict(bundle).kind is Kind.LOCAL
    assert (project.root / "executed").exists()


def test_the_build_backend_sees_no_secrets_of_the_environment(project, monkeypatch):
    monkeypatch.setenv("DATABRICKS_TOKEN", "dapi-secret")
    make(
        project,
        {
            "setup.py": SETUP.replace(
                '"Shop_ETL"', '"Shop_ETL" + __import__("os").environ.get("DATABRICKS_TOKEN", "")'
            )
        },
    )
    assert read_built(project.root).name.lower().replace("_", "-") == "shop-etl"


def test_an_edit_of_setup_py_is_seen(project):
    make(project, {"setup.py": COMPUTED["setup.py that computes them"]["setup.py"]})
    assert verdict(load(project)).kind is Kind.LOCAL
    project.file("setup.py", SETUP.replace("load = ", "reload = "))
    assert verdict(load(project)).kind is Kind.CONFIG


@pytest.mark.parametrize("folder", ["lib", "."])
def test_sources_outside_of_src_are_found(project, folder):
    project.file("pyproject.toml", PEP621)
    project.file(f"{folder}/shop_etl/__init__.py", "")
    project.file(f"{folder}/shop_etl/main.py", "def load(): ...\n")
    bundle = load(project)
    assert verdict(bundle).kind is Kind.LOCAL
    assert find_package(bundle, "shop_etl", "load", []).sys_path == (project.root / folder,)


# Where the package's files lie, and what the project declares for it.
ELSEWHERE = {
    "setup.py, nested": ("lib/python/shop_etl", {"setup.py": SETUP.replace('"": "src"', '"": "lib/python"')}),
    "setup.py, renamed": (
        "source",
        {
            "setup.py": SETUP.replace('"": "src"', '"shop_etl": "source"').replace(
                'find_packages("src")', '["shop_etl"]'
            )
        },
    ),
    "setup.cfg, renamed": (
        "source",
        {
            "setup.cfg": CFG.partition("packages = find:")[0].replace("    = src", "    shop_etl = source")
            + "packages = shop_etl\n[options.entry_points]\nconsole_scripts =\n    load = shop_etl.main:load\n"
        },
    ),
    "setuptools, renamed": (
        "code/etl",
        {
            "pyproject.toml": PEP621
            + '[tool.setuptools]\npackages = ["shop_etl"]\npackage-dir = {shop_etl = "code/etl"}\n'
            + system("setuptools.build_meta", "setuptools")
        },
    ),
    "hatch, nested": (
        "lib/python/shop_etl",
        {
            "pyproject.toml": PEP621
            + '[tool.hatch.build.targets.wheel]\npackages = ["lib/python/shop_etl"]\n'
            + system("hatchling.build", "hatchling")
        },
    ),
    "hatch, renamed": (
        "code/etl",
        {
            "pyproject.toml": PEP621
            + '[tool.hatch.build.targets.wheel]\nonly-include = ["code/etl"]\nsources = {"code/etl" = "shop_etl"}\n'
            + system("hatchling.build", "hatchling")
        },
    ),
    "poetry, nested": (
        "lib/python/shop_etl",
        {
            "pyproject.toml": POETRY.replace('from = "src"', 'from = "lib/python"')
            + system("poetry.core.masonry.api", "poetry-core")
        },
    ),
    "uv, nested": (
        "lib/python/shop_etl",
        {
            "pyproject.toml": PEP621
            + '[tool.uv.build-backend]\nmodule-root = "lib/python"\n'
            + system("uv_build", "uv_build")
        },
    ),
}


@pytest.mark.parametrize(("folder", "files"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_package_is_found_where_the_project_declares_it(project, folder, files):
    for name, text in files.items():
        project.file(name, text)
    project.file(f"{folder}/__init__.py", "")
    project.file(f"{folder}/main.py", "def load(): ...\n")
    wheel(project)
    assert verdict(load(project)).kind is Kind.LOCAL
    package = find_package(project.load(), "shop_etl", "load", ["dist/*.whl"])
    found = next(file for path in package.sys_path if (file := path / "shop_etl" / "main.py").is_file())
    assert found.resolve() == project.root / folder / "main.py"


def test_a_renamed_package_lacks_what_its_folder_lacks(project):
    folder, files = ELSEWHERE["setup.py, renamed"]
    for name, text in files.items():
        project.file(name, text)
    project.file(f"{folder}/__init__.py", "")
    found = verdict(load(project))
    assert (found.kind, "there is no module `shop_etl.main`" in found.reason) == (Kind.CONFIG, True), found


def test_the_project_of_an_artifact_is_found_by_the_files_of_its_build(project):
    project.file("part/pyproject.toml", PEP621)
    project.file("part/shop_etl/main.py", "def load(): ...\n")
    artifacts = "{a: {type: whl, build: make, files: [{source: part/dist/*.whl}]}}"
    assert verdict(load(project, library="{whl: part/dist/*.whl}", artifacts=artifacts)).kind is Kind.LOCAL


def test_the_project_in_whose_dist_a_task_looks_for_its_wheel_is_found(project):
    project.file("part/pyproject.toml", PEP621)
    project.file("part/shop_etl/main.py", "def load(): ...\n")
    bundle = load(project, library="{whl: part/dist/*.whl}")
    assert verdict(bundle).kind is Kind.LOCAL
    assert find_libraries(bundle, ["part/dist/*.whl"]) == (project.root / "part",)
    wheel(project, "part/dist/shop_etl-1.0-py3-none-any.whl")
    assert find_package(bundle, "shop_etl", "load", ["part/dist/*.whl"]).sys_path == (project.root / "part",)


def test_a_project_that_cannot_be_read_does_not_stop_a_package_from_elsewhere(project):
    make(project, {"setup.py": "raise SystemExit('no version')\n"})
    arguments = {"package": "lakewright", "entry_point": "lakewright"}
    assert verdict(load(project, library="{pypi: {package: lakewright}}", **arguments)).kind is Kind.LOCAL
    assert verdict(load(project, library="{whl: dist/*.whl}", **arguments)).kind is Kind.CONFIG


def test_a_folder_in_which_no_package_is_built_is_no_project(project):
    project.file("pyproject.toml", "[tool.poetry]\npackage-mode = false\n")
    assert read_project(project.root) is None
    project.file("pyproject.toml", "[tool.ruff]\nline-length = 100\n")
    project.file("setup.cfg", "[flake8]\nmax-line-length = 100\n")
    assert read_project(project.root) is None


def test_a_wheel_without_a_project_runs_as_it_is_and_only_with_its_entry_points(project):
    file = wheel(project)
    assert find_package(load(project), "shop_etl", "load", ["dist/*.whl"]).sys_path == (file,)
    assert verdict(load(project)).kind is Kind.LOCAL
    assert verdict(load(project, "loose")).kind is Kind.LOCAL
    assert verdict(load(project, "gone")).kind is Kind.CONFIG


def test_extras_behind_a_wheel_are_not_part_of_its_path(project):
    file = wheel(project)
    bundle = load(project)
    assert find_package(bundle, "shop_etl", "load", ["dist/*.whl[train]"]).sys_path == (file,)
    assert find_libraries(bundle, ["dist/shop_etl-*.whl[train]"]) == (file,)


@pytest.mark.parametrize(
    ("arguments", "kind", "reason"),
    [
        ({}, Kind.CONFIG, "nothing builds the package `shop_etl`"),
        ({"artifacts": "{a: {type: whl, build: make}}"}, Kind.CLOUD, "is made by a build of `artifacts`"),
        ({"library": "{whl: /Volumes/a/p.whl}"}, Kind.CLOUD, "its wheel lives outside of the project"),
        (
            {"library": "{pypi: {package: shop-etl}}"},
            Kind.CLOUD,
            "neither built by this bundle nor installed here",
        ),
        (
            {"library": "{pypi: {package: click}}", "package": "packaging"},
            Kind.CONFIG,
            "no entry point `load`",
        ),
        (
            {
                "library": "{pypi: {package: lakewright}}",
                "package": "lakewright",
                "entry_point": "lakewright",
            },
            Kind.LOCAL,
            "lakewright:lakewright",
        ),
    ],
)
def test_a_package_that_is_not_here_is_not_green(project, arguments, kind, reason):
    found = verdict(load(project, **arguments))
    assert (found.kind, reason in found.reason) == (kind, True), found


def test_a_wheel_that_is_installed_in_the_same_version_is_not_put_on_the_path(project):
    """It would shadow the installed package, of which the process has loaded a part already."""
    project.write(databricks="bundle: {name: s}\n")
    same = project.file(f"wheels/lakewright-{lakewright.__version__}-py3-none-any.whl", "")
    other = project.file("wheels/databricks_utils-99.0-py3-none-any.whl", "")
    bundle = project.load()
    assert find_libraries(bundle, ["wheels/lakewright-*.whl", "wheels/databricks_utils-*.whl"]) == (other,)
    assert same.is_file()
    assert find_package(bundle, "not-here", "run", ["wheels/lakewright-*.whl"]).sys_path == ()
