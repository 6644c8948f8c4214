"""The bundle's fields against the schema of the Databricks CLI."""

import pytest

from lakewright.bundle import all_findings, classify_task
from lakewright.bundle.schema.conversion import CONVERSIONS, format_number, number_in_text
from lakewright.bundle.schema.types import fields_of, types

pytestmark = pytest.mark.unit


def job(project, fields):
    project.write(databricks=f"bundle: {{name: s}}\nresources:\n  jobs:\n    j:\n      {fields}\n")
    return project.load()


def test_an_unknown_field_is_a_warning_at_its_key_with_the_nearest_name(project, of):
    bundle = job(project, "tasks: [{task_key: t, notebook_task: {notebok_path: x}}]")
    (warning,) = of(bundle.diagnostics, "unknown field: notebok_path", "warning")
    assert "`notebook_path`" in warning.fix
    assert warning.path == "resources.jobs.j.tasks[0].notebook_task"
    assert (warning.location.line, warning.location.column) == (5, 45)
    assert "notebok_path" not in bundle.jobs["j"]["tasks"][0]["notebook_task"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("tasks: {}", "a list"),
        ("schedule: daily", "a map"),
        ("max_concurrent_runs: many", "a whole number"),
        ("max_concurrent_runs: 1.5", "a whole number"),
        ("queue: {enabled: maybe}", "true or false"),
        ("name: [a]", "a string"),
    ],
)
def test_a_value_of_the_wrong_kind_is_an_error(project, of, fields, expected):
    (error,) = of(job(project, fields).diagnostics, f"expected {expected}", "error")
    assert error.location.line == 5


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ("name: 12", "name", "12"),
        ("name: 15.40", "name", "15.4"),
        ("name: true", "name", "true"),
        ('max_concurrent_runs: "3"', "max_concurrent_runs", 3),
        ("max_concurrent_runs: 3.0", "max_concurrent_runs", 3),
        ("queue: {enabled: yes}", "queue", {"enabled": True}),
    ],
)
def test_a_value_that_fits_without_loss_is_converted_to_its_type(project, fields, name, value):
    bundle = job(project, fields)
    assert not bundle.has_errors
    assert bundle.jobs["j"][name] == value


def test_an_empty_field_is_a_warning(project, of):
    (warning,) = of(job(project, "description:").diagnostics, "is empty", "warning")
    assert "remove the line" in warning.fix


def test_a_value_outside_of_its_enumeration_is_a_warning_with_the_nearest(project, of):
    bundle = job(project, "tasks: [{task_key: t, run_if: ALL_SUCESS}]")
    (warning,) = of(bundle.diagnostics, 'invalid value "ALL_SUCESS"', "warning")
    assert "`ALL_SUCCESS`" in warning.fix


def test_a_required_field_that_is_missing_is_a_warning(project, of):
    project.write(databricks="bundle: {name: s}\nresources: {schemas: {a: {name: x}}}\n")
    assert of(project.load().diagnostics, '"catalog_name" is not set', "warning")


def resources(project, text):
    project.write(databricks=f"bundle: {{name: s}}\nresources:\n  {text}\n")
    return project.load().diagnostics


@pytest.mark.parametrize("holder", ["schemas", "catalogs", "volumes"])
@pytest.mark.parametrize(
    ("grant", "missing"),
    [
        ("{principal: p, privileges: []}", ["privileges"]),
        ("{principal: p}", ["privileges"]),
        ("{privileges: [USE_SCHEMA]}", ["principal"]),
        ('{principal: "", privileges: null}', ["principal", "privileges"]),
        ("{principal: p, privileges: [USE_SCHEMA]}", []),
    ],
)
def test_a_grant_without_principal_or_privileges_is_an_error(project, of, holder, grant, missing):
    fields = "name: x, catalog_name: c, schema_name: s, volume_type: MANAGED"
    found = of(
        resources(project, f"{holder}: {{a: {{{fields}, grants: [{grant}]}}}}"), "a grant has no", "error"
    )
    assert [each.summary for each in found] == [f"a grant has no {field}" for field in missing]
    assert {(each.code, each.path) for each in found} <= {("LW304", f"resources.{holder}.a.grants[0]")}
    assert all(each.location.line == 3 for each in found)


def test_a_grant_to_a_variable_has_a_principal(project, of):
    grant = "{principal: '${var.p}', privileges: ['${resources.schemas.a.name}']}"
    text = (
        f"schemas: {{a: {{name: x, catalog_name: c, grants: [{grant}]}}}}\nvariables: {{p: {{default: ana}}}}"
    )
    assert not of(resources(project, text), severity="error")


