"""The types of `databricks-bundles`, which is not a dependency of ours: what they refuse and we do not."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from lakewright.bundle import all_findings
from lakewright.bundle.second_opinions import typed_check
from lakewright.bundle.second_opinions.typed_check import ask_the_types, interpreter_of, opinion_of_the_types
from lakewright.commands.validate import command

pytestmark = pytest.mark.unit

# A package with the shape of databricks-bundles: one class with `from_dict` for each kind of resource.
CORE = """\
import dataclasses

class Resource:
    @classmethod
    def from_dict(cls, value):
        return _transform(cls, value)

def _transform_field(cls, field, value):
    return _transform(field.type, value)

def _transform(cls, value):
    if dataclasses.is_dataclass(cls):
        fields = {field.name: field for field in dataclasses.fields(cls)}
        for key in value:
            if key not in fields:
                raise ValueError(f"Unexpected field '{key}' for class {cls.__name__}")
        return cls(**{name: _transform_field(cls, fields[name], value[name]) for name in fields if name in value})
    if getattr(cls, "__origin__", None) is list:
        return [_transform(cls.__args__[0], item) for item in value]
    if cls is int and not str(value).isdigit():
        raise ValueError(f"not a number: {value}")
    return value
"""
JOBS = """\
import dataclasses
from databricks.bundles.core import Resource

@dataclasses.dataclass(kw_only=True)
class Task:
    task_key: str
    brand_new: str = ""
    max_retries: int = 0

@dataclasses.dataclass(kw_only=True)
class Job(Resource):
    name: str
    tasks: list[Task] = dataclasses.field(default_factory=list)
"""
# Python ignores PYTHONPATH in isolated mode, so the launcher runs the program with the folder in front.
LAUNCHER = """\
#!/bin/sh
shift 2
exec '{python}' -I -B -c 'import sys, runpy
sys.path.insert(0, "{site}")
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")' "$@"
"""
CONDITION = "condition_task: {op: LESS_THAN, left: 1, right: 2}"


@pytest.fixture
def package(project, monkeypatch):
    """Put a package in the place of databricks-bundles; the process that asks it is the project's interpreter."""
    folder = project.root / "site" / "databricks" / "bundles"
    project.file("site/databricks/__init__.py", "")
    for name, text in {
        "__init__": "",
        "version": '__version__ = "0.9.0"',
        "core": CORE,
        "jobs": JOBS,
    }.items():
        project.file(f"site/databricks/bundles/{name}.py", text)
    launcher = project.file(
        ".venv/bin/python", LAUNCHER.format(python=sys.executable, site=folder.parents[1])
    )
    launcher.chmod(0o755)
    return project


def opinion(project, databricks):
    project.write(databricks=databricks + "python: {venv_path: .venv}\n")
    bundle = project.load()
    return opinion_of_the_types(ask_the_types([bundle]), [bundle], all_findings(bundle))


def test_a_field_that_only_our_schema_has_is_a_note_with_its_place(package):
    job = f"{{name: a, tasks: [{{task_key: t, timeout_seconds: 5, {CONDITION}}}]}}"
    found = opinion(package, f"bundle: {{name: s}}\nresources:\n  jobs:\n    j: {job}\n")
    assert found.answered
    assert {each.severity for each in found.differences} == {"note"}
    paths = {each.path for each in found.differences}
    assert {f"resources.jobs.j.tasks[0].{field}" for field in ("timeout_seconds", "condition_task")} <= paths
    assert all(each.location.line == 4 for each in found.differences)
    assert "older or lacks it" in found.differences[0].detail


def test_a_field_that_only_the_types_have_is_a_note(package):
    found = opinion(
        package,
        "bundle: {name: s}\nresources: {jobs: {j: {name: a, tasks: [{task_key: t, brand_new: x}]}}}\n",
    )
    assert [each.summary for each in found.differences if each.path.endswith("brand_new")] == [
        "LW301 calls the field unknown, and the package has it"
    ]


