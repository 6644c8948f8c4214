"""The choice of a target, and how it is laid over the bundle."""

import subprocess

import pytest

from lakewright.bundle import LocalOverlay, all_findings
from lakewright.bundle.load import load_all_targets

pytestmark = pytest.mark.unit

TWO = "bundle: {name: shop}\ntargets:\n  dev: {}\n  prod: {}\n"


def test_without_targets_there_is_one_called_default(project):
    project.write(databricks="bundle: {name: shop}\n")
    bundle = project.load()
    assert (bundle.target, bundle.resolved["bundle"]["target"]) == ("default", "default")


def test_the_only_target_is_chosen(project):
    project.write(databricks="bundle: {name: shop}\ntargets: {lab: }\n")
    assert project.load().target == "lab"


def test_an_unknown_target_is_an_error_with_the_nearest_name(project, of):
    project.write(databricks=TWO)
    (error,) = of(project.load(target="prd").diagnostics, "no such target", "error")
    assert "`prod`" in error.fix


DEFAULTED = "bundle: {name: shop}\ntargets: {dev: {default: true}, prod: {}}\n"


@pytest.mark.parametrize(
    ("environ", "named", "target"),
    [
        ({}, None, "dev"),
        ({"DATABRICKS_BUNDLE_TARGET": "prod"}, None, "prod"),
        ({"DATABRICKS_BUNDLE_ENV": "prod"}, None, "prod"),  # its name in versions of the CLI before 0.203.2
        ({"DATABRICKS_BUNDLE_TARGET": "dev", "DATABRICKS_BUNDLE_ENV": "prod"}, None, "dev"),
        ({"DATABRICKS_BUNDLE_TARGET": "", "DATABRICKS_BUNDLE_ENV": "prod"}, None, "dev"),
        ({"DATABRICKS_BUNDLE_TARGET": "prod"}, "dev", "dev"),
    ],
)
def test_the_environment_names_the_target_where_no_option_does(project, environ, named, target):
    project.write(databricks=DEFAULTED)
    assert project.load(target=named, environ=environ).target == target


def test_an_unknown_target_of_the_environment_is_reported_with_the_variable(project, of):
    project.write(databricks=DEFAULTED)
    bundle = project.load(environ={"DATABRICKS_BUNDLE_TARGET": "prd"})
    (error,) = of(bundle.diagnostics, "no such target", "error")
    assert "`DATABRICKS_BUNDLE_TARGET` names this one" in error.detail
    assert error.fix == "did you mean `prod`?"


def test_all_targets_are_loaded_whatever_the_environment_names(project):
    project.write(databricks=DEFAULTED)
    bundles = load_all_targets(project.root, environ={"DATABRICKS_BUNDLE_TARGET": "none"})
    assert [(bundle.target, bundle.diagnostics) for bundle in bundles] == [("dev", ()), ("prod", ())]


def test_several_targets_without_a_default_ask_for_a_choice(project, of):
    project.write(databricks=TWO)
    (error,) = of(project.load().diagnostics, "please specify target", "error")
    assert "-t dev" in error.fix


def test_two_default_targets_are_refused(project, of):
    project.write(databricks="bundle: {name: s}\ntargets: {a: {default: true}, b: {default: true}}\n")
    assert of(project.load().diagnostics, "multiple targets are marked as default", "error")


def test_an_unknown_mode_is_refused_with_the_nearest(project, of):
    project.write(databricks="bundle: {name: s}\ntargets: {a: {mode: developement}}\n")
    (error,) = of(project.load().diagnostics, "unsupported value 'developement'", "error")
    assert "`development`" in error.fix


def test_a_target_is_merged_deeply_and_lists_are_folded_by_their_keys(project):
    project.write(
        databricks="""
        bundle: {name: shop}
        resources:
          jobs:
            j:
              parameters: [{name: a, default: "1"}, {name: b, default: "2"}]
              job_clusters: [{job_cluster_key: k, new_cluster: {num_workers: 1, spark_version: x}}]
              tasks:
                - {task_key: z, job_cluster_key: k, timeout_seconds: 5}
                - {task_key: a, timeout_seconds: 1}
              tags: {team: one}
          pipelines:
            p: {name: p, clusters: [{num_workers: 1}, {label: MAINTENANCE, num_workers: 1}]}
        targets:
          prod:
            resources:
              jobs:
                j:
                  parameters: [{name: b, default: "3"}]
                  job_clusters: [{job_cluster_key: k, new_cluster: {num_workers: 9}}]
                  tasks: [{task_key: z, timeout_seconds: 7}]
                  tags: {owner: two}
              pipelines:
                p: {clusters: [{label: default, num_workers: 4}]}
        """
    )
    bundle = project.load()
    job = bundle.jobs["j"]
    assert job["parameters"] == [{"name": "a", "default": "1"}, {"name": "b", "default": "3"}]
    assert job["job_clusters"] == [
        {"job_cluster_key": "k", "new_cluster": {"num_workers": 9, "spark_version": "x"}}
    ]
    assert [task["task_key"] for task in job["tasks"]] == ["a", "z"]
    assert job["tasks"][1] == {"task_key": "z", "job_cluster_key": "k", "timeout_seconds": 7}
    assert job["tags"] == {"team": "one", "owner": "two"}
    clusters = bundle.resolved["resources"]["pipelines"]["p"]["clusters"]
    assert clusters == [{"label": "default", "num_workers": 4}, {"label": "maintenance", "num_workers": 1}]


