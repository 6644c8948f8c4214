"""Rules about what the API or the Databricks CLI refuses, beyond the two examples of each page: their limits, and what they leave alone."""

import itertools

import pytest

from lakewright.bundle import all_findings, findings_of_targets, load_all_targets

pytestmark = pytest.mark.unit

CHECK = "{task_key: check, condition_task: {op: LESS_THAN, left: '1', right: '2'}}"


def codes(project, databricks, code, **arguments):
    project.write(databricks=databricks)
    return [found for found in all_findings(project.load(**arguments)) if found.code == code]


def job(fields, task=CHECK):
    return f"bundle: {{name: s}}\nresources: {{jobs: {{j: {{{fields}, tasks: [{task}]}}}}}}\n"


def resource(kind, fields, head=""):
    return f"bundle: {{name: s}}\n{head}resources: {{{kind}: {{a: {{{fields}}}}}}}\n"


JOBS = [
    ("LW636", "max_concurrent_runs: 1000", 0),
    ("LW636", "max_concurrent_runs: 1001", 1),
    ("LW636", "tags: {{{}}}".format(", ".join(f"t{n}: x" for n in range(25))), 0),
    ("LW636", "tags: {{{}}}".format(", ".join(f"t{n}: x" for n in range(26))), 1),
    ("LW636", f"name: {'é' * 2049}", 1),
    ("LW636", f"name: {'é' * 2048}", 0),
    ("LW636", "webhook_notifications: {on_failure: [{id: a}, {id: b}, {id: c}, {id: d}]}", 1),
    ("LW636", "webhook_notifications: {on_failure: [{id: a}, {id: b}, {id: c}]}", 0),
    ("LW637", "schedule: {quartz_cron_expression: '0 0 6 * * ?', timezone_id: UTC}", 0),
    ("LW637", "trigger: {periodic: {interval: 1, unit: DAYS}}, continuous: {pause_status: PAUSED}", 1),
    ("LW638", "git_source: {git_url: u, git_provider: gitHub, git_commit: a}", 0),
    ("LW638", "git_source: {git_url: u, git_provider: gitHub, git_commit: a, git_branch: b}", 1),
    ("LW639", "webhook_notifications: {on_streaming_backlog_exceeded: [{id: a}]}", 1),
    ("LW639", "email_notifications: {on_streaming_backlog_exceeded: []}", 0),
    (
        "LW639",
        "email_notifications: {on_streaming_backlog_exceeded: [a@b.c]}, "
        "health: {rules: [{metric: STREAMING_BACKLOG_BYTES, op: GREATER_THAN, value: 1}]}",
        0,
    ),
    ("LW641", "max_concurrent_runs: 0", 1),
    ("LW641", "max_concurrent_runs: 1", 0),
    ("LW644", "schedule: {quartz_cron_expression: '0 0 6 * * ?', timezone_id: Europe/Berlni}", 1),
    ("LW644", "schedule: {quartz_cron_expression: '0 0 6 * * ?', timezone_id: GMT+02:00}", 0),
    ("LW644", "schedule: {quartz_cron_expression: '0 0 6 * * ?', timezone_id: Atlantis/Utopia}", 0),
    ("LW644", "schedule: {quartz_cron_expression: '0 0 6 * * ?', timezone_id: Berlin}", 1),
    ("LW644", "schedule: {quartz_cron_expression: '0 0 6 * * ?', timezone_id: new york}", 1),
    ("LW644", "schedule: {quartz_cron_expression: '0 0 6 * * ?', timezone_id: UTC}", 0),
    ("LW644", "schedule: {quartz_cron_expression: '0 0 6 * * ?', timezone_id: CET}", 0),
    ("LW644", "schedule: {quartz_cron_expression: '0 0 6 * * ?', timezone_id: PST}", 0),
    ("LW644", "schedule: {quartz_cron_expression: '0 0 6 * * ?', timezone_id: GMT+2}", 0),
    (
        "LW645",
        "timeout_seconds: 60, health: {rules: [{metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 60}]}",
        1,
    ),
    (
        "LW645",
        "timeout_seconds: 60, health: {rules: [{metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 59}]}",
        0,
    ),
    (
        "LW645",
        "timeout_seconds: 0, health: {rules: [{metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: 60}]}",
        0,
    ),
]


