"""`lakewright validate --all`: every target in one run, findings once, with the targets that they hold for."""

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from lakewright.bundle import findings_of_targets, load_all_targets, load_bundle
from lakewright.bundle.reading import sources
from lakewright.commands.validate import command

pytestmark = pytest.mark.unit

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
TARGETS = "targets: {dev: {default: true}, staging: {}, prod: {}}\n"
IN_ALL = "bundle: {name: shop}\noops: 1\n" + TARGETS
IN_TWO = """\
bundle: {name: shop}
variables: {op: {default: GREATER_THAN}}
resources:
  jobs:
    j: {tasks: [{task_key: a, condition_task: {op: "${var.op}", left: "1", right: "2"}}]}
targets:
  dev: {default: true}
  staging: {variables: {op: LESS}}
  prod: {variables: {op: LESS}}
"""


def run(project, *arguments):
    environment = {"DATABRICKS_CURRENT_USER": "ana.lopez@example.org"}
    words = ["--own-rules-only", "--project", str(project.root), *arguments]
    return CliRunner().invoke(command, words, env=environment)


def findings(project, **arguments):
    return json.loads(run(project, "--all", "-o", "findings-json").stdout, **arguments)["findings"]


def test_a_finding_of_every_target_is_printed_once_with_all_targets(project):
    project.write(databricks=IN_ALL)
    result = run(project, "--all")
    assert result.exit_code == 0
    assert result.output.count("[LW301]") == 1
    assert "targets: dev, staging, prod" in result.output


def test_a_finding_of_some_targets_names_those(project):
    project.write(databricks=IN_TWO)
    (found,) = findings(project)
    assert (found["code"], found["targets"]) == ("LW623", ["staging", "prod"])


def test_an_error_in_any_target_gives_exit_code_2(project):
    project.write(databricks=IN_TWO)
    assert run(project).exit_code == 0
    assert run(project, "--all").exit_code == 2


def test_warnings_of_any_target_fail_only_when_it_is_strict(project):
    project.write(databricks="bundle: {name: s}\ntargets: {dev: {default: true}, prod: {oops: 1}}\n")
    assert run(project, "--all").exit_code == 0
    assert run(project, "--all", "--strict").exit_code == 2


def test_the_branch_that_is_checked_out_fails_a_strict_check_of_its_target_and_not_of_all(project):
    project.write(databricks="bundle: {name: shop}\ntargets: {prod: {git: {branch: main}}}\n")
    subprocess.run(["git", "init", "-q", "-b", "feature", str(project.root)], check=True)
    assert run(project, "-t", "prod", "--strict").exit_code == 2
    done = run(project, "--all", "--strict")
    assert (done.exit_code, "LW506" in done.output) == (0, True)


def test_without_findings_the_summary_names_every_target(project):
    project.write(databricks="bundle: {name: shop}\n" + TARGETS)
    output = run(project, "--all").output
    for text in ("dev: 0 resources", "staging: 0 resources", "prod: 0 resources", "no findings"):
        assert text in output


def test_json_holds_the_resolved_bundle_of_each_target(project):
    project.write(databricks="bundle: {name: shop}\n" + TARGETS)
    content = json.loads(run(project, "--all", "-o", "json").stdout)
    assert [content["targets"][name]["bundle"]["target"] for name in ("dev", "staging", "prod")] == [
        "dev",
        "staging",
        "prod",
    ]


def test_json_has_the_same_shape_for_a_bundle_with_one_target(project):
    project.write(databricks="bundle: {name: shop}\n")
    assert list(json.loads(run(project, "--all", "-o", "json").stdout)["targets"]) == ["default"]


def test_findings_of_one_target_name_it_too(project):
    project.write(databricks=IN_ALL)
    content = json.loads(run(project, "-t", "prod", "-o", "findings-json").stdout)
    assert (content["target"], content["targets"]) == ("prod", ["prod"])
    assert content["findings"][0]["targets"] == ["prod"]


def test_sarif_of_all_targets_is_valid_and_names_the_targets(project):
    project.write(databricks=IN_TWO)
    log = json.loads(run(project, "--all", "-o", "sarif").stdout)
    jsonschema.validate(log, SCHEMA)
    (result,) = log["runs"][0]["results"]
    assert result["properties"]["targets"] == ["staging", "prod"]
    assert "targets: staging, prod" in result["message"]["text"]
    assert log["runs"][0]["properties"]["targets"] == ["dev", "staging", "prod"]


def test_all_and_a_target_exclude_each_other(project):
    project.write(databricks=IN_ALL)
    result = run(project, "--all", "-t", "dev")
    assert result.exit_code == 2
    assert "leave out" in result.output


def test_the_files_are_read_once_and_each_target_is_as_if_loaded_alone(project, monkeypatch):
    project.notebook("n.py")
    project.write(
        databricks=IN_TWO + "include: [resources/*.yml]\n",
        resources__b="resources: {jobs: {b: {name: 'b-${bundle.target}', "
        "tasks: [{task_key: t, notebook_task: {notebook_path: ../n.py}}]}}}\n",
    )
    read = []
    original = sources.load_source
    monkeypatch.setattr(sources, "load_source", lambda file: read.append(file.name) or original(file))
    together = load_all_targets(project.root)
    assert read == ["databricks.yml", "b.yml"]
    alone = [load_bundle(project.root, target=target) for target in ("dev", "staging", "prod")]
    assert list(together) == alone


def test_a_file_that_cannot_be_read_is_reported_once(project):
    project.write(databricks="bundle: {name: [}\n")
    result = run(project, "--all")
    assert result.exit_code == 2
    assert result.output.count("[LW102]") == 1


def test_two_default_targets_are_found_without_choosing_one(project):
    project.write(databricks="bundle: {name: s}\ntargets: {a: {default: true}, b: {default: true}}\n")
    (found,) = findings(project)
    assert (found["code"], found["targets"]) == ("LW502", ["a", "b"])


def test_no_default_target_is_no_finding_because_none_is_needed(project):
    project.write(databricks="bundle: {name: s}\ntargets: {a: {}, b: {}}\n")
    assert findings(project) == []


def test_a_comment_that_silences_something_in_another_target_only_is_no_finding(project):
    project.write(
        databricks=IN_TWO.replace('"2"}}]}\n', '"2"}}]}  # lakewright: ignore LW624 (whole numbers)\n')
    )
    project.write(
        databricks=(project.root / "databricks.yml").read_text().replace("op: LESS}", "op: EQUAL_TO}")
    )
    assert [found.code for found in findings_of_targets(load_all_targets(project.root))] == []
    project.write(databricks=(project.root / "databricks.yml").read_text().replace("EQUAL_TO", "LESS_THAN"))
    (found,) = findings_of_targets(load_all_targets(project.root))
    assert (found.code, found.targets) == ("LW002", ("dev", "staging", "prod"))
