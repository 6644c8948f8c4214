"""The types of a rendered project: mypy finds nothing in any combination of answers, and names the line of a wrong one.

Our packages are those of a wheel, as in a project's environment: what their types say there is what `py.typed` lets through.
mypy's cache lives in the repository's folder, so that a second run takes seconds.
"""

import shutil
import subprocess
import sysconfig
import venv
import zipfile
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
import yaml

from lakewright.scaffold import render_project
from lakewright.wheels.sources import from_here

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parent.parent
CACHE = ROOT / ".mypy_cache" / "projects"
# The answers that change what mypy reads, with the name of the package, which is part of every import.
ANSWERS = [
    {"compute": compute, "python_resources": resources, "serving_endpoint": endpoint, "package_name": name}
    for (compute, resources), (endpoint, name) in product(
        product(("serverless", "job_clusters"), ("false", "true")), (("none", "flights"), ("small", "late"))
    )
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The folder of an environment with the wheels of our packages, and with what the tests of this repository have installed."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    for wheel in from_here():
        zipfile.ZipFile(BytesIO(wheel.content)).extractall(packages)
    (packages / "tools.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    program = folder / "bin" / "mypy"
    program.write_text(f'#!/bin/sh\nexec "{folder}/bin/python" -m mypy --cache-dir "{CACHE}" "$@"\n')
    program.chmod(0o755)
    return folder


def check(environment, project, script="mypy"):
    """Run the step of a pipeline in a project, and return its exit code and what it printed."""
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=project,
        env={"PATH": f"{environment / 'bin'}:/usr/bin:/bin", "HOME": str(environment)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_wheels_say_that_they_have_types(environment):
    found = {path.parent.name for path in environment.glob("lib/python*/site-packages/*/py.typed")}
    assert found == {"databricks_utils", "lakewright"}


@pytest.mark.drawn(1)
@pytest.mark.parametrize("answers", ANSWERS, ids=lambda answers: "-".join(answers.values()))
def test_mypy_finds_nothing_in_a_project_of_any_answers(answers, environment, tmp_path):
    project = render_project(tmp_path / "flights", answers=answers, ask=False)
    code, printed = check(environment, project)
    assert (code, "Success: no issues found" in printed) == (0, True), printed
    with_code = [
        "src",
        "scripts",
        "notebooks",
        "tests",
        *(["resources"] if answers["python_resources"] == "true" else []),
    ]
    files = [path for folder in with_code for path in (project / folder).rglob("*.py")]
    assert f"in {len(files)} source files" in printed, "each file with code is read"


# A file, a line of it, what it is changed to, and what mypy says.
WRONG = {
    "a column in place of a table": (
        "src/flights/transformations/silver/airlines.py",
        'return records.withColumnRenamed("name", "airline")',
        'return records["name"]',
        'Incompatible return value type (got "Column", expected "DataFrame")',
    ),
    "a method that a DataFrame does not have": (
        "src/flights/transformations/silver/weather.py",
        "return records.withColumnsRenamed(_NAMES)",
        "return records.withColumnsRename(_NAMES)",
        '"Column" not callable',  # an unknown attribute of a DataFrame is a column
    ),
    "an argument of our library, in a notebook": (
        "notebooks/04_batch_scoring.py",
        'rescore=context.parameters["rescore"]',
        "rescore=7",
        'Argument "rescore" to "score" has incompatible type "int"; expected "str"',
    ),
    "a setting that the model of settings does not have": (
        "notebooks/01_ingest_bronze.py",
        "extra_as(FlightsSettings).sample_drops",
        "extra_as(FlightsSettings).samples",
        '"FlightsSettings" has no attribute "samples"',
    ),
    "what a test calls": (
        "tests/contract/test_steps.py",
        "features_step(NO_SESSION, Context",
        "features_step(Context",
        'Missing positional argument "context" in call to "features_step"',
    ),
    "a function without types": (
        "scripts/content_version.py",
        "def _files(root: Path) -> list[Path]:",
        "def _files(root):",
        "Function is missing a type annotation",
    ),
}


def test_a_wrong_type_fails_the_step_of_every_system_with_its_line(environment, tmp_path):
    project = tmp_path / "flights"
    shutil.copytree(
        ROOT / "examples" / "flights",
        project,
        ignore=shutil.ignore_patterns("data", ".lakewright", "infra", "wheels"),
    )
    expected = []
    for file, line, wrong, message in WRONG.values():
        text = (project / file).read_text(encoding="utf-8")
        assert text.count(line) == 1, line
        (project / file).write_text(text.replace(line, wrong), encoding="utf-8")
        number = text[: text.index(line)].count("\n") + 1
        expected.append(f"{file}:{number}: error: {message}")
    (script,) = steps_with_mypy()
    code, printed = check(environment, project, script)
    assert code != 0
    assert [each for each in expected if each not in printed] == [], printed


def steps_with_mypy():
    """Return the scripts of the steps that run mypy, of all three systems: what a step runs must be one thing."""
    found = {}
    for path in (ROOT / "template").rglob("*.jinja"):
        if path.name in ("pull_request.yml.jinja", "pull-request.yml.jinja", "checks.yml.jinja"):
            lines = path.read_text(encoding="utf-8").splitlines()
            found[str(path)] = [line.strip().removeprefix("- ") for line in lines if "mypy" in line]
    scripts = [yaml.safe_load(each) for (each,) in found.values()]
    assert len(scripts) == 3
    return {next(iter(each.values())) if isinstance(each, dict) else each for each in scripts}