@pytest.mark.parametrize(("code", "fields", "count"), JOBS)
def test_a_job_is_reported_at_its_limit_and_not_before(project, code, fields, count):
    assert len(codes(project, job(fields), code)) == count


RESOURCES = [
    ("LW318", "sql_warehouses", "name: a, auto_stop_mins: 5, enable_serverless_compute: false", 1),
    ("LW318", "sql_warehouses", "name: a, auto_stop_mins: 5", 0),
    ("LW318", "sql_warehouses", "name: a, auto_stop_mins: 0", 0),
    ("LW318", "sql_warehouses", "name: a, auto_stop_mins: 5, enable_serverless_compute: true", 0),
    ("LW318", "sql_warehouses", "name: a, max_num_clusters: 41", 1),
    ("LW318", "sql_warehouses", "name: a, warehouse_type: CLASSIC, enable_serverless_compute: true", 1),
    ("LW318", "sql_warehouses", f"name: {'a' * 100}", 1),
    ("LW319", "volumes", "catalog_name: c, schema_name: s, name: v, storage_location: s3://x/y", 1),
    ("LW319", "volumes", "catalog_name: c, schema_name: s, name: v", 0),
    ("LW320", "pipelines", "name: p, serverless: true, clusters: []", 0),
    ("LW320", "pipelines", "name: p, serverless: false, clusters: [{label: default, num_workers: 1}]", 0),
    (
        "LW321",
        "clusters",
        "cluster_name: c, spark_version: 17.3.x, autoscale: {min_workers: 2, max_workers: 2}",
        0,
    ),
    ("LW321", "pipelines", "name: p, clusters: [{autoscale: {min_workers: 3, max_workers: 2}}]", 1),
    ("LW316", "apps", "name: p, source_code_path: ., git_source: {branch: main}", 1),
    ("LW307", "dashboards", "display_name: d, warehouse_id: w, etag: x", 1),
    ("LW307", "jobs", "deployment: {kind: BUNDLE, deployment_id: x}", 1),
    ("LW307", "jobs", "name: x", 0),
]


@pytest.mark.parametrize(("code", "kind", "fields", "count"), RESOURCES)
def test_a_resource_is_reported_at_its_limit_and_not_before(project, code, kind, fields, count):
    assert len(codes(project, resource(kind, fields), code)) == count


MACHINES = [
    ("https://adb-1.2.azuredatabricks.net", "r5d.8xlarge", 1),
    ("https://adb-1.2.azuredatabricks.net/", "Standard_NC4as_T4_v3", 0),
    ("https://shop.cloud.databricks.com", "Standard_DS3_v2", 1),
    ("https://shop.cloud.databricks.com", "rd-fleet.xlarge", 0),
    ("https://shop.cloud.databricks.com", "n2-highmem-4", 1),
    ("https://1.2.gcp.databricks.com", "i3.xlarge", 1),
    ("https://1.2.gcp.databricks.com", "n2-highmem-4", 0),
    ("https://lake.example.org", "i3.xlarge", 0),
    ("https://adb-1.2.azuredatabricks.net", "${var.unset_lookup}", 0),
    ("https://adb-1.2.azuredatabricks.net", "something_new", 0),
]


@pytest.mark.parametrize(("host", "machine", "count"), MACHINES)
def test_a_machine_of_another_cloud_is_found_by_its_form(project, host, machine, count):
    fields = f"cluster_name: c, spark_version: 17.3.x-scala2.13, num_workers: 1, node_type_id: '{machine}'"
    head = f"workspace: {{host: '{host}'}}\nvariables: {{unset_lookup: {{lookup: {{cluster: x}}}}}}\n"
    assert len(codes(project, resource("clusters", fields, head), "LW322")) == count


