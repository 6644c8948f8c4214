"""What has the form of a secret is found anywhere in a bundle, and no output of a finding shows it."""

import pytest
from click.testing import CliRunner

from lakewright.bundle import all_findings
from lakewright.commands.validate import command
from lakewright.shown_text.secret_forms import hidden, secret_in

pytestmark = pytest.mark.unit

# Put together, so that no scanner takes this file for a leak.
HEX = "0123456789abcdef" * 2
TOKENS = {
    "a token of Databricks": "dapi" + HEX,
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    "an access key of AWS": "AKIA" + "ABCDEFGH23456765",
    "a key of an Azure storage account": "DefaultEndpointsProtocol=https;AccountKey=" + "a1B/" * 21 + "ab==",
    "a secret of an Entra application": "abc8" + "Q~" + "x" * 34,
}
TOKEN = TOKENS["a token of Databricks"]


def found_in(project, text):
    project.file("databricks.yml", text)
    return [found for found in all_findings(project.load()) if found.code == "LW323"]


@pytest.mark.parametrize(("what", "text"), TOKENS.items())
def test_each_form_is_known_and_hidden(what, text):
    assert secret_in(f"x={text}") == what
    assert text.rpartition("=Acc")[2][-20:] not in hidden(f"x={text} y")


@pytest.mark.parametrize("start", ["dose", "dkea"])
def test_secrets_of_service_principals_are_known(start):
    assert secret_in(start + HEX)
    assert hidden(f"({start}{HEX}-2)") == "([redacted])"


@pytest.mark.parametrize(
    "text",
    [
        "{{secrets/shop/token}}",
        "${var.token}",
        "dapi" + "X" * 32,
        "dapi<token>",
        "xdapi" + HEX,
        HEX,
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN PUBLIC KEY-----",
        "AccountKey=${var.key}",
    ],
)
def test_references_and_placeholders_are_no_secrets(text):
    assert secret_in(text) == ""


@pytest.mark.parametrize(
    ("text", "path", "fix"),
    [
        ("workspace: {token: TOKEN}", "workspace.token", "databricks auth login"),
        ("variables: {v: {default: TOKEN}}", "variables.v.default", "{{secrets/<scope>/<key>}}"),
        (
            "targets: {a: {}, b: {variables: {v: TOKEN}}}\nvariables: {v: {default: x}}",
            "targets.b.variables.v",
            "revoke it",
        ),
        (
            "resources: {jobs: {j: {tasks: [{task_key: t, notebook_task: {notebook_path: /Shared/n, base_parameters: {t: TOKEN}}}]}}}",
            "resources.jobs.j.tasks[0].notebook_task.base_parameters.t",
            "dbutils.secrets.get",
        ),
    ],
)
def test_a_token_is_found_wherever_it_stands(project, text, path, fix):
    (found,) = found_in(project, f"bundle: {{name: s}}\n{text.replace('TOKEN', TOKEN)}\n")
    assert (found.severity, found.path, found.location.line) == ("error", path, 2)
    assert fix in found.fix


def test_a_secret_of_the_bundle_is_reported_once(project):
    secret = f"{{catalog_name: m, schema_name: x, name: k, value: {TOKEN}}}"
    assert found_in(project, f"bundle: {{name: s}}\nresources: {{secrets: {{k: {secret}}}}}\n") == []


def test_a_value_that_is_given_from_outside_is_no_secret_of_the_files(project):
    job = "{parameters: [{name: t, default: '${var.v}'}]}"
    project.file(
        "databricks.yml", f"bundle: {{name: s}}\nvariables: {{v: {{}}}}\nresources: {{jobs: {{j: {job}}}}}\n"
    )
    found = all_findings(project.load(variables={"v": TOKEN}))
    assert "LW323" not in [each.code for each in found]


def test_a_comment_may_silence_it(project):
    text = (
        f"bundle: {{name: s}}\nvariables: {{v: {{default: {TOKEN}}}}} # lakewright: ignore LW323 (revoked)\n"
    )
    assert found_in(project, text) == []


@pytest.mark.parametrize("output", ["text", "findings-json", "sarif"])
def test_no_finding_shows_a_token(project, output):
    """The field is unknown, and an unknown reference has it in its text: both findings would show it."""
    project.file(
        "databricks.yml",
        f"bundle: {{name: s}}\nworkspace: {{token: {TOKEN}}}\n"
        f"resources: {{jobs: {{j: {{name: '${{var.none}}', max_concurrent_runs: {TOKEN}}}}}}}\n",
    )
    result = CliRunner().invoke(command, ["--project", str(project.root), "-o", output, "--own-rules-only"])
    assert result.exit_code == 2
    assert HEX not in result.output
    assert "LW323" in result.output
