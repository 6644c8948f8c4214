"""Python code of a bundle that fails, may not run, or does what it may not do: each is a finding with its place and fix."""

import shutil
import sys
from pathlib import Path

import pytest

from lakewright.bundle import LocalOverlay, Location, all_findings
from lakewright.bundle.findings.printed.text import render
from lakewright.bundle.python_code.hosting import shared_hosts

from .conftest import Shop

pytestmark = pytest.mark.unit

EMPTY = "from databricks.bundles.core import Resources\n\n\ndef load_resources():\n    return Resources()\n"
MUTATORS = "mutators: ['jobs_of_shop:change']"


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory):
    """One folder for all tests, so that they share the process of the code, as targets do: a start takes half a second."""
    with shared_hosts():
        yield tmp_path_factory.mktemp("shop")


@pytest.fixture
def shop(shared_folder):
    """A bundle in that folder, which is empty before each test."""
    for path in shared_folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return Shop(shared_folder)


def lines(finding):
    return finding.location.file.name, finding.location.line


def test_an_exception_names_type_text_and_the_line_of_the_project(shop):
    shop.write("sources.py", "def read():\n    return {}['sales']\n")
    finding = shop.fails("import sources\n\n\ndef load_resources():\n    return sources.read()\n")
    assert (finding.code, finding.severity) == ("LW161", "error")
    assert finding.summary == "Failed to load resources: KeyError: 'sales'"
    assert finding.location == Location(shop.root / "sources.py", 2, 1)
    assert finding.detail == "jobs_of_shop.py:5 in load_resources\nsources.py:2 in read"
    assert finding.fix == "correct sources.py:2"


def test_an_exception_of_a_mutator_names_the_resource_too(shop):
    code = "from databricks.bundles.core import job_mutator\n\n\n@job_mutator\ndef change(job):\n    raise ValueError('no\\nmore')\n"
    shop.write("more.yml", "resources: {jobs: {load: {name: Load}}}\n")
    shop.write("databricks.yml", f"bundle: {{name: s}}\ninclude: [more.yml]\npython: {{{MUTATORS}}}\n")
    shop.write("jobs_of_shop.py", code)
    (finding,) = shop.load().diagnostics
    assert finding.summary == "Failed to apply 'change' mutator: ValueError: no"
    assert lines(finding) == ("jobs_of_shop.py", 6)
    assert finding.path == "resources.jobs.load"
    assert "more" in finding.detail.splitlines()


@pytest.mark.parametrize("returned", ["None", "42", "{'name': 'K'}"])
def test_a_mutator_that_returns_no_resource_is_named_with_its_place(shop, returned):
    """A later mutator does not get the wrong value, so it is not blamed."""
    code = (
        "from databricks.bundles.core import job_mutator\n\n\n"
        f"@job_mutator\ndef change(bundle, job):\n    return {returned}\n\n\n"
        "@job_mutator\ndef later(job):\n    return job.name and job\n"
    )
    shop.write(
        "databricks.yml",
        "bundle: {name: s}\nresources: {jobs: {load: {name: L}}}\n"
        "python: {mutators: ['jobs_of_shop:change', 'jobs_of_shop:later']}\n",
    )
    shop.write("jobs_of_shop.py", code)
    (finding,) = shop.load().diagnostics
    assert finding.code == "LW161"
    assert finding.summary == f"Failed to apply 'change' mutator: TypeError: it returns {returned}, no Job"
    assert lines(finding) == ("jobs_of_shop.py", 4)
    assert finding.path == "resources.jobs.load"
    assert finding.fix == "end the mutator with `return job`, in every branch"


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("while True: pass", "LW162"),
        ("sys.exit(0)", "LW161"),
        ("os._exit(3)", "LW161"),
        ("os.kill(os.getpid(), 11)", "LW161"),
    ],
)
def test_code_that_ends_without_a_result_is_named_with_its_line(shop, end, code):
    text = (
        f"import os, sys\nfrom databricks.bundles.core import job_mutator\n\n\ndef inner():\n    {end}\n\n\n"
    )
    shop.write(
        "databricks.yml",
        f"bundle: {{name: s}}\nresources: {{jobs: {{load: {{name: L}}}}}}\npython: {{{MUTATORS}}}\n",
    )
    shop.write("jobs_of_shop.py", f"{text}@job_mutator\ndef change(job):\n    inner()\n    return job\n")
    (finding,) = shop.load(environ={"LAKEWRIGHT_PYTHON_SECONDS": "2"}).diagnostics
    assert finding.code == code
    assert "in `inner`" in finding.summary
    assert lines(finding) == ("jobs_of_shop.py", 6)
    assert finding.detail.splitlines()[-2:] == ["jobs_of_shop.py:11 in change", "jobs_of_shop.py:6 in inner"]