WHEELS = [
    ("12.2.x-scala2.12", ["error"]),
    ("13.0.x-scala2.12", ["error"]),
    ("13.1.x-scala2.12", ["warning"]),
    ("13.3.x-scala2.12", []),
    ("13.x-scala2.12", []),
    ("9.1.x-cpu-ml-scala2.12", ["error"]),
    ("custom:release__13", []),
    ("auto:latest-lts", []),
]


@pytest.mark.parametrize(("version", "severities"), WHEELS)
@pytest.mark.parametrize("place", ["new_cluster", "job_cluster_key"])
def test_wheels_need_a_runtime_of_13_3(project, version, severities, place):
    project.file("t.py", "print(1)\n")
    project.file("dist/a-1-py3-none-any.whl", "")
    cluster = f"{{spark_version: '{version}', num_workers: 1}}"
    where = f"new_cluster: {cluster}" if place == "new_cluster" else "job_cluster_key: k"
    task = f"{{task_key: t, {where}, spark_python_task: {{python_file: t.py}}, libraries: [{{whl: ./dist/*.whl}}]}}"
    fields = f"job_clusters: [{{job_cluster_key: k, new_cluster: {cluster}}}]"
    assert [found.severity for found in codes(project, job(fields, task), "LW635")] == severities


@pytest.mark.parametrize(
    ("library", "head"),
    [
        ("pypi: {package: requests}", ""),
        ("whl: /Volumes/a/b/c/x.whl", ""),
        ("whl: ./dist/*.whl", "experimental: {python_wheel_wrapper: true}\n"),
    ],
)
def test_old_runtimes_are_fine_for_other_libraries_and_with_the_wrapper(project, library, head):
    project.file("t.py", "print(1)\n")
    task = f"{{task_key: t, new_cluster: {{spark_version: 12.2.x}}, spark_python_task: {{python_file: t.py}}, libraries: [{{{library}}}]}}"
    assert codes(project, job("name: a", task) + head, "LW635") == []


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("'2020-01-01'", 1),
        ('"{{job.parameters.day}}"', 0),
        ('"{{ job.parameters.day }}"', 0),
        ('"{{job.parameters.other}}"', 1),
        ("a", 0),
    ],
)
def test_a_parameter_is_overridden_unless_it_is_the_jobs_own(project, value, count):
    project.notebook("n.py")
    task = (
        f"{{task_key: t, notebook_task: {{notebook_path: n.py, base_parameters: {{day: {value}, else: x}}}}}}"
    )
    assert (
        len(
            codes(
                project,
                job("parameters: [{name: day, default: a}, {name: other, default: b}]", task),
                "LW640",
            )
        )
        == count
    )


def test_unused_job_clusters_are_not_reported_where_python_may_change_the_job(project):
    fields = "job_clusters: [{job_cluster_key: k, new_cluster: {spark_version: 17.3.x, num_workers: 1}}]"
    assert len(codes(project, job(fields), "LW642")) == 1
    assert codes(project, job(fields) + "python: {mutators: ['a:b']}\n", "LW642") == []
    assert codes(project, f"bundle: {{name: s}}\nresources: {{jobs: {{j: {{{fields}}}}}}}\n", "LW642") == []


UNPAUSED = """\
bundle: {name: s}
variables: {p: {default: UNPAUSED}}
resources:
  jobs:
    j: {schedule: {quartz_cron_expression: '0 0 6 * * ?', timezone_id: UTC, pause_status: %s}}
"""


@pytest.mark.parametrize(
    ("status", "target", "count"),
    [
        ("UNPAUSED", "{mode: development}", 1),
        ("PAUSED", "{mode: development}", 0),
        ("'${var.p}'", "{mode: development}", 0),
        ("UNPAUSED", "{}", 0),
        ("PAUSED", "{mode: development, resources: {jobs: {j: {schedule: {pause_status: UNPAUSED}}}}}", 0),
    ],
)
def test_a_job_is_unpaused_in_development_only_where_nobody_asked_for_it(project, status, target, count):
    assert len(codes(project, UNPAUSED % status + f"targets: {{dev: {target}}}\n", "LW515")) == count


