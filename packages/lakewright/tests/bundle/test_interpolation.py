"""References `${…}` in a bundle and the values that replace them."""

import pytest

from lakewright.bundle.model.references import references

pytestmark = pytest.mark.unit


def job(project, value, variables=""):
    project.write(
        databricks=f"bundle: {{name: shop}}\nvariables: {{{variables}}}\nresources: {{jobs: {{j: {{description: '{value}'}}}}}}\n"
    )
    return project.load()


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("${bundle.name}/${bundle.target}", "shop/default"),
        ("${workspace.current_user.short_name}", "ana_lopez"),
        ("${workspace.current_user.userName}", "ana.lopez@example.org"),
        ("${workspace.file_path}", "/Workspace/Users/ana.lopez@example.org/.bundle/shop/default/files"),
        ("${variables.a.value}", "one"),
        ("${var.a}-${var.b}", "one-2"),
        ("${var.pick_${var.which}}", "right"),
        ("{{job.parameters.x}} ${var.a}", "{{job.parameters.x}} one"),
        ("${HOME} ${not a reference}", "${HOME} ${not a reference}"),
        ("${resources.jobs.j.id}", "${resources.jobs.j.id}"),
    ],
)
def test_references_are_replaced_by_what_they_name(project, value, result):
    bundle = job(
        project, value, "a: {default: one}, b: {default: 2}, which: {default: x}, pick_x: {default: right}"
    )
    assert bundle.jobs["j"]["description"] == result
    assert not bundle.has_errors


def test_a_whole_value_keeps_its_type(project):
    project.write(
        databricks="""
        bundle: {name: shop}
        variables:
          number: {default: 3}
          flag: {default: true}
          tags: {type: complex, default: {team: "${var.number}"}}
          text: {default: "7"}
        resources:
          jobs:
            j: {max_concurrent_runs: "${var.text}", tags: "${var.tags}", timeout_seconds: "${var.number}", queue: {enabled: "${var.flag}"}}
        """
    )
    resolved = project.load().jobs["j"]
    assert (resolved["max_concurrent_runs"], resolved["timeout_seconds"], resolved["queue"]) == (
        7,
        3,
        {"enabled": True},
    )
    assert resolved["tags"] == {"team": "3"}


def test_a_field_of_a_complex_variable_can_be_named(project):
    bundle = job(project, "${var.c.list[1].k}", "c: {type: complex, default: {list: [{k: a}, {k: b}]}}")
    assert bundle.jobs["j"]["description"] == "b"


def test_a_map_cannot_become_part_of_a_text(project, of):
    bundle = job(project, "x ${var.c}", "c: {type: complex, default: {k: a}}")
    assert of(bundle.diagnostics, "cannot put the map", "error")


def test_an_unknown_variable_is_an_error_at_its_place_with_the_nearest_name(project, of):
    (error,) = of(
        job(project, "${var.catalg}", "catalog: {default: c}").diagnostics, "${var.catalg}", "error"
    )
    assert "`${var.catalog}`" in error.fix
    assert error.location.line == 3
    assert error.path == "resources.jobs.j.description"


def test_an_unknown_field_of_the_workspace_names_the_nearest(project, of):
    (error,) = of(job(project, "${workspace.rot_path}").diagnostics, "reference does not exist", "error")
    assert "${workspace.root_path}" in error.fix


def test_a_known_field_without_a_value_is_empty(project):
    bundle = job(project, "[${bundle.git.origin_url}]")
    assert bundle.jobs["j"]["description"] == "[]"


def test_a_cycle_of_variables_is_named_in_full_once(project, of):
    bundle = job(
        project, "${var.a}", 'a: {default: "${var.b}"}, b: {default: "${var.c}"}, c: {default: "${var.a}"}'
    )
    (error,) = of(bundle.diagnostics, "cycle of variables", "error")
    assert error.summary.endswith(("a → b → c → a", "b → c → a → b", "c → a → b → c"))


def test_a_variable_that_names_itself_is_a_cycle(project, of):
    assert of(job(project, "x", 'a: {default: "${var.a}"}').diagnostics, "a → a", "error")


