"""Sections beside the resources, and fields that exclude each other, as the Databricks CLI checks them."""

import pytest

from lakewright.bundle.findings.collect import all_findings

pytestmark = pytest.mark.unit


def found(project, text):
    project.write(databricks=text if "name: s" in text else f"bundle: {{name: s}}\n{text}\n")
    return [(finding.code, finding.severity, finding.path) for finding in all_findings(project.load())]


@pytest.mark.parametrize("engine", ["foo", "Direct", "${var.engine}"])
def test_an_unknown_engine_is_an_error(project, engine):
    text = f"bundle: {{name: s, engine: '{engine}'}}\nvariables: {{engine: {{default: direct}}}}\n"
    assert found(project, text) == [("LW302", "error", "bundle.engine")]


def test_a_known_engine_is_accepted_and_the_old_one_reported(project):
    assert found(project, "bundle: {name: s, engine: direct}\n") == []
    assert found(project, "bundle: {name: s, engine: terraform}\n") == [("LW313", "warning", "bundle.engine")]


def test_a_target_may_set_the_engine(project):
    assert found(project, "targets: {x: {bundle: {engine: foo}}}") == [("LW302", "error", "bundle.engine")]


@pytest.mark.parametrize("version", ["abc", "^0.100", ">= 0.1", "0.1.0 ", ">= 0.1.0,<= 0.2.0", ">= v0.1.0"])
def test_a_malformed_version_of_the_cli_is_an_error(project, version):
    text = f"bundle: {{name: s, databricks_cli_version: '{version}'}}\n"
    assert found(project, text) == [("LW302", "error", "bundle.databricks_cli_version")]


@pytest.mark.parametrize(
    "version", ["0.100.0", ">= 0.1.0", ">=0.1.0, <= 1.0.0", "0.1.*", "0.*", "!= 0.1.0", "0.1.0-beta"]
)
def test_a_version_of_the_cli_is_accepted_in_each_form(project, version):
    assert found(project, f"bundle: {{name: s, databricks_cli_version: '{version}'}}\n") == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("variables: {v: {type: string, default: a}}", "variables.v.type"),
        ("artifacts: {a: {type: wheel, build: x}}", "artifacts.a.type"),
        ("artifacts: {a: {executable: zsh, build: x}}", "artifacts.a.executable"),
    ],
)
def test_an_unknown_type_is_a_warning(project, text, path):
    assert found(project, text) == [("LW306", "warning", path)]


@pytest.mark.parametrize("kind", ["whl", "jar"])
def test_a_known_type_of_an_artifact_is_accepted(project, kind):
    assert found(project, f"artifacts: {{a: {{type: {kind}, executable: bash, build: x}}}}") == []


def test_a_file_of_an_artifact_without_a_source_is_a_warning(project):
    assert found(project, "artifacts: {a: {build: x, files: [{}]}}") == [
        ("LW304", "warning", "artifacts.a.files[0]")
    ]


def test_an_artifact_without_properties_is_an_error(project):
    assert found(project, "artifacts: {a: }") == [("LW127", "error", "artifacts.a")]


@pytest.mark.parametrize("artifact", ["{type: jar}", "{path: .}", "{path: ., files: []}"])
def test_an_artifact_with_neither_a_build_nor_files_is_an_error(project, artifact):
    assert found(project, f"artifacts: {{a: {artifact}}}") == [("LW409", "error", "artifacts.a")]


def test_a_wheel_with_an_empty_list_of_files_gets_those_of_its_build(project):
    assert found(project, "artifacts: {a: {type: whl, files: []}}") == []


@pytest.mark.parametrize("source", ["dist/*.whl", "dist/a.whl"])
def test_a_file_of_an_artifact_that_does_not_exist_is_an_error_without_a_build(project, source):
    text = f"artifacts: {{a: {{files: [{{source: {source}}}]}}}}"
    assert found(project, text) == [("LW409", "error", "artifacts")]
    project.file("dist/a.whl", "")
    assert found(project, text) == []
    assert found(project, "artifacts: {a: {build: x, files: [{source: other/*.whl}]}}") == []


def resource(kind, fields):
    return f"resources: {{{kind}: {{r: {fields}}}}}"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (
            resource("alerts", "{file_path: a.json, query_text: select 1, warehouse_id: a}"),
            "resources.alerts.r.query_text",
        ),
        (
            resource("genie_spaces", "{file_path: a.json, serialized_space: x}"),
            "resources.genie_spaces.r.serialized_space",
        ),
        (
            resource(
                "model_serving_endpoints",
                "{name: m, config: {served_models: [{model_name: x, model_version: 1, scale_to_zero_enabled: true}], "
                "served_entities: [{entity_name: x}]}}",
            ),
            "resources.model_serving_endpoints.r.config.served_models",
        ),
        ("python: {venv_path: a}\nexperimental: {python: {venv_path: b}}", "experimental.python"),
    ],
)
def test_fields_that_exclude_each_other_are_an_error(project, text, path):
    assert ("LW133", "error", path) in found(project, text)


@pytest.mark.parametrize(
    "text",
    [
        resource(
            "alerts",
            "{file_path: a.json, display_name: a, warehouse_id: a, lifecycle: {prevent_destroy: true}}",
        ),
        resource("alerts", "{file_path: a.json, query_text: }"),
        resource("alerts", "{query_text: select 1}") + "\nrun_as: {user_name: u}",
        resource("genie_spaces", "{serialized_space: x}"),
        resource(
            "model_serving_endpoints",
            "{name: m, config: {served_models: [], served_entities: [{entity_name: x}]}}",
        ),
        "python: {venv_path: a}\nexperimental: {python: {venv_path: a}}",
        "python: {venv_path: a}\nexperimental: {python: {}}",
    ],
)
def test_one_of_them_alone_is_fine(project, text):
    assert "LW133" not in [code for code, _, _ in found(project, text)]


SERVED = "served_models: [{model_name: x, model_version: 1, scale_to_zero_enabled: true}]"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("experimental: {pydabs: {enabled: true}}", ("LW314", "error", "experimental.pydabs")),
        (
            resource("model_serving_endpoints", f"{{name: m, config: {{{SERVED}}}}}"),
            ("LW313", "warning", "resources.model_serving_endpoints.r.config.served_models"),
        ),
    ],
)
def test_an_old_setting_is_reported(project, text, finding):
    assert finding in found(project, text)


@pytest.mark.parametrize(
    "text",
    [
        "experimental: {pydabs: {enabled: false}}",
        resource(
            "model_serving_endpoints",
            f"{{name: m, config: {{{SERVED}, served_entities: [{{entity_name: x}}]}}}}",
        ),
    ],
)
def test_an_old_setting_that_is_switched_off_or_refused_anyway_is_not(project, text):
    assert not {"LW313", "LW314"} & {code for code, _, _ in found(project, text)}
