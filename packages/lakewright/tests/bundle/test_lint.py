"""The rules about jobs: dependencies, task keys, conditions and loops."""

import pytest

from lakewright.bundle import LocalOverlay, all_findings
from lakewright.bundle.jobs.cycles import find_cycle

pytestmark = pytest.mark.unit


def condition(key, extra=""):
    return f"{{task_key: {key}, condition_task: {{op: GREATER_THAN, left: '1', right: '2'}}{extra}}}"


def wheel_task(package, entry_point):
    wheel = f"python_wheel_task: {{package_name: {package}, entry_point: {entry_point}}}"
    return f"{{task_key: t, new_cluster: {{spark_version: x}}, {wheel}, libraries: [{{whl: dist/*.whl}}]}}"


def lint(project, *tasks, job=""):
    listed = "\n".join(f"        - {task}" for task in tasks)
    project.write(
        databricks=f"bundle: {{name: s}}\nresources:\n  jobs:\n    j:\n      {job}\n      tasks:\n{listed}\n"
    )
    bundle = project.load()
    assert not bundle.has_errors, bundle.diagnostics
    return all_findings(bundle)


def test_a_job_without_mistakes_has_no_findings(project):
    tasks = (
        condition("check"),
        condition("next", ", depends_on: [{task_key: check, outcome: 'true'}]"),
        "{task_key: read, depends_on: [{task_key: next}], condition_task: "
        "{op: LESS_THAN, left: '{{tasks.check.values.n}}', right: '{{job.parameters.[limit]}}'}}",
    )
    assert lint(project, *tasks, job="parameters: [{name: limit, default: '3'}]") == ()


def test_an_unknown_dependency_is_an_error_with_the_nearest_task(project, of):
    (error,) = of(
        lint(project, condition("ingest"), condition("b", ", depends_on: [{task_key: ingst}]")),
        "depends on `ingst`",
        "error",
    )
    assert "`ingest`" in error.fix
    assert error.location.line == 8


def test_tasks_that_wait_for_each_other_are_named_in_full(project, of):
    tasks = (
        condition("a", ", depends_on: [{task_key: c}]"),
        condition("b", ", depends_on: [{task_key: a}]"),
        condition("c", ", depends_on: [{task_key: b}]"),
    )
    (error,) = of(lint(project, *tasks), "wait for each other", "error")
    assert "a → c → b → a" in error.summary


