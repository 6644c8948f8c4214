"""What a bundle holds after its Python code has run: one load of a bundle that uses all of it."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lakewright.bundle import Bundle, Location, all_findings, local_file
from lakewright.bundle.load import load_all_targets
from lakewright.bundle.python_code.hosting import shared_hosts
from lakewright.bundle.second_opinions import typed_check

from .conftest import ENVIRON, Shop

pytestmark = pytest.mark.unit

BUNDLE = """\
bundle: {name: shop}
include: [resources/*.yml]
python:
  resources: ["resources:load_resources", "more:load_resources"]
  mutators: ["mutators:first", "mutators:second", "mutators:catalog", "mutators:without_bundle"]
run_as: {user_name: ana.lopez@example.org}
permissions: [{level: CAN_VIEW, group_name: readers}]
variables:
  word: {default: hour}
  text: {default: "every ${var.word}"}
  runs: {default: 3}
  is_new: {default: true}
  task: {type: complex, default: {task_key: from_variable, notebook_task: {notebook_path: /Shared/x}}}
  policy: {lookup: {cluster_policy: small}}
presets: {tags: {team: shop}, name_prefix: "x "}
targets:
  dev: {default: true, variables: {runs: 4}}
  prod: {}
"""
YAML_JOB = """\
resources:
  jobs:
    in_yaml:
      name: In YAML
      max_concurrent_runs: 7
      tasks:
        - {task_key: b, notebook_task: {notebook_path: ../notebooks/load.py}}
        - {task_key: a, run_job_task: {job_id: "${resources.jobs.hourly.id}"}}
"""
RESOURCES = """\
from databricks.bundles.core import Bundle, Resources, Variable, load_resources_from_current_package_module, variables
from databricks.bundles.jobs import Task

print("this goes nowhere")


@variables
class Variables:
    text: Variable[str]
    runs: Variable[int]
    is_new: Variable[bool]
    task: Variable[Task]


def load_resources(bundle: Bundle) -> Resources:
    assert bundle.target == "dev"
    assert bundle.resolve_variable(Variables.text) == "every hour"
    assert bundle.resolve_variable(Variables.runs) == 4
    assert bundle.resolve_variable(Variables.is_new) is True
    assert bundle.resolve_variable(Variables.task).task_key == "from_variable"
    return load_resources_from_current_package_module()
"""
HOURLY = """\
from databricks.bundles.jobs import Job

hourly = Job.from_dict(
    {
        "name": "${var.text}",
        "tasks": [{"task_key": "load", "notebook_task": {"notebook_path": "notebooks/load.py"}}],
        "schedule": {"quartz_cron_expression": "0 0 * * * ?", "timezone_id": "UTC"},
    }
)
"""
MORE = """\
import json
import os

from databricks.bundles.core import Resources, Variable
from databricks.bundles.jobs import Job, Task

with open("seen.json", "w") as file:
    json.dump({"names": sorted(os.environ), "cwd": os.getcwd(), "stdin": open(0).read()}, file)


def load_resources() -> Resources:
    resources = Resources()
    resources.add_job("from_variable", Job(name="V", tasks=[Variable(path="var.task", type=Task)]))
    resources.add_schema("gold", {"catalog_name": "shop", "name": "gold"})
    resources.add_volume("files", {"catalog_name": "shop", "schema_name": "gold", "name": "files"})
    resources.add_pipeline("flow", {"name": "Flow", "libraries": [{"file": {"path": "flows/*.py"}}]})
    resources.add_job(
        "wheel.job",
        {"tasks": [{"task_key": "t", "python_wheel_task": {"package_name": "p", "entry_point": "e"},
                    "libraries": [{"whl": "dist/*.whl"}]}]},
    )
    return resources
"""
MUTATORS = """\
import json
from dataclasses import replace

from databricks.bundles.core import Bundle, job_mutator, pipeline_mutator, schema_mutator
from databricks.bundles.jobs import Job, JobPermission, Task

seen = {}


@job_mutator
def second(bundle: Bundle, job: Job) -> Job:
    return replace(job, tags={**job.tags, "order": job.tags["order"] + " second"})


@job_mutator
def first(bundle: Bundle, job: Job) -> Job:
    seen[job.name] = job.as_dict()
    with open("jobs.json", "w") as file:
        json.dump(seen, file)
    permissions = [*job.permissions, JobPermission.from_dict({"level": "CAN_MANAGE_RUN", "group_name": "operators"})]
    return replace(job, tags={**job.tags, "order": "first"}, timeout_seconds=600, permissions=permissions)


@pipeline_mutator
def without_bundle(pipeline):
    pipeline.photon = True
    return pipeline


@schema_mutator
def catalog(bundle, schema):
    return replace(schema, comment="${bundle.target}")
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    shop = Shop(folder)
    for name, text in (
        ("databricks.yml", BUNDLE),
        ("resources/in_yaml.yml", YAML_JOB),
        ("resources/__init__.py", RESOURCES),
        ("resources/hourly.py", HOURLY),
        ("more.py", MORE),
        ("mutators.py", MUTATORS),
        ("notebooks/load.py", "# Databricks notebook source\n"),
        ("flows/one.py", ""),
        ("flows/two.py", ""),
    ):
        shop.write(name, text)
    return folder


@pytest.fixture(scope="module")
def bundle(root: Path) -> Bundle:
    hidden = {
        "DATABRICKS_TOKEN": "dapi-1",
        "LAKEWRIGHT_DEBUG": "1",
        "ARM_CLIENT_SECRET": "s",
        "OWN_VALUE": "kept",
    }
    return Shop(root).load(environ=hidden)


def test_the_load_has_no_finding_but_that_of_the_lookup(bundle):
    assert [found.code for found in bundle.diagnostics] == ["LW207"]
    assert not bundle.python_left_out


def test_python_adds_resources_of_several_kinds(bundle):
    assert list(bundle.jobs) == ["in_yaml", "hourly", "from_variable", "wheel.job"]
    kinds = bundle.resolved["resources"]
    assert [list(kinds[kind]) for kind in ("schemas", "volumes", "pipelines")] == [
        ["gold"],
        ["files"],
        ["flow"],
    ]


def test_new_resources_get_presets_defaults_run_as_and_permissions_once(bundle):
    job = bundle.jobs["hourly"]
    assert job["name"] == "x every hour"
    assert job["max_concurrent_runs"] == 1
    assert job["queue"] == {"enabled": True}
    assert job["schedule"]["pause_status"] == "UNPAUSED"
    assert job["run_as"] == {"user_name": "ana.lopez@example.org"}
    assert job["tags"] == {"team": "shop", "order": "first second"}
    assert job["edit_mode"] == "UI_LOCKED"
    assert job["permissions"] == [
        {"level": "CAN_VIEW", "group_name": "readers"},
        {"level": "IS_OWNER", "user_name": "ana.lopez@example.org"},
        {"level": "CAN_MANAGE_RUN", "group_name": "operators"},
    ]


def test_mutators_change_resources_of_yaml_in_the_order_of_the_section(bundle):
    job = bundle.jobs["in_yaml"]
    assert (job["name"], job["max_concurrent_runs"], job["timeout_seconds"]) == ("x In YAML", 7, 600)
    assert job["tags"] == {"team": "shop", "order": "first second"}
    assert [task["task_key"] for task in job["tasks"]] == ["a", "b"]


def test_mutators_see_prepared_resources_with_paths_from_the_root(bundle, root):
    seen = json.loads((root / "jobs.json").read_text(encoding="utf-8"))
    assert sorted(seen) == ["x ", "x In YAML", "x V", "x every hour"]
    yaml_job = seen["x In YAML"]
    assert yaml_job["tasks"][1]["notebook_task"]["notebook_path"] == "notebooks/load.py"
    assert yaml_job["run_as"] == {"user_name": "ana.lopez@example.org"}
    assert "deployment" not in yaml_job


def test_a_mutator_may_change_in_place_and_without_the_bundle(bundle):
    assert bundle.resolved["resources"]["pipelines"]["flow"]["photon"] is True


def test_references_in_the_results_of_both_phases_are_resolved(bundle):
    resources = bundle.resolved["resources"]
    assert resources["schemas"]["gold"]["comment"] == "dev"
    assert bundle.jobs["from_variable"]["tasks"][0]["notebook_task"] == {"notebook_path": "/Shared/x"}
    assert resources["volumes"]["files"]["volume_path"] == "/Volumes/shop/xgold/files"
    assert resources["volumes"]["files"]["schema_name"] == "${resources.schemas.gold.name}"


def test_yaml_may_refer_to_a_job_of_python(bundle):
    assert bundle.jobs["in_yaml"]["tasks"][0]["run_job_task"] == {"job_id": "${resources.jobs.hourly.id}"}


def test_paths_in_python_count_from_the_root(bundle, root):
    (task,) = bundle.jobs["hourly"]["tasks"]
    path = task["notebook_task"]["notebook_path"]
    assert path.endswith("/files/notebooks/load")
    assert local_file(bundle, path) == root / "notebooks" / "load.py"
    assert bundle.jobs["wheel.job"]["tasks"][0]["libraries"] == [{"whl": "dist/*.whl"}]
    libraries = bundle.resolved["resources"]["pipelines"]["flow"]["libraries"]
    assert [each["file"]["path"].rpartition("/")[2] for each in libraries] == ["one.py", "two.py"]


def test_each_value_is_located_where_it_was_written_last(bundle, root):
    def place(path: str) -> tuple[str, int]:
        found = bundle.locate(path)
        return found.file.relative_to(root).as_posix(), found.line

    assert place("resources.jobs.hourly.tasks[0].task_key") == ("resources/hourly.py", 3)
    assert place("resources.jobs.wheel.job") == ("more.py", 17)
    assert place("resources.jobs.in_yaml.name") == ("resources/in_yaml.yml", 4)
    assert place("resources.jobs.in_yaml.tags.order") == ("mutators.py", 10)


def test_the_code_gets_no_credentials_no_input_and_the_folder_of_the_bundle(bundle, root):
    seen = json.loads((root / "seen.json").read_text(encoding="utf-8"))
    assert "OWN_VALUE" in seen["names"]
    assert not {"DATABRICKS_TOKEN", "ARM_CLIENT_SECRET", "LAKEWRIGHT_DEBUG", "DATABRICKS_CURRENT_USER"} & {
        *seen["names"]
    }
    assert (seen["cwd"], seen["stdin"]) == (os.path.realpath(root), "")


def test_what_the_code_prints_goes_nowhere(bundle, capfd, root):
    Shop(root).load()
    assert capfd.readouterr() == ("", "")


def test_experimental_python_holds_the_same_section(bundle):
    assert bundle.resolved["experimental"]["python"] == bundle.resolved["python"]


def test_rules_look_at_what_python_defines(bundle, root):
    found = {(each.code, each.location) for each in all_findings(bundle)}
    assert ("LW630", Location(root / "more.py", 17, 1)) in found  # a wheel without compute


def test_the_result_is_that_of_one_process_for_each_phase(bundle, root, tmp_path):
    """`lakewright.bundle.python_code.driver` shares one process; the module of the library is the reference."""
    import subprocess

    given = tmp_path / "input.json"
    given.write_text(
        json.dumps(
            {
                "bundle": {"target": "dev"},
                "python": {"mutators": ["counting:count"]},
                "resources": {"jobs": {"a": {"name": "A"}, "b": {"name": "B"}}},
            }
        )
    )
    (tmp_path / "counting.py").write_text(
        "from dataclasses import replace\nfrom databricks.bundles.core import job_mutator\nn = 0\n\n"
        "@job_mutator\ndef count(job):\n    global n\n    n += 1\n    return replace(job, name=f'{job.name} {n} {__name__}')\n"
    )
    arguments = ["--phase", "apply_mutators", "--input", str(given)]
    ends = [[f"--{name}", str(tmp_path / f"{{}}-{name}")] for name in ("output", "diagnostics", "locations")]

    def of(run: str) -> list[str]:
        return [*arguments, *(word.format(run) for end in ends for word in end)]

    from lakewright.bundle.python_code.hosting import Host

    host = Host(Path(sys.executable), tmp_path, dict(os.environ))
    for run in ("first", "second"):
        answer = host.run(
            of(run), output=tmp_path / "out", errors=tmp_path / "err", stack=tmp_path / "stack", seconds=60
        )
        assert answer.code == 0, (tmp_path / "err").read_text()
    host.close()
    subprocess.run([sys.executable, "-m", "databricks.bundles.build", *of("alone")], cwd=tmp_path, check=True)
    for name in ("output", "diagnostics", "locations"):
        texts = {(tmp_path / f"{run}-{name}").read_text() for run in ("first", "second", "alone")}
        assert len(texts) == 1


def test_the_phases_of_all_targets_share_one_process_that_ends_with_the_load(tmp_path):
    shop = Shop(tmp_path)
    shop.write(
        "databricks.yml",
        "bundle: {name: s}\npython: {resources: ['code:load'], mutators: ['code:change']}\ntargets: {a: {default: true}, b: {}}\n",
    )
    shop.write(
        "code.py",
        "import os\nfrom databricks.bundles.core import Resources, job_mutator\n\n"
        "with open('parents', 'a') as file:\n    print(os.getppid(), file=file)\n\n\n"
        "def load(bundle):\n    resources = Resources()\n    resources.add_job('j', {'name': bundle.target})\n    return resources\n\n\n"
        "@job_mutator\ndef change(job):\n    return job\n",
    )
    bundles = load_all_targets(tmp_path, environ=ENVIRON)
    assert [bundle.jobs["j"]["name"] for bundle in bundles] == ["a", "b"]
    parents = (tmp_path / "parents").read_text(encoding="utf-8").split()
    assert len(parents) == 4
    (parent,) = {*map(int, parents)}
    with pytest.raises(ProcessLookupError):
        os.kill(parent, 0)


def test_the_types_are_asked_in_the_process_that_has_run_the_code(tmp_path, monkeypatch):
    shop = Shop(tmp_path)
    shop.write(
        "databricks.yml", "bundle: {name: s}\npython: {resources: ['code:load']}\ntargets: {a: {}, b: {}}\n"
    )
    shop.write(
        "code.py",
        "from databricks.bundles.core import Resources\n\n"
        "def load(bundle):\n    resources = Resources()\n    resources.add_job('j', {'name': bundle.target})\n    return resources\n",
    )
    started = []
    with shared_hosts():
        bundles = load_all_targets(tmp_path, environ=ENVIRON)
        monkeypatch.setattr(typed_check.subprocess, "run", lambda command, **_: started.append(command))
        broken = [replace(bundle, resolved=_with(bundle.resolved, max_retries="many")) for bundle in bundles]
        asked = typed_check.ask_the_types(broken)
    assert started == []
    assert asked.version
    assert [target for target, refusals in asked.refusals if refusals] == ["a", "b"]


def _with(resolved, **fields):
    task = {"task_key": "t", **fields}
    return {**resolved, "resources": {"jobs": {"j": {"name": "j", "tasks": [task]}}}}