@pytest.mark.parametrize("source", ["", ", file_path: d.lvdash.json"])
@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ("warehouse_id: w", ["display_name"]),
        ("display_name: d", ["warehouse_id"]),
        ('display_name: "", warehouse_id: ""', ["display_name", "warehouse_id"]),
        ("display_name: d, warehouse_id: w", []),
    ],
)
def test_a_dashboard_without_name_or_warehouse_is_an_error(project, of, source, fields, missing):
    (project.root / "d.lvdash.json").write_text("{}", encoding="utf-8")
    found = of(resources(project, f"dashboards: {{d: {{{fields}{source}}}}}"), severity="error")
    assert [each.summary for each in found] == [f"a dashboard has no {field}" for field in missing]


def test_a_dashboard_with_a_file_is_checked_like_any_other_resource(project, of):
    (project.root / "d.lvdash.json").write_text("{}", encoding="utf-8")
    dashboard = "display_name: d, warehouse_id: w, file_path: d.lvdash.json, lifecycle_state: GONE"
    assert of(resources(project, f"dashboards: {{d: {{{dashboard}}}}}"), 'invalid value "GONE"', "warning")


@pytest.mark.parametrize("name", ["", "name: '   '", 'name: ""', "name: null"])
def test_a_sql_warehouse_without_a_name_or_with_a_blank_one_is_an_error(project, of, name):
    (error,) = of(resources(project, f"sql_warehouses: {{w: {{{name}}}}}"), severity="error")
    assert error.summary == "a SQL warehouse has no name"
    assert error.path == "resources.sql_warehouses.w"


@pytest.mark.parametrize(
    ("principal", "errors"), [("", 1), (', group_name: ""', 1), (", group_name: users", 0)]
)
def test_a_permission_on_a_secret_scope_without_a_principal_is_an_error(project, of, principal, errors):
    permission = f"{{level: READ{principal}}}"
    found = of(
        resources(project, f"secret_scopes: {{s: {{name: s, permissions: [{permission}]}}}}"),
        severity="error",
    )
    assert len(found) == errors
    assert all("`user_name`, `group_name`" in each.fix for each in found)


def test_an_unknown_job_cluster_key_is_a_warning_with_the_nearest(project, of):
    bundle = job(
        project,
        "{job_clusters: [{job_cluster_key: main, new_cluster: {}}], tasks: [{task_key: t, job_cluster_key: mein}]}",
    )
    (warning,) = of(bundle.diagnostics, "job_cluster_key mein is not defined")
    assert "`main`" in warning.fix


def test_a_bundle_without_a_name_is_an_error(project, of):
    project.write(databricks="resources: {}\n")
    assert of(project.load().diagnostics, "`bundle.name` is not set", "error")


def test_defaults_of_a_job_are_those_of_the_cli(project):
    resolved = job(project, "{}").jobs["j"]
    state = "/Workspace/Users/ana.lopez@example.org/.bundle/s/default/state/metadata.json"
    assert resolved == {
        "deployment": {"kind": "BUNDLE", "metadata_file_path": state},
        "edit_mode": "UI_LOCKED",
        "format": "MULTI_TASK",
        "max_concurrent_runs": 1,
        "name": "Untitled",
        "queue": {"enabled": True},
    }


def test_empty_texts_of_resources_are_left_out(project):
    assert "description" not in job(project, 'description: ""').jobs["j"]


def test_a_schema_that_the_bundle_makes_is_referred_to(project):
    project.write(
        databricks="""
        bundle: {name: s}
        resources:
          schemas: {raw: {name: raw, catalog_name: main}}
          volumes: {v: {name: v, catalog_name: main, schema_name: raw}}
        """
    )
    assert (
        project.load().resolved["resources"]["volumes"]["v"]["schema_name"] == "${resources.schemas.raw.name}"
    )


@pytest.mark.contract
def test_every_type_that_a_field_names_is_defined():
    scalars = {"str", "bool", "int", "float", "any"}
    for name, definition in types().items():
        for field, kind in definition.get("fields", {}).items():
            assert kind.strip("[]{}") in scalars | set(types()), f"{name}.{field}: {kind}"
        assert set(definition.get("required", ())) <= set(definition.get("fields", {})), name
    assert {"notebook_task", "for_each_task", "depends_on"} <= set(fields_of("Task"))


