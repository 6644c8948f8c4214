"""Modes and presets of a target: names, tags, and schedules that pause."""

import pytest

from lakewright.bundle import LocalOverlay
from lakewright.bundle.jobs.value_references import find_reference
from lakewright.bundle.resolving.presets import identifier_prefix

pytestmark = pytest.mark.unit

RESOURCES = """
bundle: {name: shop}
resources:
  jobs:
    j: {name: load, schedule: {quartz_cron_expression: "0 0 1 * * ?", timezone_id: UTC}}
    k: {name: other, max_concurrent_runs: 2, tags: {dev: mine}, trigger: {pause_status: UNPAUSED}}
  pipelines: {p: {name: flow, continuous: true}}
  schemas: {s: {name: raw, catalog_name: main}}
  registered_models: {m: {name: delay, catalog_name: main, schema_name: x}}
  experiments: {e: {name: /Shared/x/delay}}
  models: {o: {name: old}}
"""


def test_development_mode_marks_every_resource_as_the_developers_own(project):
    project.write(databricks=RESOURCES + "targets: {dev: {mode: development}}\n")
    bundle = project.load()
    resources = bundle.resolved["resources"]
    job = resources["jobs"]["j"]
    assert job["name"] == "[dev ana_lopez] load"
    assert job["tags"] == {"dev": "ana_lopez"}
    assert (job["max_concurrent_runs"], job["schedule"]["pause_status"]) == (4, "PAUSED")
    assert resources["pipelines"]["p"]["development"] is True
    assert resources["pipelines"]["p"]["continuous"] is False
    assert resources["schemas"]["s"]["name"] == "dev_ana_lopez_raw"
    assert resources["registered_models"]["m"]["name"] == "dev_ana_lopez_delay"
    assert resources["experiments"]["e"]["name"] == "/Shared/x/[dev ana_lopez] delay"
    assert resources["models"]["o"]["tags"] == [{"key": "dev", "value": "ana_lopez"}]
    assert bundle.resolved["bundle"]["deployment"]["lock"]["enabled"] is False


def test_a_local_run_of_a_development_target_has_plain_names(project):
    project.write(databricks=RESOURCES + "targets: {dev: {mode: development}}\n")
    resources = project.load(local=LocalOverlay()).resolved["resources"]
    assert resources["jobs"]["j"]["name"] == "load"
    assert resources["schemas"]["s"]["name"] == "raw"
    assert resources["jobs"]["j"]["schedule"]["pause_status"] == "PAUSED"


def test_the_page_of_references_says_which_prefix_the_name_of_a_job_has_in_a_local_run():
    here = find_reference(("job", "name")).here
    assert "`presets.name_prefix`" in here
    assert "without the prefix of `mode: development`" in here


def test_a_prefix_that_is_written_down_holds_on_a_local_run_too(project):
    project.write(
        databricks=RESOURCES + "presets: {name_prefix: team_}\ntargets: {dev: {mode: development}}\n"
    )
    assert project.load(local=LocalOverlay()).jobs["j"]["name"] == "team_load"


def test_what_a_resource_says_itself_wins(project):
    project.write(databricks=RESOURCES + "targets: {dev: {mode: development}}\n")
    job = project.load().jobs["k"]
    assert (job["max_concurrent_runs"], job["tags"], job["trigger"]["pause_status"]) == (
        2,
        {"dev": "mine"},
        "UNPAUSED",
    )


def test_presets_work_without_a_mode(project):
    project.write(databricks=RESOURCES + "targets: {x: {presets: {name_prefix: test_, tags: {cost: a}}}}\n")
    job = project.load().jobs["j"]
    assert (job["name"], job["tags"], job["max_concurrent_runs"]) == ("test_load", {"cost": "a"}, 1)


def test_a_prefix_becomes_an_identifier_before_schemas():
    assert identifier_prefix("[dev Ana.Lopez] ") == "dev_ana_lopez_"
    assert identifier_prefix("") == ""


@pytest.mark.parametrize(
    ("target", "summary"),
    [
        ("{mode: development, presets: {name_prefix: fixed_}}", "prefix should contain the current username"),
        ("{mode: development, presets: {trigger_pause_status: UNPAUSED}}", "cannot set trigger pause status"),
        ("{mode: development, workspace: {root_path: /Workspace/apps/x}}", "root_path must start with '~/'"),
        ("{presets: {trigger_pause_status: paused}}", "Invalid value for trigger_pause_status"),
        ("{mode: production}", "must set 'workspace.root_path'"),
    ],
)
def test_a_mode_refuses_what_would_collide(project, of, target, summary):
    project.write(databricks=RESOURCES + f"targets: {{x: {target}}}\n")
    assert of(project.load().diagnostics, summary, "error")