def test_a_merged_value_is_located_where_it_was_last_set(project):
    project.write(
        databricks="bundle: {name: s}\nresources: {jobs: {j: {name: a}}}\ntargets:\n  x:\n    resources: {jobs: {j: {name: b}}}\n"
    )
    bundle = project.load()
    assert bundle.locate("resources.jobs.j.name").line == 5
    assert [place.line for place in bundle.locations["resources.jobs.j.name"]] == [5, 2]


def test_values_of_different_kinds_do_not_merge(project, of):
    project.write(
        databricks="bundle: {name: s}\nvariables: {t: {default: x}}\nresources: {jobs: {j: {tasks: '${var.t}'}}}\n"
        "targets: {x: {resources: {jobs: {j: {tasks: [{task_key: a}]}}}}}\n"
    )
    (error,) = of(project.load().diagnostics, "cannot merge a sequence over a string", "error")
    assert error.path == "resources.jobs.j.tasks"
    assert error.related


def test_the_environments_of_a_target_are_added_to_those_of_the_job(project):
    project.write(
        databricks="""
        bundle: {name: s}
        resources: {jobs: {j: {environments: [{environment_key: a, spec: {environment_version: "4"}}]}}}
        targets:
          x:
            resources:
              jobs: {j: {environments: [{environment_key: a, spec: {dependencies: [pytest]}}, {environment_key: b}]}}
        """
    )
    bundle = project.load()
    assert bundle.jobs["j"]["environments"] == [
        {"environment_key": "a", "spec": {"environment_version": "4"}},
        {"environment_key": "a", "spec": {"dependencies": ["pytest"]}},
        {"environment_key": "b"},
    ]
    (error,) = [found for found in all_findings(bundle) if found.code == "LW132"]
    assert error.path == "resources.jobs.j.environments[1].environment_key"


def test_the_run_as_of_a_target_replaces_that_of_the_bundle(project):
    project.write(
        databricks="bundle: {name: s}\nrun_as: {user_name: a@b.c}\nresources: {jobs: {j: {name: n}}}\n"
        "targets: {x: {run_as: {service_principal_name: robot}}}\n"
    )
    assert project.load().jobs["j"]["run_as"] == {"service_principal_name": "robot"}


def test_the_old_name_environments_still_counts_but_not_beside_targets(project, of):
    project.write(databricks="bundle: {name: s}\nenvironments: {old: {}}\n")
    assert project.load().target == "old"
    project.write(databricks="bundle: {name: s}\nenvironments: {old: {}}\ntargets: {new: {}}\n")
    assert of(project.load().diagnostics, "both 'environments' and 'targets'", "error")


def test_a_local_overlay_names_the_environment_and_leaves_the_target(project):
    project.write(
        databricks="bundle: {name: s}\ntargets: {dev: {}}\nresources: {jobs: {j: {name: '${bundle.environment}'}}}\n"
    )
    bundle = project.load(local=LocalOverlay())
    assert (bundle.target, bundle.environment, bundle.jobs["j"]["name"]) == ("dev", "local", "local")


def git(folder, *arguments):
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def test_git_gives_branch_commit_and_origin_without_credentials(project):
    project.write(databricks="bundle: {name: s}\nresources: {jobs: {j: {name: '${bundle.git.commit}'}}}\n")
    git(project.root, "init", "-q", "-b", "topic")
    git(project.root, "remote", "add", "origin", "https://me:secret@example.org/a/b.git")
    git(
        project.root,
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b.c",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "x",
    )
    bundle = project.load()
    facts = bundle.resolved["bundle"]["git"]
    assert facts["branch"] == facts["actual_branch"] == "topic"
    assert facts["origin_url"] == "https://example.org/a/b.git"
    assert len(bundle.jobs["j"]["name"]) == 40