def test_numbers_are_written_without_exponents():
    assert [format_number(value) for value in (1e16, 0.5, 3.0, 1e-7)] == [
        "10000000000000000",
        "0.5",
        "3",
        "0.0000001",
    ]


# What Go prints for `fmt.Sprint(value)`.
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.5e-07, "1.5e-07"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (100000.0, "100000"),
        (999999.0, "999999"),
        (1000000.0, "1e+06"),
        (-1234567.5, "-1.2345675e+06"),
        (1e100, "1e+100"),
        (0.0, "0"),
        (float("inf"), "+Inf"),
        (float("nan"), "NaN"),
    ],
)
def test_a_number_inside_a_text_is_written_as_go_prints_it(value, text):
    assert number_in_text(value) == text


def test_a_small_number_as_a_default_keeps_its_value(project):
    project.write(
        databricks="""
        bundle: {name: s}
        variables: {rate: {default: 1.5e-07}}
        resources:
          jobs:
            j:
              parameters: [{name: alone, default: "${var.rate}"}, {name: inside, default: "rate ${var.rate}"}]
        """
    )
    values = {each["name"]: each["default"] for each in project.load().jobs["j"]["parameters"]}
    assert values == {"alone": "0.00000015", "inside": "rate 1.5e-07"}


@pytest.mark.parametrize("text", ["1_000", " 5", "5.0", "0x10", ""])
def test_a_text_that_go_does_not_parse_as_a_whole_number_is_refused(project, of, text):
    bundle = job(project, f'max_concurrent_runs: "{text}"')
    assert of(bundle.diagnostics, "expected a whole number", "error")


@pytest.mark.parametrize(
    "text",
    [
        "resources: {jobs: {j: {tasks: '${var.x}'}}}",
        "resources: {jobs: '${var.x}'}",
        "resources: {jobs: {j: {tasks: [null, {task_key: t, notebook_task: '${var.x}'}]}}}",
        "targets: '${var.x}'",
        "targets: {dev: {variables: '${var.x}'}}",
        "variables: {x: '${var.y}'}",
        "artifacts: '${var.x}'",
        "permissions: [null]",
    ],
)
def test_an_open_reference_in_the_place_of_a_map_or_a_list_breaks_nothing(project, text):
    project.write(databricks=f"bundle: {{name: s}}\n{text}\n")
    for target in (None, "missing"):
        bundle = project.load(target=target)
        all_findings(bundle)
        for key, settings in bundle.jobs.items():
            for task in settings.get("tasks") or []:
                classify_task(bundle, key, task)


@pytest.mark.parametrize(
    ("task", "fix"),
    [
        ("depends_on: b", "`depends_on: [{task_key: b}]`"),
        ("depends_on: [b]", "`{task_key: b}`"),
        ("notebook_task: ./n.py", "`notebook_task: {notebook_path: ./n.py}`"),
        ("for_each_task: {inputs: [1, 2]}", "as JSON in quotes"),
    ],
)
def test_common_shorthands_are_refused_with_the_right_spelling(project, of, task, fix):
    project.write(
        databricks=f"bundle: {{name: s}}\nresources: {{jobs: {{j: {{tasks: [{{task_key: a, {task}}}]}}}}}}\n"
    )
    assert fix in of(project.load().diagnostics, "expected", "error")[0].fix


def test_a_plain_value_for_a_variable_is_fixed_by_its_default(project, of):
    project.write(databricks="bundle: {name: s}\nvariables: {a: hello}\n")
    assert of(project.load().diagnostics, "expected", "error")[0].fix == "write `a: {default: hello}`"


def test_a_file_that_is_a_list_is_reported_at_the_top_level(project, of):
    project.file("databricks.yml", "- a\n")
    assert of(project.load().diagnostics, "the top level", "error")


def test_a_list_or_a_map_without_a_value_is_left_out(project):
    fields = "{name: n, tags: , tasks: , email_notifications: , run_as: , health: }"
    project.write(
        databricks="bundle: {name: s}\nrun_as:\npermissions:\nexperimental:\npresets:\n"
        f"resources: {{jobs: {{j: {fields}}}, pipelines: }}\n"
    )
    bundle = project.load()
    assert not {"run_as", "permissions", "experimental"} & set(bundle.resolved)
    assert set(bundle.resolved["resources"]) == {"jobs"}
    assert None not in bundle.jobs["j"].values()
    assert (
        bundle.resolved["presets"] is None
    )  # the Databricks CLI prints it so: it keeps sections without a value