def test_code_that_cannot_be_imported_is_located_with_its_fix(shop):
    """The library tries all functions, so one load shows all of them."""
    functions = ("broken:load", "nowhere:load", "there:load_resources", "package:load", "deep.nowhere:load")
    shop.write("databricks.yml", f"bundle: {{name: s}}\npython:\n  resources: {list(functions)}\n")
    shop.write("broken.py", "def load(:\n")
    shop.write("there.py", "")
    shop.write("package.py", "\nimport cowsay_of_nobody.moo\n")
    found = shop.load().diagnostics
    assert [(each.code, lines(each), each.fix) for each in found] == [
        ("LW161", ("broken.py", 1), "correct broken.py:1"),
        ("LW161", ("databricks.yml", 3), f"create nowhere.py in {shop.root.name}/, or correct `python`"),
        ("LW161", ("there.py", 1), "correct there.py:1"),
        (
            "LW161",
            ("package.py", 2),
            "install it where the code runs: python3 -m pip install cowsay_of_nobody",
        ),
        ("LW161", ("databricks.yml", 3), f"create deep.py in {shop.root.name}/, or correct `python`"),
    ]
    assert "SyntaxError" in found[0].summary
    assert (
        found[1].summary
        == "Failed to import module 'nowhere': ModuleNotFoundError: No module named 'nowhere'"
    )
    assert "Name 'load_resources' not found in module 'there'" in found[2].summary


def test_a_token_in_the_text_of_an_exception_is_not_shown(shop):
    """The excerpt of the line would show it too."""
    token = "dapi" + "0123456789abcdef" * 2
    finding = shop.fails(f"raise ValueError('no answer with {token}')\n")
    assert "ValueError: no answer with [redacted]" in finding.summary
    assert token not in render(finding)


def test_a_missing_package_of_ours_comes_from_the_wheels_of_the_project(shop):
    """On a public index its name belongs to others."""
    finding = shop.fails("import databricks_ai_agents.nothing\n" + EMPTY)
    assert finding.code == "LW161"
    assert "python3 -m pip install --no-deps --require-hashes -r wheels/wheels.lock && " in finding.fix
    assert "python3 -m pip install -r requirements-dev.txt" in finding.fix
    assert "install databricks_ai_agents" not in finding.fix


def test_a_function_without_its_decorator_is_reported(shop):
    shop.write(
        "databricks.yml", f"bundle: {{name: s}}\npython: {{{MUTATORS}}}\nresources: {{jobs: {{a: {{}}}}}}\n"
    )
    shop.write("jobs_of_shop.py", "def change(job):\n    return job\n")
    (finding,) = shop.load().diagnostics
    assert finding.code == "LW164"
    assert "did you decorate it" in finding.summary
    assert lines(finding) == ("databricks.yml", 2)


def test_an_unknown_field_names_the_version_of_the_library(shop):
    code = EMPTY.replace(
        "return Resources()", "r = Resources()\n    r.add_job('a', {'nam': 'x'})\n    return r"
    )
    finding = shop.fails(code)
    assert "Unexpected field 'nam' for class Job" in finding.summary
    assert finding.fix.startswith(
        "correct the field `nam`; if the CLI knows it, databricks-bundles 1.22.1 is too old: "
    )
    assert "`python3 -m pip install -U databricks-bundles`" in finding.fix


@pytest.mark.parametrize(
    ("end", "how"),
    [
        ("os.kill(os.getpid(), 9)", "was killed by signal 9"),
        ("os._exit(3)", "ended with code 3"),
        ("os.kill(os.getppid(), 9); threading.Event().wait()", "was killed by signal 9"),
        ("raise SystemExit('enough')", "ended with code 1"),
        ("raise SystemExit", "ended with code 0 in the phase load_resources, without a result"),
    ],
)
def test_a_process_that_ends_before_its_time_is_reported_with_what_it_printed(shop, end, how):
    finding = shop.fails(f"import os, threading\nprint('so far', flush=True)\n{end}\n")
    assert finding.code == "LW161"
    assert how in finding.summary
    assert finding.detail.startswith("so far")
    assert finding.fix.endswith("`python3 -c 'import jobs_of_shop'`")