def test_another_branch_than_the_configured_one_is_a_warning(project, of):
    project.write(databricks="bundle: {name: s, git: {branch: main}}\n")
    git(project.root, "init", "-q", "-b", "topic")
    (warning,) = of(project.load().diagnostics, "not on the right Git branch", "warning")
    assert warning.fix == "git switch -c main"
    assert "no branch `main` yet" in warning.detail


@pytest.mark.parametrize("reference", ["refs/heads/main", "refs/remotes/origin/main"])
def test_a_branch_that_is_there_is_switched_to(project, of, reference):
    project.write(databricks="bundle: {name: s, git: {branch: main}}\n")
    git(project.root, "init", "-q", "-b", "topic")
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgSign=false")
    git(project.root, *identity, "commit", "-q", "--allow-empty", "-m", "x")
    git(project.root, "update-ref", reference, "HEAD")
    (warning,) = of(project.load().diagnostics, "not on the right Git branch", "warning")
    assert warning.fix == "git switch main"
    assert "yet" not in warning.detail


def test_the_current_user_is_a_guess_that_names_its_source(project):
    project.write(databricks="bundle: {name: s}\n")
    git(project.root, "init", "-q")
    git(project.root, "config", "user.email", "Eva.Maria@example.org")
    bundle = project.load(environ={})
    user = bundle.resolved["workspace"]["current_user"]
    assert (user["userName"], user["short_name"], user["domain_friendly_name"]) == (
        "Eva.Maria@example.org",
        "eva_maria",
        "eva-maria",
    )
    assert bundle.user_source == "git config user.email"


def test_a_local_run_records_changes_that_are_not_committed(project):
    file = project.file("databricks.yml", "bundle: {name: s}\n")
    commit = ("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "-m", "x")

    def sha(local):
        return project.load(local=local).resolved["bundle"]["git"].get("commit")

    assert (sha(LocalOverlay()), sha(None)) == ("unknown", None)
    git(project.root, "init", "-q")
    git(project.root, "add", ".")
    git(project.root, *commit)
    assert sha(LocalOverlay()) == sha(None)
    file.write_text("bundle: {name: s}\n# changed\n", encoding="utf-8")
    assert sha(LocalOverlay()) == f"{sha(None)}-dirty"


def test_grants_to_one_principal_become_one_entry(project):
    project.write(
        databricks="""
        bundle: {name: s}
        resources: {schemas: {s: {name: s, catalog_name: c, grants: [{principal: team, privileges: [SELECT]}]}}}
        targets: {x: {resources: {schemas: {s: {grants: [{principal: team, privileges: [SELECT, MODIFY]}]}}}}}
        """
    )
    grants = project.load().resolved["resources"]["schemas"]["s"]["grants"]
    assert grants == [{"principal": "team", "privileges": ["SELECT", "MODIFY"]}]


def test_a_pool_decides_the_node_types_of_its_clusters(project):
    project.write(
        databricks="""
        bundle: {name: s}
        resources:
          jobs:
            j:
              job_clusters:
                - {job_cluster_key: a, new_cluster: {instance_pool_id: p, node_type_id: big, spark_version: x}}
                - {job_cluster_key: b, new_cluster: {driver_instance_pool_id: p, node_type_id: big, autoscale: {min_workers: 1}}}
        """
    )
    first, second = (entry["new_cluster"] for entry in project.load().jobs["j"]["job_clusters"])
    assert first == {"instance_pool_id": "p", "spark_version": "x", "num_workers": 0}
    assert second == {"node_type_id": "big", "autoscale": {"min_workers": 1}}


def test_an_empty_section_of_a_target_leaves_that_of_the_bundle(project):
    project.write(
        databricks="bundle: {name: s}\nrun_as: {user_name: a@b.c}\npermissions: [{level: CAN_VIEW, user_name: eva}]\n"
        "presets: {tags: {team: x}}\nresources: {jobs: {j: {name: n}}}\n"
        "targets: {x: {run_as: , permissions: , presets: , resources: , sync: , git: , variables: , workspace: , bundle: }}\n"
    )
    bundle = project.load()
    assert bundle.resolved["run_as"] == bundle.jobs["j"]["run_as"] == {"user_name": "a@b.c"}
    assert bundle.resolved["permissions"] == [{"level": "CAN_VIEW", "user_name": "eva"}]
    assert bundle.jobs["j"]["tags"] == {"team": "x"}
    assert not bundle.has_errors


def test_an_empty_section_of_a_target_adds_nothing(project):
    project.write(
        databricks="bundle: {name: s}\ntargets: {x: {run_as: , permissions: , artifacts: , resources: }}\n"
    )
    assert not {"run_as", "permissions", "artifacts", "resources"} & set(project.load().resolved)
