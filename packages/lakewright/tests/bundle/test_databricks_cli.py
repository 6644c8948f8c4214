"""The verdict of the Databricks CLI beside ours.

The CLI itself is not to be had here. A program in its place prints the forms of its acceptance tests (databricks/cli v1.9.0,
`acceptance/bundle/**/output.txt`): diagnostics on stderr, the bundle as JSON on stdout, exit code 1 after an error.
"""

import json
import os
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from lakewright.bundle.second_opinions import typed_check
from lakewright.bundle.second_opinions.asking import second_opinions
from lakewright.bundle.second_opinions.cli_output import diagnostics_in
from lakewright.bundle.second_opinions.databricks_cli import ask_the_cli, opinion_of_the_cli
from lakewright.commands.validate import command

pytestmark = pytest.mark.unit

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))

BUNDLE = "bundle: {name: shop}\nresources:\n  jobs:\n    j: {name: load}\ntargets: {dev: {default: true}, prod: {}}\n"
PROGRAM = """\
#!{python}
import json, os, sys
arguments = sys.argv[1:]
if arguments == ["--version"]:
    print({version!r})
    sys.exit(0)
with open({log!r}, "a") as log:
    log.write(json.dumps([arguments, os.getcwd(), os.environ["DATABRICKS_BUNDLE_ROOT"]]) + "\\n")
target = arguments[arguments.index("-t") + 1]
{body}
"""
AGREES = 'print("{}")'
ERROR = "Error: the warehouse does not exist\\n  at resources.jobs.j\\n  in databricks.yml:4:8\\n\\nask its owner\\n\\n"
NO_LOGIN = "Error: default auth: cannot configure default credentials, please check the page. Config: token=dapi0123456789abcdef\\n\\n"


def says(stderr, code=0):
    return f"sys.stderr.write('{stderr}')\nprint('{{}}')\nsys.exit({code})"


@pytest.fixture(autouse=True)
def no_typed_check(monkeypatch):
    monkeypatch.setattr(typed_check, "_is_installed", lambda: False)


@pytest.fixture
def cli(project, monkeypatch):
    def put(body, version="Databricks CLI v1.9.0"):
        log = project.root / "asked.jsonl"
        text = PROGRAM.format(python=sys.executable, version=version, log=str(log), body=body)
        program = project.root / "bin" / "databricks"
        program.parent.mkdir(exist_ok=True)
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent))
        return log

    return put


def validate(project, *arguments):
    environment = {"DATABRICKS_CURRENT_USER": "ana.lopez@example.org"}
    return CliRunner().invoke(command, ["--project", str(project.root), *arguments], env=environment)


def opinion(result):
    return next(
        each for each in json.loads(result.stdout)["second_opinions"] if each["from"] == "Databricks CLI"
    )


def test_a_cli_that_agrees_is_named_with_its_version(project, cli):
    project.write(databricks=BUNDLE)
    cli(AGREES)
    result = validate(project)
    assert result.exit_code == 0
    assert "The Databricks CLI 1.9.0 reports nothing that lakewright does not." in result.output


def test_an_error_of_the_cli_that_we_lack_is_shown_with_its_place_and_fails(project, cli):
    project.write(databricks=BUNDLE)
    cli(says(ERROR, 1))
    result = validate(project)
    assert result.exit_code == 2
    for text in (
        "reports 1 error more",
        "the warehouse does not exist",
        "databricks.yml:4:8",
        "ask its owner",
    ):
        assert text in result.output


def test_its_warning_fails_only_when_it_is_strict_and_its_advice_never(project, cli):
    project.write(databricks=BUNDLE)
    cli(says("Warning: there are no files to sync\\n\\n"))
    assert validate(project).exit_code == 0
    assert validate(project, "--strict").exit_code == 2
    cli(says("Recommendation: name the owner\\n\\n"))
    assert validate(project, "--strict").exit_code == 0


def test_what_both_report_is_one_finding_of_ours(project, cli):
    project.write(databricks=BUNDLE.replace("{name: load}", "{nme: load}"))
    cli(says("Warning: unknown field: nme\\n  at resources.jobs.j\\n  in databricks.yml:4:9\\n\\n"))
    result = validate(project, "-o", "findings-json")
    assert [each["code"] for each in json.loads(result.stdout)["findings"]] == ["LW301"]
    assert opinion(result)["differences"] == []