def test_code_that_does_not_end_is_stopped_with_what_it_has_started(shop):
    code = "import subprocess, sys, threading\nsubprocess.Popen(['sleep', '3600'])\nprint('waits', flush=True)\nthreading.Event().wait()\n"
    finding = shop.fails(code, environ={"LAKEWRIGHT_PYTHON_SECONDS": "1.5"})
    assert (finding.code, finding.detail) == ("LW162", "waits\njobs_of_shop.py:4 in <module>")
    assert "within 1.5 s" in finding.summary


def test_a_warning_of_the_code_is_a_finding_and_the_resources_are_there(shop):
    code = (
        "from databricks.bundles.core import Diagnostics, Resources\n\n\ndef load_resources():\n    r = Resources()\n"
        "    r.add_job('j', {'name': '🔥'})\n"
        "    r.add_diagnostics(Diagnostics.create_warning('old source', detail='since May', path=('resources', 'jobs', 'j')))\n"
        "    return r\n"
    )
    shop.write("databricks.yml", "bundle: {name: s}\npython: {resources: ['jobs_of_shop:load_resources']}\n")
    shop.write("jobs_of_shop.py", code)
    bundle = shop.load()
    (finding,) = bundle.diagnostics
    assert (finding.code, finding.severity, finding.summary, finding.detail) == (
        "LW164",
        "warning",
        "old source",
        "since May",
    )
    assert bundle.jobs["j"]["name"] == "🔥"


def test_a_resource_of_yaml_cannot_be_defined_again(shop):
    shop.write(
        "databricks.yml",
        "bundle: {name: s}\npython: {resources: ['jobs_of_shop:load_resources']}\nresources: {jobs: {j: {name: A}}}\n",
    )
    shop.write(
        "jobs_of_shop.py",
        EMPTY.replace(
            "return Resources()", "r = Resources()\n    r.add_job('j', {'name': 'B'})\n    return r"
        ),
    )
    bundle = shop.load()
    (finding,) = bundle.diagnostics
    assert finding.code == "LW163"
    assert lines(finding) == ("jobs_of_shop.py", 6)
    assert [(place.file.name, place.line) for place in finding.related] == [("databricks.yml", 3)]
    assert bundle.jobs["j"]["name"] == "A"


def test_a_reference_to_a_job_that_nobody_defines_is_found_after_the_code(shop):
    shop.write(
        "databricks.yml",
        "bundle: {name: s}\npython: {resources: ['jobs_of_shop:load_resources']}\n"
        "resources: {jobs: {j: {tasks: [{task_key: t, run_job_task: {job_id: '${resources.jobs.k.id}'}}]}}}\n",
    )
    shop.write("jobs_of_shop.py", EMPTY)
    (finding,) = shop.load().diagnostics
    assert finding.code == "LW223" or "resources.jobs.k" in finding.summary
    assert lines(finding) == ("databricks.yml", 3)


def test_a_path_beside_the_python_file_gets_the_path_from_the_root(shop):
    shop.write("databricks.yml", "bundle: {name: s}\npython: {resources: ['jobs.load:load_resources']}\n")
    shop.write("jobs/nb.py", "# Databricks notebook source\n")
    task = "{'task_key': 't', 'notebook_task': {'notebook_path': 'nb.py'}}"
    shop.write(
        "jobs/load.py",
        EMPTY.replace(
            "return Resources()", f"r = Resources()\n    r.add_job('j', {{'tasks': [{task}]}})\n    return r"
        ),
    )
    (finding,) = shop.load().diagnostics
    assert (finding.code, lines(finding)) == ("LW408", ("load.py", 6))
    assert finding.fix.startswith("write `jobs/nb.py`")


def test_a_path_with_backslashes_is_not_found_as_in_yaml(shop):
    shop.write("databricks.yml", "bundle: {name: s}\npython: {resources: ['jobs_of_shop:load_resources']}\n")
    shop.write("src/nb.py", "# Databricks notebook source\n")
    task = r"{'task_key': 't', 'notebook_task': {'notebook_path': 'src\\nb.py'}}"
    shop.write(
        "jobs_of_shop.py",
        EMPTY.replace(
            "return Resources()", f"r = Resources()\n    r.add_job('j', {{'tasks': [{task}]}})\n    return r"
        ),
    )
    (finding,) = shop.load().diagnostics
    assert (finding.code, lines(finding)) == ("LW402", ("jobs_of_shop.py", 6))


