"""What ends a deployment that runs, or displaces one that waits, in several workflows together."""

import subprocess

import pytest

from lakewright.commands.pipelines import folder_of_pipelines
from lakewright.pipelines.check import check_texts
from lakewright.project import ProjectNotFoundError

pytestmark = pytest.mark.unit
DEPLOY = """on:
  workflow_call:
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    environment: prod
    permissions: {id-token: write}
    concurrency: {group: deploy-prod, cancel-in-progress: false}
    steps:
      - run: databricks bundle deploy -t prod
"""
CALL = """on: {on}
permissions: {{}}
concurrency: {{group: {group}, cancel-in-progress: false}}
jobs:
  prod:
    permissions: {{id-token: write}}
    uses: ./.github/workflows/{called}.yml
"""


def found(**workflows):
    texts = {f".github/workflows/{name}.yml": text for name, text in workflows.items()}
    return [
        (each.file, each.line, each.rule, each.fix)
        for each in check_texts({**texts, ".github/workflows/deploy.yml": DEPLOY})
    ]


def call(on, group, called="deploy"):
    return CALL.format(on=on, group=group, called=called)


def test_workflows_that_deploy_may_not_wait_in_one_group():
    release, rollback = call("{push: {tags: [v*]}}", "prod"), call("workflow_dispatch", "prod")
    ((file, line, rule, fix),) = found(release=release, rollback=rollback)
    assert (file, line, rule) == (".github/workflows/rollback.yml", 3, "lost-deployment")
    assert "a group of its own" in fix
    assert found(release=release, rollback=rollback.replace("group: prod", "group: back")) == []


def test_a_workflow_that_deploys_through_two_others_is_known_as_one_that_deploys():
    middle = call("workflow_call", "middle").replace(
        "concurrency: {group: middle, cancel-in-progress: false}\n", ""
    )
    outer = call("push", "outer", "middle")
    assert [rule for _, _, rule, _ in found(middle=middle, outer=outer)] == ["deploys-from-any-branch"]
    outer = call("{push: {branches: [main]}}", "outer", "middle").replace("progress: false", "progress: true")
    assert [rule for _, _, rule, _ in found(middle=middle, outer=outer)] == ["lost-deployment"]


def test_the_pipelines_of_a_bundle_in_a_folder_are_those_of_the_repository(origin_of_pipelines):
    root = origin_of_pipelines
    orders = root / "orders"
    assert folder_of_pipelines(orders) == root
    assert folder_of_pipelines(root) == root
    own = orders / ".github" / "workflows"
    own.mkdir(parents=True)
    (own / "own.yml").write_text("on: push\n", encoding="utf-8")
    assert folder_of_pipelines(orders) == orders


def test_a_folder_with_neither_a_project_nor_pipelines_is_refused(tmp_path):
    with pytest.raises(ProjectNotFoundError, match="not in a project"):
        folder_of_pipelines(tmp_path)


@pytest.fixture
def origin_of_pipelines(tmp_path):
    """A repository with a workflow, and a bundle in the folder `orders`."""
    root = tmp_path / "repository"
    (root / ".github" / "workflows").mkdir(parents=True)
    (root / ".github" / "workflows" / "deploy.yml").write_text(DEPLOY, encoding="utf-8")
    (root / "orders").mkdir()
    (root / "orders" / "databricks.yml").write_text("bundle: {name: orders}\n", encoding="utf-8")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root.resolve()