@pytest.mark.parametrize(
    ("bundle", "message"),
    [
        ("variables: {b: {}}\n", "no value assigned to required variable b. Set it"),
        (
            "resources: {jobs: {j: {tasks: [{task_key: t, notebook_task: {notebook_path: n.py}}]}}}\n",
            "notebook n.py not found",
        ),
        (
            "resources: {volumes: {v: {catalog_name: c, schema_name: s, name: v, volume_path: x}}}\n",
            "volume_path is computed and read-only",
        ),
        ("run_as: {}\n", "run_as section must specify exactly one identity. Neither is specified"),
        (
            "variables: {a: {default: {b: c}, type: complex}}\nsync: {include: ['${var.a.b.d}']}\n",
            "expected a map to index",
        ),
    ],
)
def test_a_message_without_a_place_is_known_by_its_words(project, cli, bundle, message):
    project.write(databricks="bundle: {name: s}\ntargets: {dev: {}}\n" + bundle)
    cli(says(f"Error: {message}\\n\\n", 1))
    result = validate(project, "-o", "findings-json")
    assert json.loads(result.stdout)["findings"]
    assert opinion(result)["differences"] == []
    cli(says("Error: something else\\n\\n", 1))
    assert len(opinion(validate(project, "-o", "findings-json"))["differences"]) == 1


def test_a_warning_without_a_place_is_known_by_its_words(project, cli):
    project.write(
        databricks="bundle: {name: s}\ntargets: {dev: {}}\npermissions: [{level: CAN_VIEW, group_name: g}]\n"
        "resources: {jobs: {j: {name: j, permissions: [{level: CAN_MANAGE, group_name: g}]}}}\n"
    )
    cli(says("Warning: \\'jobs\\' already has permissions set for \\'g\\' group\\n\\n"))
    assert opinion(validate(project, "-o", "findings-json"))["differences"] == []


def test_an_error_of_the_cli_that_we_call_a_warning_is_a_difference(project, cli):
    project.write(databricks=BUNDLE.replace("{name: load}", "{nme: load}"))
    cli(says("Error: unknown field: nme\\n  at resources.jobs.j\\n  in databricks.yml:4:9\\n\\n", 1))
    (found,) = opinion(validate(project, "-o", "findings-json"))["differences"]
    assert "LW301" in found["detail"]


def test_each_target_is_asked_with_the_variables_and_its_differences_name_it(project, cli):
    project.write(databricks=BUNDLE + "variables: {a: {default: x}}\n")
    log = cli(f"if target == 'prod':\n    sys.stderr.write('{ERROR}')\n    sys.exit(1)\nprint('{{}}')")
    result = validate(project, "--all", "--var", "a=b", "-o", "findings-json")
    asked = [json.loads(line) for line in log.read_text().splitlines()]
    root = str(project.root.resolve())
    words = ["bundle", "validate", "-o", "json", "-t"]
    assert sorted(asked) == [[[*words, name, "--var", "a=b"], root, root] for name in ("dev", "prod")]
    (found,) = opinion(result)["differences"]
    assert found["targets"] == ["prod"]
    assert found["location"] == {"file": "databricks.yml", "line": 4, "column": 8}


def test_without_sign_in_its_verdict_is_incomplete_and_no_token_is_printed(project, cli):
    project.write(databricks=BUNDLE)
    cli(says(NO_LOGIN, 1))
    result = validate(project)
    assert result.exit_code == 0
    assert "gave no full verdict (dev: it could not use the workspace: default auth" in result.output
    assert "dapi0123" not in result.output
    assert "[redacted]" in result.output


def test_without_sign_in_what_it_says_about_the_bundle_still_counts(project, cli):
    project.write(databricks=BUNDLE)
    cli(says(ERROR + NO_LOGIN, 1))
    result = validate(project)
    assert result.exit_code == 2
    assert "and reports 1 error more" in result.output


