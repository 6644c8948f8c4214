"""Bad input: anchors and merges, paths as Windows writes them, kinds of resources that do not exist, no host, many mistakes at once."""

import pytest

from lakewright.bundle import all_findings, load_all_targets, load_bundle

pytestmark = pytest.mark.unit

TASK = "{task_key: t, environment_key: d, spark_python_task: {python_file: %s}}"
JOB = "bundle: {name: s}\nresources: {jobs: {j: {environments: [{environment_key: d, spec: {environment_version: '4'}}], tasks: [%s]}}}\n"

MERGED = """\
bundle: {name: s}
definitions:
  small: &small {spark_version: 17.3.x-scala2.13, num_workers: 1}
  tags: &tags {team: data, cost: "7"}
resources:
  jobs:
    a:
      tags: {<<: *tags, team: sales}
      job_clusters:
        - {job_cluster_key: k, new_cluster: {<<: *small, num_workers: 2}}
      tasks: &tasks
        - {task_key: t, job_cluster_key: k, notebook_task: {notebook_path: n.py}}
    b:
      job_clusters: [{job_cluster_key: k, new_cluster: *small}]
      tasks: *tasks
targets: {dev: {default: true}, prod: {resources: {jobs: {a: {tags: {cost: "8"}}}}}}
"""


def test_anchors_and_merges_mean_the_same_in_every_target(project):
    project.notebook("n.py")
    project.write(databricks=MERGED)
    dev, prod = load_all_targets(project.root)
    for bundle, cost in ((dev, "7"), (prod, "8")):
        assert all_findings(bundle) == ()
        a, b = bundle.jobs["a"], bundle.jobs["b"]
        assert a["tags"] == {"team": "sales", "cost": cost}
        assert [job["job_clusters"][0]["new_cluster"]["num_workers"] for job in (a, b)] == [2, 1]
        assert b["tasks"][0]["notebook_task"]["notebook_path"].endswith("/files/n")
    assert dev == load_bundle(project.root, target="dev")


def test_a_mistake_behind_an_anchor_names_the_line_of_the_anchor(project):
    project.write(databricks=MERGED.replace("notebook_path: n.py", "notebook_path: gone.py"))
    places = {found.location.line for found in all_findings(project.load()) if found.code == "LW402"}
    assert places == {12}


@pytest.mark.parametrize("path", [r"'src\load.py'", r"'.\src\load.py'", r"'..\load.py'"])
def test_backslashes_in_a_path_are_named_where_they_separate_nothing(project, path):
    project.file("src/load.py", "print(1)\n")
    project.write(databricks=JOB % (TASK % path))
    (found,) = [each for each in all_findings(project.load()) if each.code == "LW405"]
    assert "write slashes in place of backslashes" in found.fix


def test_a_backslash_between_double_quotes_is_explained(project):
    project.write(databricks=JOB % (TASK % r'".\src\load.py"'))
    (found,) = all_findings(project.load())
    assert (found.code, found.location.line) == ("LW102", 2)
    assert "use single quotes" in found.fix


def test_an_include_with_backslashes_is_explained(project):
    project.file("resources/a.yml", "resources: {}\n")
    project.write(databricks="bundle: {name: s}\ninclude: ['resources\\*.yml']\n")
    (found,) = all_findings(project.load())
    assert found.fix == "write slashes in place of backslashes"


@pytest.mark.parametrize("path", [r"'C:\work\load.py'", "'c:/work/load.py'"])
def test_the_path_of_a_drive_is_refused(project, path):
    project.write(databricks=JOB % (TASK % path))
    assert [found.code for found in all_findings(project.load())] == ["LW414"]


@pytest.mark.parametrize("path", ["s3://bucket/load.py", "dbfs:/load.py", "/Workspace/load.py"])
def test_addresses_and_paths_of_the_workspace_are_no_drives(project, path):
    project.write(databricks=JOB % (TASK % path))
    assert "LW414" not in {found.code for found in all_findings(project.load())}


def test_an_unknown_kind_of_resource_is_named_with_the_nearest_one(project):
    project.write(databricks="bundle: {name: s}\nresources: {pipeline: {p: {name: x}}}\n")
    (found,) = [each for each in all_findings(project.load()) if each.code == "LW301"]
    assert found.location.line == 2
    assert "`pipelines`" in found.fix


@pytest.mark.parametrize("host", ["", "workspace: {host: }\n", "workspace: {host: ''}\n"])
def test_a_missing_host_does_not_stop_the_check(project, host):
    project.write(databricks=f"bundle: {{name: s}}\n{host}")
    assert not [found for found in all_findings(project.load()) if found.severity == "error"]


def test_hundreds_of_mistakes_are_all_reported_once_in_order(project):
    jobs = "".join(f"    j{n}: {{nme: x, tasks: [{TASK % f'gone_{n}.py'}]}}\n" for n in range(300))
    project.write(databricks=f"bundle: {{name: s}}\nresources:\n  jobs:\n{jobs}")
    found = all_findings(project.load())
    for code in ("LW301", "LW405"):
        lines = [each.location.line for each in found if each.code == code]
        assert lines == list(range(4, 304))


@pytest.mark.parametrize("other", ["resources: {jobs: {a: {name: x}}}", "scripts: {a: {content: ls}}"])
def test_a_script_has_a_key_of_its_own_among_scripts_and_resources(project, other):
    project.write(
        databricks="bundle: {name: s}\ninclude: [b.yml]\nscripts: {a: {content: pwd}}\n", b=f"{other}\n"
    )
    (found,) = [each for each in all_findings(project.load()) if each.code == "LW129"]
    assert {place.file.name for place in (found.location, *found.related)} == {"databricks.yml", "b.yml"}