@pytest.mark.parametrize(
    "number", ["99999999999999999999", '"99999999999999999999"', "1e19", "-1e19", '"9223372036854775808"']
)
@pytest.mark.parametrize("field", ["max_concurrent_runs", "timeout_seconds"])
def test_a_number_of_more_than_64_bits_is_an_error(project, of, field, number):
    bundle = job(project, f"{field}: {number}")
    assert of(
        bundle.diagnostics, f"expected a whole number of 64 bits for `resources.jobs.j.{field}`", "error"
    )
    assert bundle.jobs["j"].get(field) in {None, 1}  # left out, so that the default holds


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63)])
def test_the_largest_numbers_of_64_bits_are_accepted(project, number):
    bundle = job(project, f"timeout_seconds: '{number}'")
    assert not bundle.has_errors
    assert bundle.jobs["j"]["timeout_seconds"] == number


@pytest.mark.parametrize(
    ("value", "converted"),
    [
        (2**53 + 1, None),
        (2**53, 2**53),
        ("1e400", None),
        ("1_0", None),
        ("inf", float("inf")),
        ("2.5", 2.5),
        (" 1", None),
    ],
)
def test_a_number_is_taken_for_a_decimal_only_if_it_keeps_its_value(value, converted):
    assert CONVERSIONS["float"](value) == converted


@pytest.mark.parametrize(("kind", "fields"), [("jobs", "name: n"), ("schemas", "name: n, catalog_name: c")])
def test_what_a_deployment_writes_into_a_resource_is_known(project, of, kind, fields):
    project.write(
        databricks=f"bundle: {{name: s}}\nresources: {{{kind}: {{r: {{{fields}, id: 123, url: u}}}}}}\n"
    )
    bundle = project.load()
    assert not of(bundle.diagnostics, "unknown field")
    assert bundle.resolved["resources"][kind]["r"]["id"] == "123"
    assert bundle.resolved["resources"][kind]["r"]["url"] == "u"


@pytest.mark.parametrize("kind", ["apps", "clusters", "sql_warehouses"])
def test_lifecycle_started_is_known_where_something_can_start(project, of, kind):
    project.write(
        databricks=f"bundle: {{name: s}}\nresources: {{{kind}: {{r: {{lifecycle: {{started: true}}}}}}}}\n"
    )
    assert not of(project.load().diagnostics, "unknown field")


def test_a_repeated_task_without_a_key_gets_none(project):
    bundle = job(
        project,
        "tasks: [{task_key: a, for_each_task: {inputs: '[1]', task: {notebook_task: {notebook_path: /x}}}}]",
    )
    assert bundle.jobs["j"]["tasks"][0]["for_each_task"]["task"] == {"notebook_task": {"notebook_path": "/x"}}
    assert [finding.code for finding in all_findings(bundle)] == ["LW626"]


@pytest.mark.parametrize("kind", ["dashboards", "genie_spaces"])
@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ('""', "/Workspace"),
        ("already-set", "/Workspace/already-set"),
        ("/Workspace/x", "/Workspace/x"),
        ("/Workspacex", "/Workspace/Workspacex"),
        ("null", "/Workspace/Users/ana.lopez@example.org/.bundle/s/default/resources"),
    ],
)
def test_the_folder_of_a_dashboard_lies_in_the_workspace(project, kind, written, printed):
    project.write(
        databricks=f"bundle: {{name: s}}\nresources: {{{kind}: {{d: {{parent_path: {written}, title: x}}}}}}\n"
    )
    assert project.load().resolved["resources"][kind]["d"]["parent_path"] == printed


@pytest.mark.parametrize(("anchor", "severity"), [("&shared ", "warning"), ("", "error")])
def test_a_section_that_only_holds_an_anchor_is_a_warning_as_for_the_cli(project, anchor, severity):
    project.write(
        databricks="bundle: {name: s}\ninclude: [jobs.yml]\n",
        jobs=f"permissions: {anchor}{{permissions: [{{level: CAN_VIEW, group_name: users}}]}}\n"
        + ("resources: {jobs: {a: {<<: *shared, name: a}}}\n" if anchor else ""),
    )
    (found,) = [each for each in project.load().diagnostics if each.code == "LW302"]
    assert found.severity == severity
    assert ("move the anchor" in found.fix) == bool(anchor)