@pytest.mark.parametrize(
    ("version", "required", "words"),
    [
        ("Databricks CLI v0.239.1", "", "is version 0.239.1, and its verdict needs >= 0.240.0"),
        (
            "Version 0.18.0",
            "",
            "is version 0.18.0 of the retired Python package `databricks-cli`, which has no bundles",
        ),
        ("Databricks CLI v1.9.0", ">= 1.10.0", "is version 1.9.0, and the bundle needs >= 1.10.0"),
    ],
)
def test_an_old_cli_is_not_asked(project, cli, version, required, words):
    project.write(
        databricks=BUNDLE.replace("name: shop", f'name: shop, databricks_cli_version: "{required}"')
    )
    log = cli(AGREES, version)
    result = validate(project, "--strict")
    assert result.exit_code == 0
    assert words in " ".join(result.output.split())
    assert not log.exists()


def test_a_program_without_a_version_is_not_asked(project, cli):
    project.write(databricks=BUNDLE)
    cli(AGREES, "hello")
    assert "prints no version" in validate(project).output


def test_a_crash_is_named_with_its_last_line(project, cli):
    project.write(databricks=BUNDLE)
    cli(says("panic: out of memory", 2))
    result = validate(project)
    assert result.exit_code == 0
    assert "it ended with exit code 2: panic: out of memory" in result.output


def test_an_answer_in_another_form_is_no_verdict(project, cli):
    project.write(databricks=BUNDLE)
    cli("print('Validation OK!')")
    assert "it printed no bundle as JSON" in validate(project).output


def test_a_cli_that_does_not_end_is_stopped_with_its_children(project, cli):
    cli(
        "import subprocess, time\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\ntime.sleep(60)"
    )
    before = time.monotonic()
    verdicts = ask_the_cli(project.root, ["dev"], [], os.environ, seconds=1)
    assert time.monotonic() - before < 30
    found = opinion_of_the_cli(verdicts, [])
    assert (found.answered, found.summary) == (
        False,
        "gave no full verdict (dev: no answer after 1 s)",
    )


def test_an_interruption_does_not_wait_for_the_cli(project, cli):
    cli("import time\ntime.sleep(60)")
    project.write(databricks=BUNDLE)
    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt), second_opinions([project.load()], [], os.environ):
        raise KeyboardInterrupt
    assert time.monotonic() - before < 30


def test_without_the_cli_one_line_says_so(project, monkeypatch, tmp_path):
    project.write(databricks=BUNDLE)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    result = validate(project, "--strict")
    assert result.exit_code == 0
    assert "The Databricks CLI was not asked: `databricks` is not on PATH." in result.output


def test_it_is_not_asked_about_a_local_overlay_or_without_being_wanted(project, cli):
    project.write(databricks=BUNDLE)
    log = cli(AGREES)
    validate(project, "--local")
    validate(project, "--own-rules-only")
    assert not log.exists()


def test_sarif_has_its_differences_among_the_notifications(project, cli):
    project.write(databricks=BUNDLE)
    cli(says(ERROR, 1))
    log = json.loads(validate(project, "-o", "sarif").stdout)
    jsonschema.validate(log, SCHEMA)
    notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    (note,) = [each for each in notes if each["level"] == "error"]
    assert note["locations"][0]["physicalLocation"]["region"]["startLine"] == 4


def test_the_printed_forms_are_read(tmp_path):
    text = (
        "Uploading something\n"
        '\x1b[33mWarning\x1b[0m: required field "job_id" is not set\n  at resources.jobs.a.tasks[1]\n     resources.jobs.b\n'
        "  in sub folder/a.yml:29:24\n     databricks.yml:1:1\n\nfirst\n\n  second\n\n"
        "Error: no place\n\n"
    )
    first, second = diagnostics_in(text, tmp_path)
    assert (first.severity, first.path, first.detail) == (
        "warning",
        "resources.jobs.a.tasks[1]",
        "first\n\n  second",
    )
    assert (first.location.file, first.location.line) == (tmp_path / "sub folder" / "a.yml", 29)
    assert (second.summary, second.path, second.location, second.detail) == ("no place", None, None, None)