def test_a_resource_that_does_not_exist_is_an_error_with_the_nearest(project, of):
    (error,) = of(job(project, "${resources.jobs.jj.id}").diagnostics, "${resources.jobs.jj.id}", "error")
    assert "`${resources.jobs.j.id}`" in error.fix


def test_an_unknown_kind_of_resource_is_an_error(project, of):
    assert of(job(project, "${resources.job.j.id}").diagnostics, "no kind of resource `job`", "error")


@pytest.mark.parametrize(("value", "fix"), [("${env.HOME}", "BUNDLE_VAR_HOME"), ("${vars.a}", "`${var.a}`")])
def test_an_unknown_root_is_a_warning_with_a_fix(project, of, value, fix):
    (warning,) = of(job(project, value).diagnostics, "not a reference of a bundle", "warning")
    assert fix in warning.fix


def test_what_only_a_workspace_knows_of_the_user_stays_open(project, of):
    bundle = job(project, "${workspace.current_user.id}")
    assert not bundle.has_errors
    assert bundle.jobs["j"]["description"] == "${workspace.current_user.id}"


def test_a_volumes_path_is_known_before_any_deployment(project):
    project.write(
        databricks="""
        bundle: {name: shop}
        resources:
          schemas: {s: {name: raw, catalog_name: main}}
          volumes: {v: {name: landing, catalog_name: main, schema_name: "${resources.schemas.s.name}"}}
          jobs: {j: {description: "${resources.volumes.v.volume_path}"}}
        """
    )
    assert project.load().jobs["j"]["description"] == "/Volumes/main/raw/landing"


def test_a_reference_in_a_resources_key_is_refused(project, of):
    project.write(databricks='bundle: {name: s}\nresources: {jobs: {"a_${bundle.name}": {name: x}}}\n')
    assert of(project.load().diagnostics, "key of a resource must not hold a reference", "error")


def test_long_names_are_found_in_linear_time():
    assert references("${" + "a" * 50_000 + "!}") == []


CHAIN = "c: {type: complex, default: {name: h, list: [x]}}, b: {type: complex, default: '${var.c}'}"


@pytest.mark.parametrize(
    ("reference", "summary", "fix"),
    [
        (
            "${var.b.name}",
            'expected a map to index "variables.b.value.name", found string',
            "write `${var.c.name}`",
        ),
        ("${var.b.list[0]}", 'to index "variables.b.value.list", found string', "write `${var.c.list[0]}`"),
    ],
)
def test_a_variable_may_not_name_a_field_of_a_value_that_is_a_reference(project, of, reference, summary, fix):
    bundle = job(project, "x", f"{CHAIN}, a: {{type: complex, default: {{k: '{reference}'}}}}")
    (error,) = of(bundle.diagnostics, severity="error")
    assert summary in error.summary
    assert (error.code, error.path, error.fix) == ("LW221", "variables.a.default.k", fix)


def test_an_element_of_a_value_that_is_a_reference_is_refused_too(project, of):
    variables = "c: {type: complex, default: [x]}, b: {type: complex, default: '${var.c}'}, a: {default: '${var.b[0]}'}"
    (error,) = of(job(project, "${var.a}", variables).diagnostics, "expected a sequence to index", "error")
    assert error.fix == "write `${var.c[0]}`"


def test_the_fix_of_such_a_reference_resolves(project):
    bundle = job(project, "${var.a}", f"{CHAIN}, a: {{default: '${{var.c.name}}-${{var.c.list[0]}}'}}")
    assert not bundle.has_errors
    assert bundle.jobs["j"]["description"] == "h-x"


def test_a_resource_may_name_a_field_of_a_value_that_is_a_reference(project):
    bundle = job(project, "${var.b.name}-${var.b.list[0]}", CHAIN)
    assert not bundle.has_errors
    assert bundle.jobs["j"]["description"] == "h-x"


def test_a_mistake_in_a_default_is_reported_once(project, of):
    bundle = job(project, "x", "a: {type: complex, default: {k: '${var.gone}'}}")
    (error,) = of(bundle.diagnostics, "reference does not exist", "error")
    assert error.path == "variables.a.default.k"