def test_a_cycle_is_found_from_any_node():
    assert find_cycle({"x": ["y"], "y": ["z", "w"], "z": [], "w": ["y"]}) == ["y", "w", "y"]
    assert find_cycle({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == []


def test_a_dash_in_a_task_key_is_a_warning(project, of):
    (warning,) = of(lint(project, condition("load-all")), "holds a dash", "warning")
    assert "`load_all`" in warning.fix


def test_an_outcome_of_a_task_that_is_not_a_condition_is_an_error(project, of):
    project.notebook("n.py")
    tasks = (
        "{task_key: n, notebook_task: {notebook_path: n.py}}",
        condition("b", ", depends_on: [{task_key: n, outcome: 'true'}]"),
    )
    assert of(lint(project, *tasks), "is not a condition task", "error")


def test_an_outcome_is_true_or_false(project, of):
    assert of(
        lint(project, condition("a"), condition("b", ", depends_on: [{task_key: a, outcome: 'yes'}]")),
        "not `yes`",
        "error",
    )


def test_an_undeclared_job_parameter_is_an_error_with_the_nearest(project, of):
    task = "{task_key: t, condition_task: {op: LESS_THAN, left: '{{job.parameters.limt}}', right: '2'}}"
    (error,) = of(
        lint(project, task, job="parameters: [{name: limit, default: '1'}]"), "no parameter `limt`", "error"
    )
    assert "`limit`" in error.fix
    assert error.location.line == 7


@pytest.mark.parametrize(
    ("reference", "summary", "severity"),
    [
        ("tasks.later.values.n", "not upstream", "error"),
        ("tasks.t.values.n", "from the task itself", "error"),
        ("tasks.missing.values.n", "does not have", "error"),
        ("input.x", "inside of a for-each task", "error"),
        ("job.paramters.x", "has no `paramters`", "error"),
        ("job.start_time", "is not complete", "error"),
        ("job.id.x", "nothing may follow `job.id`", "error"),
        ("backfill.iso_dat", "has no `iso_dat`", "error"),
        ("input", "inside of a for-each task", "error"),
        ("taks.later.values.n", "not a reference that jobs know", "warning"),
        ("tasks.early.value.n", "`tasks.early` has no `value`", "error"),
    ],
)
def test_a_reference_to_a_missing_value_is_reported(project, of, reference, summary, severity):
    tasks = (
        condition("early"),
        f"{{task_key: t, depends_on: [{{task_key: early}}], condition_task: {{op: LESS_THAN, left: '{{{{{reference}}}}}', right: '2'}}}}",
        condition("later", ", depends_on: [{task_key: t}]"),
    )
    assert of(lint(project, *tasks), summary, severity)


@pytest.mark.parametrize(
    "reference",
    [
        "tasks.early.values.n.deep[0]",
        "backfill.iso_datetime",
        "job.trigger.table_update.main.sales.orders.version",
        "job.trigger.time.[iso_date]",
        "customer.name",
        "name",
        "run_id",
    ],
)
def test_references_that_jobs_know_and_text_in_braces_are_not_reported(project, reference):
    tasks = (
        condition("early"),
        f"{{task_key: t, depends_on: [{{task_key: early}}], condition_task: {{op: EQUAL_TO, left: '{{{{{reference}}}}}', right: x}}}}",
    )
    assert lint(project, *tasks) == ()


@pytest.mark.parametrize(
    ("default", "summary"),
    [
        ("{{job.naem}}", "has no `naem`"),
        ("{{job.parameters.dya}}", "no parameter `dya`"),
        ("{{task.name}}", "only in a task"),
        ("{{tasks.t.values.n}}", "only in a task"),
        ("{{input}}", "only in a task"),
        ("{{job.parameters.day}}", "refer to each other: day → day"),
    ],
)
def test_a_reference_without_a_value_in_a_job_parameter_is_an_error(project, of, default, summary):
    job = f"parameters: [{{name: day, default: '{default}'}}]"
    (error,) = of(lint(project, condition("t"), job=job), summary, "error")
    assert error.location.line == 5


@pytest.mark.parametrize("name", ["p-q", "a b", "p$@", "p/q"])
def test_a_name_with_other_characters_needs_backticks_in_a_reference(project, of, name):
    parameters = (
        f"parameters: [{{name: '{name}', default: x}}, {{name: c, default: '{{{{job.parameters.{name}}}}}'}}]"
    )
    task = (
        f"{{task_key: t, condition_task: {{op: EQUAL_TO, left: '{{{{job.parameters.{name}}}}}', right: x}}}}"
    )
    found = of(lint(project, task, job=parameters), f"`{name}` needs backticks", "error")
    assert [error.path for error in found] == [
        "resources.jobs.j.parameters[1].default",
        "resources.jobs.j.tasks[0].condition_task.left",
    ]
    assert {(error.code, error.fix) for error in found} == {("LW231", f"put backticks around `{name}`")}


@pytest.mark.parametrize(
    "reference", ["job.parameters.`p-q`", "job.parameters.[p-q]", "job.parameters.grün_1"]
)
def test_a_name_in_backticks_or_of_plain_characters_is_not_reported(project, reference):
    parameters = "parameters: [{name: p-q, default: x}, {name: grün_1, default: x}]"
    task = f"{{task_key: t, condition_task: {{op: EQUAL_TO, left: '{{{{{reference}}}}}', right: x}}}}"
    assert lint(project, task, job=parameters) == ()


@pytest.mark.parametrize(
    "reference", ["tasks.load-all.values.n", "tasks.load-all.result_state", "tasks.b.values.n-x"]
)
def test_a_task_or_a_value_with_a_dash_needs_backticks_in_a_reference(project, of, reference):
    tasks = [condition("load-all"), condition("b")]
    reads = (
        "{task_key: t, depends_on: [{task_key: load-all}, {task_key: b}], "
        f"condition_task: {{op: EQUAL_TO, left: '{{{{{reference}}}}}', right: x}}}}"
    )
    assert of(lint(project, *tasks, reads), "needs backticks", "error")


def test_input_is_known_inside_of_a_for_each_task(project):
    inner = "{task_key: i, condition_task: {op: LESS_THAN, left: '{{input}}', right: '{{input.x}}'}}"
    task = f"{{task_key: t, for_each_task: {{inputs: '[1, 2]', task: {inner}}}}}"
    assert lint(project, task) == ()


@pytest.mark.parametrize("text", ["many", "{{customer.age}}", ""])
@pytest.mark.parametrize("side", ["left", "right"])
def test_an_ordering_of_text_is_an_error_as_it_is_in_a_run(project, of, side, text):
    other = {"left": "right", "right": "left"}[side]
    task = (
        f"{{task_key: t, condition_task: {{op: LESS_THAN, {side}: '{text}', {other}: '{{{{job.run_id}}}}'}}}}"
    )
    (error,) = of(lint(project, task), f"`{text}` is not one", "error")
    assert error.path.endswith(side)


@pytest.mark.parametrize("value", ["12.0", "12", "-3"])
def test_equality_of_numbers_is_a_warning(project, of, value):
    task = f"{{task_key: t, condition_task: {{op: EQUAL_TO, left: '{{{{job.run_id}}}}', right: '{value}'}}}}"
    assert of(lint(project, task), "compares text", "warning")


def test_retries_on_the_for_each_task_itself_are_a_warning(project, of):
    task = "{task_key: t, max_retries: 2, for_each_task: {inputs: '[1]', task: " + condition("i") + "}}"
    assert "for_each_task.task" in of(lint(project, task), "retries on a for-each task", "warning")[0].fix


def test_inputs_that_are_not_a_list_are_an_error(project, of):
    assert of(
        lint(project, "{task_key: t, for_each_task: {inputs: 'a,b', task: " + condition("i") + "}}"),
        "must be a JSON list",
        "error",
    )


def test_a_repeated_task_without_a_key_is_a_warning(project, of):
    project.file("n.py", "# Databricks notebook source\n")
    task = "{task_key: each, for_each_task: {inputs: '[1]', task: {notebook_task: {notebook_path: n.py}}}}"
    (warning,) = of(lint(project, task), "has no task_key", "warning")
    assert "each_iteration" in warning.fix


def test_an_environment_without_a_key_cannot_be_chosen(project, of):
    project.file("a.py", "x = 1\n")
    task = "{task_key: t, environment_key: default, spark_python_task: {python_file: a.py}}"
    found = lint(project, task, job="environments: [{spec: {client: '2'}}]")
    (error,) = of(found, "environment_key default", "error")
    assert "None" not in f"{error.fix} {error.detail}"


def test_an_unknown_environment_key_is_an_error_with_the_nearest(project, of):
    project.file("a.py", "x = 1\n")
    task = "{task_key: t, environment_key: defualt, spark_python_task: {python_file: a.py}}"
    (error,) = of(
        lint(project, task, job="environments: [{environment_key: default, spec: {client: '2'}}]"),
        "environment_key defualt",
        "error",
    )
    assert "`default`" in error.fix


NEED_COMPUTE = {
    "spark_python_task": "{python_file: a.py}",
    "python_wheel_task": "{package_name: p, entry_point: e}",
    "dbt_task": "{commands: [dbt run]}",
    "spark_jar_task": "{main_class_name: x}",
    "spark_submit_task": "{parameters: [x]}",
}


@pytest.mark.parametrize("kind", NEED_COMPUTE)
@pytest.mark.parametrize("wrap", ["%s", "for_each_task: {inputs: '[1]', task: {task_key: i, %s}}"])
def test_a_task_without_cluster_and_environment_is_an_error_that_no_comment_silences(project, of, kind, wrap):
    project.file("a.py", "x = 1\n")
    task = f"{{task_key: t, {wrap % f'{kind}: {NEED_COMPUTE[kind]}'}}}  # lakewright: ignore LW630"
    (error,) = of(lint(project, task), "needs a cluster or an environment")
    assert (error.code, error.severity) == ("LW630", "error")
    assert kind in error.path


@pytest.mark.parametrize("kind", NEED_COMPUTE)
@pytest.mark.parametrize(
    "compute", ["existing_cluster_id: c", "new_cluster: {}", "environment_key: e", "job_cluster_key: k"]
)
def test_each_kind_of_compute_is_enough(project, of, kind, compute):
    project.file("a.py", "x = 1\n")
    task = f"{{task_key: t, {compute}, {kind}: {NEED_COMPUTE[kind]}}}"
    job = "{environments: [{environment_key: e, spec: {client: '2'}}], job_clusters: [{job_cluster_key: k, new_cluster: {num_workers: 1}}]}"
    assert not [
        found
        for found in lint(project, task, job=job[1:-1].replace("], j", "]\n      j"))
        if found.code == "LW630"
    ]


def test_a_local_run_needs_no_compute_and_warns(project, of):
    project.file("a.py", "x = 1\n")
    lint(project, "{task_key: t, spark_python_task: {python_file: a.py}}")
    assert of(all_findings(project.load(local=LocalOverlay())), "needs a cluster", "warning")


def test_a_local_run_of_a_target_called_local_is_a_local_run(project, of):
    text = "{task_key: t, spark_python_task: {python_file: a.py}}"
    project.file("a.py", "x = 1\n")
    lint(project, text)
    file = project.root / "databricks.yml"
    file.write_text(
        file.read_text(encoding="utf-8") + "targets: {local: {default: true}}\n", encoding="utf-8"
    )
    assert of(all_findings(project.load(local=LocalOverlay())), "needs a cluster", "warning")
    assert of(all_findings(project.load()), "needs a cluster", "error")


@pytest.mark.parametrize("python", ["python: {%s}", "experimental: {python: {%s}}"])
@pytest.mark.parametrize("key", ["mutators", "resources"])
def test_python_code_of_the_bundle_may_add_the_compute(project, of, python, key):
    project.file("a.py", "x = 1\n")
    lint(project, "{task_key: t, spark_python_task: {python_file: a.py}}")
    file = project.root / "databricks.yml"
    more = python % f"{key}: ['mutators:add']"
    file.write_text(f"{file.read_text(encoding='utf-8')}{more}\n", encoding="utf-8")
    assert of(all_findings(project.load()), "needs a cluster", "warning")


def test_an_accelerator_is_no_compute_for_a_python_file(project, of):
    project.file("a.py", "x = 1\n")
    task = "{task_key: t, compute: {hardware_accelerator: GPU_1xA10}, spark_python_task: {python_file: a.py}}"
    assert of(lint(project, task), "needs a cluster or an environment", "error")


def test_a_notebook_needs_no_compute(project, of):
    project.notebook("n.py")
    assert not of(lint(project, "{task_key: t, notebook_task: {notebook_path: n.py}}"), "needs a cluster")


@pytest.mark.parametrize(
    ("cron", "summary"),
    [
        ("0 6 * * *", "6 or 7 fields"),
        ("0 0 6 * * ? 2030 1", "6 or 7 fields"),
        ("0 0 6 * * MON", "exactly one"),
        ("0 0 6 ? * ?", "exactly one"),
        ("61 0 25 * * ?", "`61` is no seconds"),
        ("61 0 25 * * ?", "`25` is no hours"),
        ("0 60 6 * * ?", "`60` is no minutes"),
        ("0 0 6-24 * * ?", "`6-24` is no hours"),
        ("0 0/90 6 * * ?", "`0/90` is no minutes"),
        ("0 0 6 0 * ?", "`0` is no day of month"),
        ("0 0 6 32W * ?", "`32W` is no day of month"),
        ("0 0 6 1 13 ?", "`13` is no month"),
        ("0 0 6 1 JAN,FEV ?", "`FEV` is no month"),
        ("0 0 6 ? * 0", "`0` is no day of week"),
        ("0 0 6 ? * MON#6", "`MON#6` is no day of week"),
        ("0 0 6, * * ?", "`` is no hours"),
        ("0 ? 6 * * ?", "`?` is no minutes"),
        ("0 0 6 * * ? 1066", "`1066` is no year"),
    ],
)
def test_a_schedule_that_quartz_refuses_is_an_error(project, of, cron, summary):
    job = f"schedule: {{quartz_cron_expression: '{cron}', timezone_id: UTC}}"
    assert of(lint(project, condition("a"), job=job), summary, "error")


@pytest.mark.parametrize(
    "cron",
    [
        "0 0 6 * * ?",
        "0/5 14,18,3-39,52 * ? JAN,MAR,SEP MON-FRI 2002-2010",
        "0 0/15 8-18/2 ? * mon-fri",
        "0 */10 22-2 * * ? *",
        "/30 0 0 L * ?",
        "0 0 0 LW * ?",
        "0 0 0 L-3 * ?",
        "0 0 0 15W 1/3 ?",
        "0 0 0 ? * 6L",
        "0 0 0 ? * FRI#2",
        "0 0 0 ? * L",
    ],
)
def test_a_schedule_that_quartz_takes_is_no_error(project, of, cron):
    job = f"schedule: {{quartz_cron_expression: '{cron}', timezone_id: UTC}}"
    assert [each for each in lint(project, condition("a"), job=job) if each.code == "LW632"] == []


PYPROJECT = """
[project]
name = "shop-etl"
[project.scripts]
ingest = "shop_etl.main:run"
"""


@pytest.fixture
def entry_point_errors(project, of):
    """Return the findings on a task that runs an entry point of the wheel of this project."""

    def check(entry):
        project.file("pyproject.toml", PYPROJECT)
        project.file("src/shop_etl/__init__.py", "def helper(): ...\n")
        return of(lint(project, wheel_task("shop_etl", entry)), "no entry point", "error")

    return check


@pytest.mark.parametrize("entry", ["ingest", "helper"])
def test_a_script_or_function_of_the_wheel_is_an_entry_point(entry_point_errors, entry):
    assert entry_point_errors(entry) == []


def test_an_entry_point_that_the_wheel_does_not_have_is_an_error(entry_point_errors):
    (error,) = entry_point_errors("ingst")
    assert "`ingest`" in error.fix


TWO_JOBS = """
bundle: {name: s}
resources:
  jobs:
    main:
      tasks: [{task_key: t, run_job_task: {job_id: "${resources.jobs.sub.id}", job_parameters: {day: x}}}]
    sub:
      parameters: [{name: date, default: x}]
      tasks: [{task_key: t, run_job_task: {job_id: "${resources.jobs.main.id}"}}]
"""


def test_a_parameter_that_the_other_job_does_not_declare_is_an_error(project, of):
    project.write(databricks=TWO_JOBS)
    (error,) = of(all_findings(project.load()), "the job sub declares no parameter `day`", "error")
    assert error.location.line == 5


def test_jobs_that_run_each_other_are_named_in_full(project, of):
    project.write(databricks=TWO_JOBS)
    assert of(all_findings(project.load()), "main → sub → main", "error")


def test_aliases_in_a_bundle_are_a_warning(project, of):
    project.write(
        databricks="bundle: {name: s}\nresources: {registered_models: {m: {name: m, catalog_name: c, schema_name: s, "
        "aliases: [{alias_name: champion, version_num: 1}]}}}\n"
    )
    assert of(all_findings(project.load()), "aliases of a registered model", "warning")


def test_dynamic_versions_in_production_are_a_warning(project, of):
    project.write(
        databricks="bundle: {name: s}\ntargets: {p: {mode: production, workspace: {root_path: /Workspace/x}, "
        "presets: {artifacts_dynamic_version: true}}}\n"
    )
    assert of(all_findings(project.load()), "artifacts_dynamic_version", "warning")


def test_a_package_that_no_project_here_builds_is_a_warning_when_one_is_near(project, of):
    project.file("pyproject.toml", PYPROJECT)
    task = wheel_task("shop_elt", "ingest")
    (warning,) = of(lint(project, task), "no project here builds", "warning")
    assert "`shop-etl`" in warning.fix


@pytest.mark.parametrize(
    "pyproject",
    [
        '[tool.poetry]\nname = "shop_etl"\n[tool.poetry.scripts]\nother = "shop_etl:x"\n',
        '[project]\nname = "shop_etl"\n[project.entry-points.packages]\nother = "shop_etl:x"\n',
    ],
)
def test_every_way_to_declare_an_entry_point_counts(project, of, pyproject):
    project.file("pyproject.toml", pyproject)
    assert not of(lint(project, wheel_task("shop_etl", "other")), "no entry point")
    assert of(lint(project, wheel_task("shop_etl", "missing")), "no entry point", "error")


def test_a_task_without_anything_to_run_is_an_error(project, of):
    found = of(lint(project, "{task_key: a, notebook_task: }"), "nothing to run", "error")
    assert "notebook_task" in found[0].fix
    assert found[0].location


def test_a_task_whose_kind_is_written_wrongly_is_reported_once(project, of):
    project.write(
        databricks="bundle: {name: s}\nresources: {jobs: {j: {tasks: [{task_key: a, notebook_task: x}]}}}\n"
    )
    assert not of(all_findings(project.load()), "nothing to run")


def test_a_task_of_two_kinds_is_an_error_at_the_second(project, of):
    project.notebook("n.py")
    two = "{task_key: a, notebook_task: {notebook_path: ./n.py}, condition_task: {op: GREATER_THAN, left: '1', right: '2'}}"
    found = of(lint(project, two), "more than one kind", "error")
    assert found[0].path.endswith("notebook_task")
    assert found[0].fix == "keep one"


SINGLE_NODE = (
    "spark_conf: {spark.databricks.cluster.profile: singleNode, spark.master: 'local[*]'}, "
    "custom_tags: {ResourceClass: SingleNode}"
)
# As databricks/cli, bundle/config/validate/single_node_cluster_test.go.
CLUSTERS = [
    ("num_workers: 0", True),
    ("num_workers: 0, is_single_node: true", False),
    ("num_workers: 0, is_single_node: false", True),
    ("num_workers: 0, policy_id: p", False),
    (f"num_workers: 0, {SINGLE_NODE}", False),
    (f"num_workers: 0, {SINGLE_NODE.replace('local[*]', 'local')}", False),
    (f"num_workers: 0, {SINGLE_NODE.replace('local[*]', 'yarn')}", True),
    (f"num_workers: 0, {SINGLE_NODE.replace('SingleNode}', 'other}')}", True),
    (f"num_workers: 0, {SINGLE_NODE.partition(', custom')[0]}", True),
    ("num_workers: 1", False),
    ("autoscale: {min_workers: 0, max_workers: 2}", False),
    ("spark_version: x", False),
]


@pytest.mark.parametrize(("cluster", "reported"), CLUSTERS)
@pytest.mark.parametrize(
    "place",
    [
        "clusters: {c: {%s}}",
        "jobs: {j: {job_clusters: [{job_cluster_key: k, new_cluster: {%s}}]}}",
        "jobs: {j: {tasks: [{task_key: t, run_job_task: {job_id: 1}, new_cluster: {%s}}]}}",
        "jobs: {j: {tasks: [{task_key: t, for_each_task: {inputs: '[1]', "
        "task: {task_key: i, run_job_task: {job_id: 1}, new_cluster: {%s}}}}]}}",
        "pipelines: {p: {clusters: [{label: default, %s}]}}",
    ],
)
def test_a_cluster_without_workers_is_reported_unless_it_is_a_single_node(project, place, cluster, reported):
    project.write(databricks=f"bundle: {{name: s}}\nresources: {{{place % cluster}}}\n")
    if place.startswith("pipelines") and "is_single_node: true" in cluster:
        reported = True  # a pipeline's cluster has no such field
    found = [each for each in all_findings(project.load()) if each.code == "LW311"]
    assert [each.severity for each in found] == ["warning"] * reported
    assert all(each.path.endswith("num_workers") and each.location for each in found)


def test_a_target_that_gives_a_cluster_workers_corrects_it(project):
    project.write(
        databricks="""
        bundle: {name: s}
        resources: {jobs: {j: {job_clusters: [{job_cluster_key: k, new_cluster: {num_workers: 0}}]}}}
        targets:
          dev: {}
          prod: {resources: {jobs: {j: {job_clusters: [{job_cluster_key: k, new_cluster: {num_workers: 2}}]}}}}
        """
    )
    found = {
        target: [each.code for each in all_findings(project.load(target=target))]
        for target in ("dev", "prod")
    }
    assert found == {"dev": ["LW311"], "prod": []}