COMMENTED = """\
from databricks.bundles.core import Resources


def load_resources():
    resources = Resources()
    text = "# lakewright: ignore LW602"
    # lakewright: ignore LW602 (the consumers need this key)
    resources.add_job(
        "j", {"tasks": [{"task_key": "load-all", "notebook_task": {"notebook_path": "/Shared/x"}}]}
    )
    return resources
"""


def test_a_comment_in_the_python_file_silences_a_finding(shop):
    shop.write("databricks.yml", "bundle: {name: s}\npython: {resources: ['jobs_of_shop:load_resources']}\n")
    shop.write("jobs_of_shop.py", COMMENTED.replace("    # lakewright", "    #"))
    assert {("LW602", ("jobs_of_shop.py", 8))} <= {
        (each.code, lines(each)) for each in all_findings(shop.load())
    }
    shop.write("jobs_of_shop.py", COMMENTED)
    assert "LW602" not in {each.code for each in all_findings(shop.load())}


class TestCodeThatDoesNotRun:
    @pytest.fixture
    def shop(self, tmp_path):
        """A bundle whose process is started for it alone."""
        return Shop(tmp_path)

    def test_a_python_without_the_library_gets_the_install_line(self, shop):
        self.bare(shop)
        finding = shop.fails(EMPTY, section="venv_path: bare, resources: ['jobs_of_shop:load_resources']")
        assert (finding.code, finding.severity) == ("LW131", "error")
        assert "`bare/bin/python3` has no `databricks-bundles`" in finding.summary
        assert finding.fix == "install it: `bare/bin/python3 -m pip install databricks-bundles`"

    def test_a_project_whose_requirements_name_the_library_is_sent_to_them(self, shop):
        self.bare(shop)
        shop.write("requirements-dev.txt", "databricks-bundles==1.22.1\n")
        section = "venv_path: bare, resources: ['jobs_of_shop:load_resources']"
        finding = shop.fails(EMPTY, section=section)
        assert finding.fix == "install it: `bare/bin/python3 -m pip install -r requirements-dev.txt`"
        shop.write("wheels/wheels.lock", "")
        finding = shop.fails(EMPTY, section=section)
        assert "--require-hashes -r wheels/wheels.lock && bare/bin/python3 -m pip install -r" in finding.fix
        finding = shop.fails(EMPTY, section=section.replace("bare", "gone"))
        assert "`gone/bin/python3 -m pip install --no-deps --require-hashes" in finding.fix

    def test_a_local_run_without_the_library_keeps_the_jobs_of_yaml(self, shop):
        self.bare(shop)
        shop.write(
            "databricks.yml",
            "bundle: {name: s}\npython: {venv_path: bare, resources: ['a:b']}\nresources: {jobs: {j: {name: J}}}\n",
        )
        bundle = shop.load(local=LocalOverlay())
        assert [(found.code, found.severity) for found in bundle.diagnostics] == [("LW131", "warning")]
        assert list(bundle.jobs) == ["j"]
        assert bundle.python_left_out

    def test_a_folder_that_is_no_virtual_environment_is_refused(self, shop):
        self.bare(shop)
        (shop.root / "bare" / "pyvenv.cfg").unlink()
        finding = shop.fails(EMPTY, section="venv_path: bare, resources: ['jobs_of_shop:load_resources']")
        assert "is no virtual environment (pyvenv.cfg is missing)" in finding.summary

    def test_an_environment_of_windows_is_named_as_such(self, shop):
        shop.write(".venv/Scripts/python.exe", "")
        finding = shop.fails(EMPTY, section="venv_path: .venv, resources: ['jobs_of_shop:load_resources']")
        assert "it was made on Windows" in finding.summary
        assert finding.fix.startswith("create it: `python3 -m venv .venv`")

    def test_no_python_on_path_is_reported(self, shop):
        finding = shop.fails(EMPTY, environ={"PATH": str(shop.root)})
        assert "no `python3` is on PATH" in finding.summary
        assert "venv_path: .venv" in finding.fix

    def test_a_file_that_cannot_be_executed_is_reported(self, shop):
        shop.write("broken/bin/python3", "no program").chmod(0o755)
        shop.write("broken/pyvenv.cfg", "")
        finding = shop.fails(EMPTY, section="venv_path: broken, resources: ['jobs_of_shop:load_resources']")
        assert "`broken/bin/python3` cannot be executed" in finding.summary

    def test_the_variable_of_the_cli_forbids_it(self, shop):
        code = "open('ran', 'w')\n"
        finding = shop.fails(code, environ={"DATABRICKS_BUNDLE_RESTRICTED_CODE_EXECUTION": ""})
        assert (finding.code, finding.severity) == ("LW131", "warning")
        assert not (shop.root / "ran").exists()

    def test_a_command_may_forbid_it(self, shop):
        finding = shop.fails("open('ran', 'w')\n", run_python=False)
        assert "executes no code" in finding.summary
        assert not (shop.root / "ran").exists()

    @pytest.mark.parametrize(
        ("environ", "arguments"),
        [({}, {"run_python": False}), ({"DATABRICKS_BUNDLE_RESTRICTED_CODE_EXECUTION": "1"}, {})],
    )
    def test_an_interpreter_that_the_project_brings_along_is_not_started_either(
        self, shop, environ, arguments
    ):
        shop.write("own/bin/python3", f"#!/bin/sh\ntouch {shop.root}/ran\n").chmod(0o755)
        shop.write("own/pyvenv.cfg", "")
        shop.fails(EMPTY, section="venv_path: own, mutators: ['a:b']", environ=environ, **arguments)
        assert not (shop.root / "ran").exists()

    def test_a_folder_that_hides_the_library_is_named(self, shop):
        shop.write("databricks/__init__.py", "")
        finding = shop.fails(EMPTY)
        assert (
            finding.fix
            == "rename databricks/__init__.py: it hides the package `databricks` from the bundle's code"
        )

    def test_nothing_runs_in_a_bundle_with_errors_that_come_first(self, shop):
        shop.write("databricks.yml", "bundle: {name: '${var.x}'}\npython: {resources: ['a:b']}\n")
        shop.write("a.py", "open('ran', 'w')\n")
        found = {finding.code: finding.severity for finding in shop.load().diagnostics}
        assert found["LW131"] == "warning"
        assert not (shop.root / "ran").exists()

    @staticmethod
    def bare(shop) -> None:
        """Make an environment of this interpreter's version without any package; `venv` would copy pip into it."""
        folder = shop.root / "bare"
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
        (folder / "pyvenv.cfg").write_text(f"home = {Path(sys.base_prefix) / 'bin'}\n", encoding="utf-8")