def test_what_depends_on_the_user_is_only_a_warning_while_the_user_is_a_guess(project, of):
    project.write(databricks=RESOURCES + "targets: {x: {mode: production}}\n")
    (warning,) = of(project.load(environ={"USER": "eva"}).diagnostics, "must set 'workspace.root_path'")
    assert warning.severity == "warning"
    assert "a guess from" in warning.detail


def test_production_with_a_root_path_is_fine_and_with_a_development_pipeline_is_not(project, of):
    target = "targets: {x: {mode: production, workspace: {root_path: /Workspace/prod}}}\n"
    project.write(databricks=RESOURCES + target)
    assert not project.load().has_errors
    project.write(databricks="bundle: {name: s}\nresources: {pipelines: {p: {development: true}}}\n" + target)
    assert of(project.load().diagnostics, "cannot include a pipeline with 'development: true'", "error")


def test_a_shared_root_path_warns_unless_everybody_may_manage(project, of):
    shared = "bundle: {name: s}\nworkspace: {root_path: /Workspace/Shared/x}\n"
    project.write(databricks=shared)
    assert of(project.load().diagnostics, "writable by all workspace users", "warning")
    project.write(databricks=shared + "permissions: [{level: CAN_MANAGE, group_name: users}]\n")
    assert not of(project.load().diagnostics, "writable by all workspace users")


def test_run_as_another_than_the_deployer_is_refused_where_the_service_cannot(project, of):
    text = "bundle: {name: s}\nrun_as: {service_principal_name: robot}\nresources: {model_serving_endpoints: {e: {name: x}}}\n"
    project.write(databricks=text)
    (error,) = of(project.load().diagnostics, "model_serving_endpoints do not support", "error")
    assert "run as robot" in error.detail


@pytest.mark.parametrize("run_as", ["{}", "{user_name: a, service_principal_name: b}"])
def test_run_as_needs_exactly_one_identity(project, of, run_as):
    project.write(databricks=f"bundle: {{name: s}}\nrun_as: {run_as}\n")
    assert of(project.load().diagnostics, "run_as section", "error")


def test_permissions_of_the_bundle_reach_every_resource_and_the_deployer_owns(project, of):
    project.write(
        databricks="""
        bundle: {name: s}
        permissions: [{level: CAN_RUN, group_name: team}, {level: CAN_VIEW, user_name: eva@example.org}]
        resources:
          jobs: {j: {name: n, permissions: [{level: CAN_MANAGE, user_name: eva@example.org}]}}
          experiments: {e: {name: /x}}
        """
    )
    resources = project.load().resolved["resources"]
    assert resources["jobs"]["j"]["permissions"] == [
        {"level": "CAN_MANAGE", "user_name": "eva@example.org"},
        {"level": "CAN_MANAGE_RUN", "group_name": "team"},
        {"level": "IS_OWNER", "user_name": "ana.lopez@example.org"},
    ]
    assert {"level": "CAN_READ", "user_name": "eva@example.org"} in resources["experiments"]["e"][
        "permissions"
    ]
    project.write(databricks="bundle: {name: s}\npermissions: [{level: CAN_EDIT, group_name: a}]\n")
    assert of(project.load().diagnostics, "invalid permission level", "error")


def test_an_empty_list_of_permissions_is_none(project):
    resources = "{jobs: {j: {name: n, permissions: []}}, sql_warehouses: {w: {name: n, permissions: []}}}"
    project.write(databricks=f"bundle: {{name: s}}\nresources: {resources}\n")
    found = project.load().resolved["resources"]
    assert "permissions" not in found["jobs"]["j"]
    assert "permissions" not in found["sql_warehouses"]["w"]


def test_an_empty_run_as_counts_as_none(project):
    project.write(databricks="bundle: {name: s}\nrun_as:\nresources: {jobs: {j: {name: x}}}\n")
    bundle = project.load()
    assert not bundle.has_errors
    assert "run_as" not in bundle.jobs["j"]
