"""Scripts of a bundle: nothing is replaced in their content, and what a shell cannot get is an error."""

import pytest

pytestmark = pytest.mark.unit


def load(project, scripts):
    project.write(
        databricks=f"bundle: {{name: s}}\nvariables: {{x: {{default: 1}}}}\nscripts:\n  {scripts}\n"
    )
    return project.load()


@pytest.mark.parametrize(
    "reference",
    ["${var.x}", "${var.undeclared}", "${FOO}", "${bundle.name}", "/Workspace/${workspace.file_path}"],
)
def test_a_reference_in_content_is_one_error_and_the_content_stays(project, reference):
    bundle = load(project, f'a: {{content: "echo {reference}"}}')
    (error,) = bundle.diagnostics
    assert (error.code, error.severity, error.path) == ("LW235", "error", "scripts.a.content")
    assert error.location.line == 4
    assert bundle.resolved["scripts"]["a"]["content"] == f"echo {reference}"


@pytest.mark.parametrize("content", ["echo $FOO", "echo ${FOO:-1}", "echo $(date) ${#}"])
def test_text_of_the_shell_is_no_reference(project, content):
    assert not load(project, f'a: {{content: "{content}"}}').diagnostics


@pytest.mark.parametrize("script", ["a: {content: ''}", "a: {env: {A: x}}", "a: {}", "a:"])
def test_a_script_without_content_is_an_error(project, of, script):
    (error,) = of(load(project, script).diagnostics, severity="error")
    assert (error.code, error.summary, error.path) == ("LW304", "a script has no content", "scripts.a")


def test_references_that_a_script_can_use_are_resolved_in_its_environment(project):
    env = "{A: '${var.x}', B: '${variables.x.value}', C: '${bundle.name}', D: 'x-${workspace.host}'}"
    bundle = load(project, f"a: {{content: echo, env: {env}}}")
    assert not bundle.diagnostics
    assert bundle.resolved["scripts"]["a"]["env"]["C"] == "s"


@pytest.mark.parametrize("reference", ["${resources.jobs.j.id}", "${something.else}", "${FOO}"])
def test_other_references_in_its_environment_are_errors(project, of, reference):
    bundle = load(
        project,
        f"a: {{content: echo, env: {{A: '${{var.x}}{reference}'}}}}\nresources: {{jobs: {{j: {{name: j}}}}}}",
    )
    (error,) = of(bundle.diagnostics, severity="error")
    assert (error.code, error.path) == ("LW235", "scripts.a.env.A")
    assert reference in error.summary


@pytest.mark.parametrize("content", ["true", "12"])
def test_a_command_that_yaml_does_not_read_as_text_is_content(project, content):
    assert not load(project, f"a: {{content: {content}}}").diagnostics