def test_an_alert_whose_fields_come_from_a_file_is_kept_as_it_is(shop):
    shop.write(
        "databricks.yml",
        "bundle: {name: s}\npython: {mutators: ['jobs_of_shop:change']}\n"
        "resources: {jobs: {j: {name: J}}, alerts: {a: {display_name: A, warehouse_id: w, file_path: a.dbalert.json}}}\n",
    )
    shop.write("a.dbalert.json", "{}")
    change = "@job_mutator\ndef change(job):\n    job.name = 'K'\n    return job\n"
    shop.write("jobs_of_shop.py", f"from databricks.bundles.core import job_mutator\n\n\n{change}")
    bundle = shop.load()
    assert not bundle.python_left_out
    assert bundle.jobs["j"]["name"] == "K"
    assert bundle.resolved["resources"]["alerts"]["a"]["file_path"] == "a.dbalert.json"


AT_THE_END = """

import atexit, sys


@atexit.register
def write():
    name, text = {!r}
    with open(sys.argv[sys.argv.index(name) + 1], "w") as file:
        file.write(text)
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("--output", "{"), ("--output", "[]"), ("--output", "[" * 100_000), ("--locations", "7")],
)
def test_a_result_that_the_library_does_not_write_is_reported(shop, name, text):
    finding = shop.fails(EMPTY + AT_THE_END.format((name, text)))
    assert finding.code == "LW161"
    assert finding.summary.startswith("the result of the bundle's Python code cannot be read: ")


def test_a_limit_that_is_no_number_is_the_usual_one(shop):
    shop.write("databricks.yml", "bundle: {name: s}\npython: {resources: ['jobs_of_shop:load_resources']}\n")
    shop.write("jobs_of_shop.py", EMPTY)
    for text in ("nan",):
        assert shop.load(environ={"LAKEWRIGHT_PYTHON_SECONDS": text}).diagnostics == ()