@pytest.mark.parametrize(
    ("names", "count"),
    [
        ("a: {catalog_name: c, name: X}, b: {catalog_name: c, name: x}", 1),
        ("a: {catalog_name: c, name: x}, b: {catalog_name: d, name: x}", 0),
        ("a: {name: x}, b: {name: x}", 0),
    ],
)
def test_names_are_compared_as_unity_catalog_does(project, names, count):
    assert (
        len(codes(project, f"bundle: {{name: s}}\nresources: {{schemas: {{{names}}}}}\n", "LW134")) == count
    )


def test_pipelines_may_say_that_their_name_is_taken(project):
    two = "bundle: {name: s}\nresources: {pipelines: {a: {name: x}, b: {name: x%s}}}\n"
    assert len(codes(project, two % "", "LW134")) == 1
    assert codes(project, two % ", allow_duplicate_names: true", "LW134") == []


@pytest.mark.parametrize("field", ["lifecycle: {started: true}", "cascade_on_destroy: true"])
def test_settings_of_the_direct_engine_are_refused_beside_terraform(project, field):
    kind, name = ("apps", "name: a, source_code_path: .") if "started" in field else ("pipelines", "name: a")
    text = resource(kind, f"{name}, {field}")
    assert codes(project, text, "LW315") == []
    assert len(codes(project, text.replace("{name: s}", "{name: s, engine: terraform}"), "LW315")) == 1


def test_two_apps_in_one_folder_are_refused(project):
    apps = "a: {name: a, source_code_path: .}, b: {name: b, source_code_path: .}"
    (found,) = codes(project, f"bundle: {{name: s}}\nresources: {{apps: {{{apps}}}}}\n", "LW316")
    assert "`a` and `b`" in found.summary


def test_a_monitor_needs_a_table_that_the_bundle_does_not_make(project):
    text = (
        "bundle: {name: s}\nresources:\n  schemas: {g: {catalog_name: c, name: gold}}\n"
        "  quality_monitors: {m: {table_name: c.%s.scores, output_schema_name: c.gold, assets_dir: /x, snapshot: {}}}\n"
    )
    assert len(codes(project, text % "gold", "LW317")) == 1
    assert codes(project, text % "other", "LW317") == []


def test_an_endpoint_of_a_referenced_model_is_found_and_one_of_another_is_not(project):
    text = (
        "bundle: {name: s}\nresources:\n  registered_models: {m: {catalog_name: c, schema_name: s, name: m}}\n"
        "  model_serving_endpoints: {e: {name: e, config: {served_entities: [{entity_name: '%s', entity_version: '1'}]}}}\n"
    )
    assert len(codes(project, text % "${resources.registered_models.m.id}", "LW317")) == 1
    assert codes(project, text % "system.ai.model", "LW317") == []


def test_the_root_of_another_bundle_is_named_and_the_own_one_is_not(project, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "databricks.yml").write_text("bundle: {name: o}\n", encoding="utf-8")
    text = "bundle: {name: s}\n"
    assert codes(project, text, "LW514", environ={"DATABRICKS_BUNDLE_ROOT": str(project.root)}) == []
    (found,) = codes(project, text, "LW514", environ={"DATABRICKS_BUNDLE_ROOT": str(other)})
    assert found.detail == f"`{other}`"
    (found,) = codes(project, text, "LW514", environ={"DATABRICKS_BUNDLE_ROOT": "\0"})
    assert "stops with an error" in found.detail


