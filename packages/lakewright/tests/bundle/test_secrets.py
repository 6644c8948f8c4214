"""Secrets in a bundle: their values come from variables, and no output shows one that stands in a file."""

import pytest
from click.testing import CliRunner

from lakewright.bundle import raise_on_errors
from lakewright.bundle.model.bundle import BundleError
from lakewright.commands.validate import command

pytestmark = pytest.mark.unit

PASSWORD = "battery-staple"
BUNDLE = """\
bundle: {{name: s}}
variables: {variables}
resources:
  secrets:
    k: {{catalog_name: main, schema_name: x, name: k, {fields}}}
"""


def write(project, fields, variables="{}"):
    project.file("databricks.yml", BUNDLE.format(fields=fields, variables=variables))
    return project


@pytest.mark.parametrize(
    "value",
    [
        PASSWORD,
        "12",
        "true",
        '""',
        f'"{PASSWORD}${{var.v}}"',
        '"${var.v} "',
        '"$${var.v}"',
    ],
)
def test_a_value_that_is_no_reference_is_an_error(project, of, value):
    bundle = write(project, f"value: {value}", "{v: {}}").load(variables={"v": "x"})
    (error,) = of(bundle.diagnostics, severity="error")
    assert (error.code, error.path, error.location.line) == ("LW312", "resources.secrets.k.value", 5)


@pytest.mark.parametrize("value", ["${var.v}", "${bundle.name}", "${resources.secrets.k.name}"])
def test_a_reference_is_a_value(project, of, value):
    bundle = write(project, f'value: "{value}"', "{v: {}}").load(variables={"v": "x"})
    assert not of(bundle.diagnostics)


def test_a_variable_with_a_default_is_an_error_at_the_default_even_if_another_value_is_given(project, of):
    bundle = write(project, 'value: "${var.v}"', f"{{v: {{default: {PASSWORD}}}}}").load(variables={"v": "x"})
    (error,) = of(bundle.diagnostics)
    assert (error.code, error.location.line) == ("LW312", 2)
    assert [place.line for place in error.related] == [5]


def test_a_default_that_a_target_gives_is_an_error_for_this_target(project, of):
    write(project, 'value: "${var.v}"', "{v: {}}")
    file = project.root / "databricks.yml"
    targets = f"targets:\n  dev: {{default: true, variables: {{v: {PASSWORD}}}}}\n  prod: {{}}\n"
    file.write_text(file.read_text(encoding="utf-8") + targets, encoding="utf-8")
    (error,) = of(project.load(target="dev").diagnostics)
    assert error.location.line == 7
    assert not of(project.load(target="prod", variables={"v": "x"}).diagnostics)


@pytest.mark.parametrize("fields", ["comment: x", "value: null"])
def test_a_secret_without_a_value_is_an_error(project, of, fields):
    (error,) = of(write(project, fields).load().diagnostics, severity="error")
    assert error.summary == "a secret has no value"


def test_a_value_of_the_wrong_type_is_an_error(project, of):
    found = of(write(project, f"value: [{PASSWORD}]").load().diagnostics, severity="error")
    assert [each.code for each in found] == ["LW302", "LW304"]


# Each bundle has another finding on the line of the secret, whose excerpt would show it.
@pytest.mark.parametrize(
    ("fields", "variables"),
    [
        (f"value: {PASSWORD}, unknown: 1", "{}"),
        (f"value: {PASSWORD}  # lakewright: ignore LW602\n    ", "{}"),
        ("value: '${var.v}'", f"{{v: {{default: {PASSWORD}, unknown: 1}}}}"),
        (f"value: [{PASSWORD}]", "{}"),
        (f"value: {{a: {PASSWORD}}}", "{}"),
    ],
)
@pytest.mark.parametrize("output", ["text", "json", "findings-json", "sarif"])
def test_no_output_shows_a_secret(project, fields, variables, output):
    write(project, fields, variables)
    result = CliRunner().invoke(command, ["--project", str(project.root), "-o", output])
    assert result.exit_code == 2
    assert PASSWORD not in result.output
    with pytest.raises(BundleError) as raised:
        raise_on_errors(project.load())
    assert PASSWORD not in str(raised.value)


def test_the_printed_bundle_has_no_value_of_a_secret_and_of_no_variable(project, monkeypatch):
    write(project, 'value: "${var.v}"', "{v: {}, other: {default: shown-before}}")
    monkeypatch.setenv("BUNDLE_VAR_v", PASSWORD)
    monkeypatch.chdir(project.root)
    printed = CliRunner().invoke(command, ["-o", "json"])
    assert PASSWORD not in printed.output
    assert printed.stdout.count("[redacted]") >= 3  # the secret, and both variables


def test_variables_of_a_bundle_without_secrets_are_printed(project, monkeypatch):
    project.file("databricks.yml", "bundle: {name: s}\nvariables: {v: {default: shown}}\n")
    monkeypatch.chdir(project.root)
    assert "shown" in CliRunner().invoke(command, ["-o", "json"]).stdout