def test_a_value_that_only_the_types_refuse_is_a_warning_with_its_place(package, monkeypatch):
    monkeypatch.setenv("PATH", "")
    job = f"{{name: a, tasks: [{{task_key: t, max_retries: -1, {CONDITION}}}]}}"
    text = f"bundle: {{name: s}}\nresources:\n  jobs:\n    j: {job}\npython: {{venv_path: .venv}}\n"
    package.write(databricks=text)
    result = CliRunner().invoke(command, ["-o", "findings-json", "--project", str(package.root)])
    found = json.loads(result.stdout)["second_opinions"][0]["differences"]
    (refused,) = [each for each in found if each["severity"] == "warning"]
    assert (refused["path"], refused["location"]["line"]) == ("resources.jobs.j.tasks[0].max_retries", 4)
    assert refused["targets"] == ["default"]
    assert result.exit_code == 0
    strict = CliRunner().invoke(command, ["--strict", "--project", str(package.root)])
    assert strict.exit_code == 2


def test_the_values_of_secrets_are_not_handed_over(project):
    secret = "{scope: s, key: k, value: '${var.pin}'}"
    project.write(
        databricks=f"bundle: {{name: s}}\nvariables: {{pin: {{}}}}\nresources: {{secrets: {{k: {secret}}}}}\n"
    )
    bundle = project.load(variables={"pin": "hunter-two-hundred"})
    assert bundle.resolved["resources"]["secrets"]["k"]["value"] == "hunter-two-hundred"
    assert "hunter" not in json.dumps(typed_check._resources(bundle))


def test_what_both_refuse_is_one_finding_of_ours(package):
    found = opinion(
        package, f"bundle: {{name: s}}\nresources: {{jobs: {{j: {{name: a, tasks: [{{{CONDITION}}}]}}}}}}\n"
    )
    assert not [each for each in found.differences if "task_key" in each.summary]


def test_a_kind_that_the_package_does_not_have_is_left_to_us(package):
    found = opinion(package, "bundle: {name: s}\nresources: {schemas: {a: {name: a, catalog_name: c}}}\n")
    assert (found.differences, found.version) == ((), "0.9.0")


def test_its_absence_is_one_line_and_breaks_nothing(project, monkeypatch, tmp_path):
    monkeypatch.setattr(typed_check, "_is_installed", lambda: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    project.write(databricks="bundle: {name: s}\n")
    result = CliRunner().invoke(command, ["--strict", "--project", str(project.root)])
    assert result.exit_code == 0
    (line,) = [line for line in result.output.splitlines() if line.startswith("databricks-bundles")]
    assert (
        line
        == f"databricks-bundles was not asked: it is not installed for {sys.executable}; this check is optional."
    )


def test_a_package_that_cannot_be_imported_is_named_in_one_line(package):
    package.file("site/databricks/bundles/version.py", "raise SystemExit(3)\n")
    found = opinion(package, "bundle: {name: s}\n")
    assert (found.answered, found.summary) == (
        False,
        "was not asked: its process ended: exit code 3; this check is optional",
    )


def test_the_interpreter_is_the_one_that_the_bundle_names(package):
    package.write(databricks="bundle: {name: s}\npython: {venv_path: .venv}\n")
    assert interpreter_of(package.load()) == str(package.root / ".venv" / "bin" / "python")
    package.write(databricks="bundle: {name: s}\npython: {venv_path: gone}\n")
    assert interpreter_of(package.load()) == sys.executable


@pytest.mark.skipif(
    find_spec("databricks.bundles") is None, reason="needs databricks-bundles, which is never a dependency"
)
def test_the_real_package_agrees_about_the_example(tmp_path):
    example = Path(__file__).parents[4] / "examples" / "flights"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "lakewright",
            "validate",
            "--all",
            "-o",
            "findings-json",
            "--project",
            str(example),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    (found,) = [
        each for each in json.loads(done.stdout)["second_opinions"] if each["from"] == "databricks-bundles"
    ]
    assert (found["answered"], found["differences"]) == (True, [])