@pytest.mark.parametrize(
    ("targets", "count"),
    [
        ("{a: {workspace: {host: https://a}}, b: {workspace: {host: https://b}}}", 0),
        ("{a: {workspace: {profile: a}}, b: {workspace: {profile: b}}}", 0),
        ("{a: {}, b: {workspace: {state_path: /Workspace/b}}}", 0),
        ("{a: {}, b: {}, c: {}}", 2),
    ],
)
def test_targets_share_their_state_only_in_one_workspace(project, targets, count):
    project.write(
        databricks=f"bundle: {{name: s}}\nworkspace: {{root_path: /Workspace/s}}\ntargets: {targets}\n"
    )
    found = [each for each in findings_of_targets(load_all_targets(project.root)) if each.code == "LW516"]
    assert len(found) == count


@pytest.mark.parametrize(
    ("workspace", "count"), [("{root_path: /x}", 1), ("{host: https://x}", 0), ("{profile: p}", 0)]
)
def test_a_production_target_names_its_workspace_by_host_or_profile(project, workspace, count):
    text = f"bundle: {{name: s}}\ntargets: {{prod: {{mode: production, workspace: {workspace}}}}}\n"
    assert len(codes(project, text, "LW517")) == count


def test_a_chain_of_three_run_job_tasks_is_fine_and_a_circle_is_left_to_its_own_rule(project):
    def chain(*keys):
        jobs = [
            f"{key}: {{tasks: [{{task_key: t, run_job_task: {{job_id: '${{resources.jobs.{other}.id}}'}}}}]}}"
            for key, other in itertools.pairwise(keys)
        ]
        last = f"{keys[-1]}: {{tasks: [{CHECK}]}}" if keys[-1] not in keys[:-1] else ""
        return f"bundle: {{name: s}}\nresources: {{jobs: {{{', '.join(filter(None, [*jobs, last]))}}}}}\n"

    assert codes(project, chain(*"abcd"), "LW612") == []
    assert len(codes(project, chain(*"abcde"), "LW612")) == 1
    assert codes(project, chain(*"abcdea"), "LW612") == []


def test_dbt_commands_with_references_are_not_checked(project):
    task = "{task_key: t, dbt_task: {commands: ['dbt deps', '${var.x}', ' dbt run', 'ls'], warehouse_id: w}}"
    (found,) = codes(project, job("name: a", task) + "variables: {x: {lookup: {cluster: y}}}\n", "LW643")
    assert found.path.endswith("commands[3]")


def test_a_list_that_only_a_workspace_resolves_is_left_alone(project):
    task = "{task_key: t, dbt_task: {commands: '${var.x}', warehouse_id: w}}"
    text = job("job_clusters: '${var.x}', tags: '${var.x}', health: {rules: '${var.x}'}", task)
    project.write(databricks=text + "variables: {x: {lookup: {cluster: y}}}\n")
    found = {finding.code for finding in all_findings(project.load())}
    assert not found & {"LW636", "LW642", "LW643", "LW645"}


def test_a_file_that_is_no_wheel_is_named_and_stops_nothing(project):
    project.file("dist/shop-1.0-py3-none-any.whl", "not a zip file")
    task = (
        "{task_key: t, new_cluster: {spark_version: 17.3.x, num_workers: 1}, python_wheel_task: {package_name: shop, entry_point: go}, "
        "libraries: [{whl: dist/shop-1.0-py3-none-any.whl}]}"
    )
    (found,) = codes(project, job("name: a", task), "LW309")
    assert "cannot be read" in found.summary
    assert "build it again" in found.fix


JOBS_OF_A_CIRCLE = (
    "bundle: {name: s}\nresources:\n  jobs:\n    a: {name: a, description: '%s'}\n    b: {name: b, %s}\n"
)
CIRCLES = [
    ("${resources.jobs.a.id}", "description: x", 1),  # itself
    ("${resources.jobs.b.id}", "description: '${resources.jobs.a.name}'", 1),  # whatever the field
    ("${resources.jobs.b.id}", f"tasks: [{CHECK}]", 0),
    (
        "${resources.jobs.b.id}",
        "tasks: [{task_key: r, run_job_task: {job_id: '${resources.jobs.a.id}'}}]",
        1,
    ),  # one of the two runs the other
    (
        "${resources.jobs.b.id}",
        "permissions: [{level: CAN_VIEW, group_name: '${resources.jobs.a.id}'}]",
        0,
    ),  # deployed after the job
]


