"""Where the value of a variable comes from."""

import pytest

from lakewright.bundle import LocalOverlay

pytestmark = pytest.mark.unit

BUNDLE = """
bundle: {name: shop}
variables:
  size: {default: from default}
targets:
  dev: {default: true, variables: {size: from target}}
  prod: {}
resources:
  jobs:
    j: {name: "${var.size}"}
"""
ME = {"DATABRICKS_CURRENT_USER": "ana@example.org"}


def size(project, **arguments):
    environ = {**ME, **arguments.pop("environ", {})}
    return project.load(environ=environ, **arguments).jobs["j"]["name"]


def test_each_source_of_a_value_wins_over_the_ones_below_it(project):
    project.write(databricks=BUNDLE)
    assert size(project, target="prod") == "from default"
    assert size(project) == "from target"
    project.file(".databricks/bundle/dev/variable-overrides.json", '{"size": "from file"}')
    assert size(project) == "from file"
    environ = {"BUNDLE_VAR_size": "from environment"}
    assert size(project, environ=environ) == "from environment"
    overlay = LocalOverlay({"size": "from overlay"})
    assert size(project, environ=environ, local=overlay) == "from overlay"
    assert size(project, environ=environ, local=overlay, variables={"size": "from flag"}) == "from flag"


def test_a_required_variable_without_a_value_is_an_error_that_names_every_way_to_set_it(project, of):
    project.write(databricks="bundle: {name: s}\nvariables:\n  catalog: {description: the catalog}\n")
    (error,) = of(project.load().diagnostics, "no value assigned to required variable catalog", "error")
    ways = ("--var", "BUNDLE_VAR_catalog", "variable-overrides.json", "config/local.yaml", "default")
    assert all(way in error.detail for way in ways)
    assert error.location.line == 3


def test_a_value_for_an_undeclared_variable_is_an_error_with_the_nearest_name(project, of):
    project.write(databricks=BUNDLE)
    (error,) = of(project.load(variables={"sise": "1"}).diagnostics, "sise", "error")
    assert "`size`" in error.fix


def test_a_target_that_sets_an_undeclared_variable_is_an_error_at_its_line(project, of):
    project.write(
        databricks="bundle: {name: s}\nvariables: {size: {default: 1}}\ntargets:\n  dev:\n    variables:\n      siz: 2\n"
    )
    (error,) = of(project.load().diagnostics, "variable siz is not defined", "error")
    assert error.location.line == 6
    assert "`size`" in error.fix


def test_an_overlay_for_an_undeclared_variable_is_only_a_warning(project, of):
    project.write(databricks=BUNDLE)
    assert of(project.load(local=LocalOverlay({"other": 1})).diagnostics, "other", "warning")


COMPLEX = """
bundle: {name: shop}
variables:
  cluster: {type: complex, default: {num_workers: 2, spark_version: "15.4"}}
"""


@pytest.mark.parametrize(
    "arguments", [{"variables": {"cluster": "x"}}, {"environ": {**ME, "BUNDLE_VAR_cluster": "x"}}]
)
def test_a_complex_variable_cannot_be_set_by_a_text(project, of, arguments):
    project.write(databricks=COMPLEX)
    (error,) = of(project.load(**arguments).diagnostics, "complex variable cluster", "error")
    assert "variable-overrides.json" in error.fix


def test_a_complex_variable_is_replaced_as_a_whole_and_not_merged(project):
    project.write(databricks=COMPLEX + "targets: {dev: {variables: {cluster: {num_workers: 4}}}}\n")
    assert project.load().resolved["variables"]["cluster"]["value"] == {"num_workers": 4}


@pytest.mark.parametrize(
    ("content", "summary"), [("[1]", "JSON object"), ('{"size": [1]}', "not of type complex"), ("{", "YAML")]
)
def test_an_override_file_that_does_not_fit_is_an_error(project, of, content, summary):
    project.write(databricks=BUNDLE)
    project.file(".databricks/bundle/dev/variable-overrides.json", content)
    assert of(project.load().diagnostics, summary, "error")


LOOKUP = """
bundle: {name: shop}
variables:
  warehouse: {lookup: {warehouse: Shared}}
resources:
  jobs:
    j: {name: "${var.warehouse}"}
"""


def test_a_lookup_stays_open_and_is_no_error(project, of):
    project.write(databricks=LOOKUP)
    bundle = project.load()
    assert not bundle.has_errors
    assert of(bundle.diagnostics, "looked up in a workspace", "recommendation")
    assert bundle.jobs["j"]["name"] == "${var.warehouse}"


def test_a_service_principal_that_is_looked_up_is_known_by_its_name(project, of):
    project.write(
        databricks="""
        bundle: {name: shop}
        variables: {loader: {default: ""}}
        targets: {prod: {variables: {loader: {lookup: {service_principal: shop-loader}}}}}
        resources:
          jobs: {j: {name: j, run_as: {service_principal_name: "${var.loader}"}}}
        """
    )
    bundle = project.load(target="prod")
    assert bundle.jobs["j"]["run_as"] == {"service_principal_name": "shop-loader"}
    assert not of(bundle.diagnostics, "looked up in a workspace")
    here = project.load(target="prod", local=LocalOverlay())
    assert here.jobs["j"]["run_as"] == {"service_principal_name": "${var.loader}"}
    assert of(here.diagnostics, "looked up in a workspace")


def test_a_lookup_yields_to_a_given_value(project):
    project.write(databricks=LOOKUP)
    assert project.load(variables={"warehouse": "abc"}).jobs["j"]["name"] == "abc"


def test_a_targets_default_replaces_a_lookup_and_the_other_way_round(project):
    project.write(databricks=LOOKUP + "targets: {dev: {variables: {warehouse: fixed}}}\n")
    assert project.load().jobs["j"]["name"] == "fixed"


def test_a_list_without_type_complex_works_and_the_type_is_recommended(project, of):
    project.write(databricks="bundle: {name: s}\nvariables: {v: {default: [1]}}\n")
    found = of(project.load().diagnostics, "not of type complex")
    assert [(finding.severity, "type: complex" in finding.fix) for finding in found] == [
        ("recommendation", True)
    ]


@pytest.mark.parametrize(
    ("variables", "environ", "expected"),
    [
        ({}, {}, "written"),
        ({}, {"BUNDLE_VAR_v": "environment"}, "written"),
        ({"v": "given"}, {}, "given"),
    ],
)
def test_a_value_that_the_bundle_writes_out_yields_to_the_command_line_only(
    project, variables, environ, expected
):
    project.write(
        databricks="""\
            bundle: {name: s}
            variables: {v: {value: written, default: unused}}
            resources: {jobs: {j: {name: "${var.v}"}}}
            """
    )
    bundle = project.load(
        variables=variables, environ={"DATABRICKS_CURRENT_USER": "a@example.org", **environ}
    )
    assert not bundle.has_errors
    assert bundle.jobs["j"]["name"] == expected


def test_a_missing_value_is_reported_beside_errors_that_happen_to_hold_its_name(project, of):
    project.write(
        databricks="bundle: {name: s}\nvariables: {a: {description: x}}\nresources: {jobs: {j: {tasks: wrong}}}\n"
    )
    assert of(project.load().diagnostics, "required variable a", "error")


def test_an_element_beyond_a_list_is_not_reported_as_an_undeclared_variable(project, of):
    project.write(
        databricks="bundle: {name: s}\nvariables: {l: {type: complex, default: [1]}}\nresources: {jobs: {j: {name: '${var.l[9]}'}}}\n"
    )
    assert "declare" not in of(project.load().diagnostics, "${var.l[9]}", "error")[0].fix
