"""Findings as JSON and as SARIF.

The SARIF schema beside this module is `lib/schemas/sarif-2.1.0-rtm.5.json` of the npm package
`@microsoft/jest-sarif` 1.0.0-beta.0 (MIT).
"""

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from lakewright.bundle.findings.printed.text import render
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.registry import all_rules
from lakewright.commands.validate import command

pytestmark = pytest.mark.unit

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
DASH = "- {task_key: load-all, condition_task: {op: LESS_THAN, left: 1, right: 2}}"
JOB = f"resources:\n  jobs:\n    j:\n      tasks:\n        {DASH}\n"


def run(project, *arguments):
    environment = {"DATABRICKS_CURRENT_USER": "ana.lopez@example.org"}
    return CliRunner().invoke(
        command, ["--own-rules-only", "--project", str(project.root), *arguments], env=environment
    )


def sarif_of(project):
    log = json.loads(run(project, "-o", "sarif").stdout)
    jsonschema.validate(log, SCHEMA)
    return log["runs"][0]


def test_json_findings_have_every_field(project):
    project.write(databricks="bundle: {name: shop}\n" + JOB)
    result = run(project, "-o", "findings-json")
    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert (content["schema_version"], content["bundle"], content["target"]) == (1, "shop", "default")
    assert content["findings"] == [
        {
            "code": "LW602",
            "name": "dash-in-task-key",
            "severity": "warning",
            "summary": "the task key `load-all` holds a dash",
            "detail": "`{{tasks.load-all.values.…}}` cannot name it without backticks",
            "location": {"file": "databricks.yml", "line": 6, "column": 22},
            "path": "resources.jobs.j.tasks[0].task_key",
            "fix": "call it `load_all`",
            "fixable": "no",
            "docs": "lakewright explain LW602",
            "related": [],
            "targets": ["default"],
        }
    ]


@pytest.mark.parametrize("output", ["findings-json", "sarif"])
def test_errors_give_exit_code_2_in_every_format(project, output):
    project.write(databricks="bundle: {name: shop}\nresources: {jobs: {j: {name: '${var.x}'}}}\n")
    result = run(project, "-o", output)
    assert result.exit_code == 2
    json.loads(result.stdout)


def test_a_bundle_without_findings_is_a_valid_sarif_log_with_every_rule(project):
    project.write(databricks="bundle: {name: shop}\n")
    content = sarif_of(project)
    assert content["results"] == []
    assert [rule["id"] for rule in content["tool"]["driver"]["rules"]] == [rule.code for rule in all_rules()]
    for rule in content["tool"]["driver"]["rules"]:
        assert "Why is this bad?" in rule["help"]["markdown"]


def test_a_sarif_result_names_rule_level_place_and_fix(project):
    project.write(databricks="bundle: {name: shop}\n" + JOB)
    content = sarif_of(project)
    (result,) = content["results"]
    assert (result["ruleId"], result["level"]) == ("LW602", "warning")
    assert content["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "LW602"
    assert "fix: call it `load_all`" in result["message"]["text"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "databricks.yml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 6, "startColumn": 22}


def test_sarif_addresses_count_from_the_root_of_the_repository(project):
    subprocess.run(["git", "init", "--quiet", str(project.root)], check=True)
    project.file("my shop/databricks.yml", "bundle: {name: shop}\n" + JOB)
    project.root = project.root / "my shop"
    (result,) = sarif_of(project)["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "my%20shop/databricks.yml"


def test_a_recommendation_is_a_note_and_a_finding_without_a_place_stands_at_the_root_file(project):
    project.write(databricks="bundle: {name: shop}\ninclude: ['*.yaml']\n")
    note, error = (
        sarif_of(project)["results"]
        + json.loads(run(project, "-o", "sarif", "--var", "x=1").stdout)["runs"][0]["results"][-1:]
    )
    assert note["level"] == "note"
    place = error["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("databricks.yml", 1)


def test_fingerprints_stay_when_lines_move_and_differ_between_equal_findings(project):
    def fingerprints():
        return [result["partialFingerprints"]["lakewright/v1"] for result in sarif_of(project)["results"]]

    project.write(databricks="bundle: {name: shop}\noops: 1\n" + JOB)
    before = fingerprints()
    assert len(set(before)) == 2
    project.write(databricks="# moved\n\nbundle: {name: shop}\noops: 1\n" + JOB)
    assert fingerprints() == before


def test_related_places_are_part_of_a_result(project):
    project.write(databricks="bundle: {name: shop}\nbundle: {name: shop}\n")
    (result,) = sarif_of(project)["results"]
    assert result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 1


def test_a_silenced_finding_is_in_neither_format(project):
    project.write(
        databricks="bundle: {name: shop}\n" + JOB.rstrip() + "  # lakewright: ignore LW602 (kept)\n"
    )
    assert sarif_of(project)["results"] == []
    assert json.loads(run(project, "-o", "findings-json").stdout)["findings"] == []


@pytest.mark.parametrize(("name", "line"), [("module.py", 2), ("databricks.yml", 3)])
def test_the_line_of_a_finding_is_counted_as_the_files_language_does(tmp_path, name, line):
    file = tmp_path / name
    file.write_text("first: 'a\u2028b'\nsecond: 2\n", encoding="utf-8")
    shown = render(Diagnostic("LW201", "error", "wrong", location=Location(file, line, 1), fix="correct it"))
    assert f"   {line}| second: 2" in shown