@pytest.mark.parametrize(("first", "second", "count"), CIRCLES)
def test_resources_that_wait_for_each_other_are_a_circle(project, first, second, count):
    assert len(codes(project, JOBS_OF_A_CIRCLE % (first, second), "LW236")) == count


def test_jobs_that_only_run_each_other_are_one_finding(project):
    task = "tasks: [{task_key: r, run_job_task: {job_id: '${resources.jobs.%s.id}'}}]"
    project.write(
        databricks=f"bundle: {{name: s}}\nresources: {{jobs: {{a: {{{task % 'b'}}}, b: {{{task % 'a'}}}}}}}\n"
    )
    assert [found.code for found in all_findings(project.load()) if found.severity == "error"] == ["LW605"]


@pytest.mark.parametrize(
    ("engine", "field", "severities"),
    [
        ("direct", "url", ["error"]),
        ("terraform", "url", ["warning"]),
        ("direct", "id", []),
        ("direct", "name", []),
    ],
)
def test_fields_that_only_terraform_knows_are_refused_by_the_direct_engine(
    project, engine, field, severities
):
    text = (
        f"bundle: {{name: s, engine: {engine}}}\nresources: {{jobs: {{a: {{name: a}}, "
        f"b: {{name: b, description: '${{resources.jobs.a.{field}}}'}}}}}}\n"
    )
    assert [found.severity for found in codes(project, text, "LW237")] == severities


def test_the_engine_may_come_from_the_environment(project):
    text = "bundle: {name: s}\nresources: {jobs: {a: {name: a}, b: {name: b, description: '${resources.jobs.a.url}'}}}\n"
    for engine, severity in (("terraform", "warning"), ("direct", "error"), (None, "error")):
        environ = {"DATABRICKS_BUNDLE_ENGINE": engine} if engine else {}
        (found,) = codes(project, text, "LW237", environ=environ)
        assert found.severity == severity


def test_an_unknown_engine_in_the_environment_is_refused_unless_the_bundle_names_one(project):
    environ = {"DATABRICKS_BUNDLE_ENGINE": "opentofu"}
    (found,) = codes(project, "bundle: {name: s}\n", "LW518", environ=environ)
    assert (found.severity, "unset DATABRICKS_BUNDLE_ENGINE" in found.fix) == ("error", True)
    assert codes(project, "bundle: {name: s, engine: direct}\n", "LW518", environ=environ) == []
    for value in ("direct", "terraform", ""):
        assert (
            codes(project, "bundle: {name: s}\n", "LW518", environ={"DATABRICKS_BUNDLE_ENGINE": value}) == []
        )


@pytest.mark.parametrize(
    ("reference", "severity", "fix"),
    [
        ("jobs.a.idd", "error", "did you mean `${resources.jobs.a.id}`?"),
        ("schemas.x.ful_name", "error", "did you mean `${resources.schemas.x.full_name}`?"),
        ("jobs.a.zzzzzz", "warning", "refer to another field, such as `id`"),
    ],
)
def test_a_reference_to_a_field_that_no_such_resource_has_is_reported(project, reference, severity, fix):
    (found,) = codes(project, _referring(reference), "LW238")
    assert (found.severity, found.fix, found.path) == (severity, fix, "resources.jobs.b.description")


@pytest.mark.parametrize(
    "reference",
    [
        "jobs.a.id",
        "jobs.a.run_as_user_name",  # a deployed job has it
        "jobs.a.tasks[0].task_key",
        "jobs.a.task[0].task_key",  # Terraform's name, which is translated
        "jobs.a.permissions[0].level",
        "jobs.a.url",  # LW237
        "schemas.x.full_name",
        "schemas.x.grants[0].principal",
        "jobs.a",
    ],
)
def test_a_reference_to_a_field_of_the_configuration_or_of_the_deployed_resource_is_accepted(
    project, reference
):
    assert codes(project, _referring(reference), "LW238") == []


def _referring(reference):
    return (
        "bundle: {name: s}\nresources:\n  schemas: {x: {catalog_name: c, name: x}}\n"
        f"  jobs: {{a: {{name: a}}, b: {{name: b, description: '${{resources.{reference}}}'}}}}\n"
    )


@pytest.mark.parametrize(
    "tasks", [", tasks: []", ", parameters: [{name: day, default: ''}]", ", trigger: {pause_status: PAUSED}"]
)
def test_a_job_without_tasks_is_reported(project, tasks):
    (found,) = codes(
        project, f"bundle: {{name: s}}\nresources: {{jobs: {{a: {{name: a{tasks}}}}}}}\n", "LW646"
    )
    assert (found.severity, found.summary) == ("recommendation", "the job `a` has no tasks")


def test_a_job_whose_tasks_cannot_be_read_is_reported_for_that_alone(project):
    text = "bundle: {name: s}\nresources: {jobs: {a: {name: a, tasks: 3}}}\n"
    assert codes(project, text, "LW646") == []
    assert [found.severity for found in all_findings(project.load())] == ["error"]


APP = """\
bundle: {name: s}
%s
resources:
  jobs: {j: {name: j, %s}}
  apps: {a: {name: a, source_code_path: ., resources: [{name: j, job: {id: "${resources.jobs.j.id}", permission: CAN_MANAGE_RUN}}]}}
"""
OF_APP = "permissions: [{level: CAN_MANAGE_RUN, service_principal_name: '${resources.apps.a.service_principal_client_id}'}]"


@pytest.mark.parametrize(
    ("head", "field", "count"),
    [
        ("", "description: x", 0),
        ("", "permissions: [{level: CAN_MANAGE, user_name: u}]", 1),
        ("permissions: [{level: CAN_MANAGE, user_name: u}]", "description: x", 1),
        ("permissions: [{level: CAN_MANAGE, user_name: u}]", OF_APP, 0),
        ("", OF_APP, 0),
    ],
)
def test_an_app_keeps_what_the_permissions_of_a_resource_name_it_in(project, head, field, count):
    found = codes(project, APP % (head, field), "LW525")
    assert len(found) == count
    assert all("${resources.apps.a.service_principal_client_id}" in each.fix for each in found)


OVERLAP = """\
bundle: {name: s}
permissions: [{level: CAN_MANAGE, group_name: operators}]
resources:
  jobs: {j: {name: j, permissions: [%s]}}
"""


@pytest.mark.parametrize(
    ("own", "count"),
    [
        ("{level: CAN_VIEW, group_name: operators}", 1),
        ("{level: CAN_MANAGE, group_name: operators}", 1),
        ("{level: CAN_VIEW, user_name: operators}", 0),
    ],
)
def test_an_entry_of_a_resource_that_keeps_one_of_the_bundle_out_is_shown_at_its_line(project, own, count):
    found = codes(project, OVERLAP % own, "LW526")
    assert [(each.location.line, each.path) for each in found] == [
        (4, "resources.jobs.j.permissions[0]")
    ] * count


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"databricks": "scripts: {load: {content: x}}\nresources: {jobs: {load: {name: l}}}\n"}, 1),
        (
            {
                "databricks": "include: [s.yml]\nscripts: {load: {content: x}}\n",
                "s": "scripts: {load: {content: x}}\n",
            },
            1,
        ),
        (
            {
                "databricks": "include: [s.yml]\nscripts: {load: {content: x}}\n",
                "s": "scripts: {lo: {content: x}}\n",
            },
            0,
        ),
    ],
)
def test_scripts_and_resources_share_their_keys(project, files, count):
    project.write(**files | {"databricks": "bundle: {name: s}\n" + files["databricks"]})
    assert [found.code for found in all_findings(project.load())].count("LW129") == count
