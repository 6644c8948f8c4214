"""A release is deployed only behind its checks, in the same job and before the deployment."""

import pytest

from lakewright.pipelines.check import check_texts

pytestmark = pytest.mark.unit

GITHUB = """permissions: {}
jobs:
  deploy:
    steps:
      - run: lakewright release verify "$RUNNER_TEMP/release"
      - run: |
          databricks bundle plan -t prod -o json > plan.json
          lakewright plan-gate plan.json -t prod
      - env:
          LAKEWRIGHT_RELEASE: release
        run: databricks bundle deploy -t prod
"""
AZURE = """variables:
  - name: LAKEWRIGHT_RELEASE
    value: $(Pipeline.Workspace)/release
jobs:
  - deployment: prod
    strategy:
      runOnce:
        deploy:
          steps:
            - ${{ if parameters.release }}:
                - bash: lakewright release verify "$LAKEWRIGHT_RELEASE"
            - bash: |
                databricks bundle plan -t prod -o json > plan.json
                lakewright plan-gate plan.json -t prod
            - bash: databricks bundle deploy -t prod
"""
GITLAB = """.deploy:
  script:
    - databricks bundle plan -t prod -o json > plan.json
    - lakewright plan-gate plan.json -t prod
    - databricks bundle deploy -t prod
prod:
  extends: .deploy
  variables:
    LAKEWRIGHT_RELEASE: release
  before_script:
    - lakewright release verify "$LAKEWRIGHT_RELEASE"
"""
PIPELINES = {
    ".github/workflows/deploy.yml": (GITHUB, 11),
    "azure-pipelines/deploy.yml": (AZURE, 15),
    ".gitlab-ci.yml": (GITLAB, 7),
}
GUARDS = ("lakewright release verify", "lakewright plan-gate")


def unguarded(file, text):
    return [
        (each.line, each.summary) for each in check_texts({file: text}) if each.rule == "unguarded-release"
    ]


@pytest.mark.parametrize("file", PIPELINES)
def test_a_release_behind_its_checks_is_fine(file):
    assert unguarded(file, PIPELINES[file][0]) == []


@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.parametrize("file", PIPELINES)
@pytest.mark.parametrize("instead", ["true", "# {guard}"])
def test_a_check_that_was_taken_out_is_named_at_the_deployment(file, guard, instead):
    text, line = PIPELINES[file]
    # A comment in YAML itself would leave an empty command.
    changed = text.replace(guard, f"true {instead.format(guard=guard)}", 1)
    ((found, summary),) = unguarded(file, changed)
    assert (found, f"without `{guard}`" in summary) == (line, True)


def test_a_check_after_the_deployment_is_too_late():
    first = '      - run: lakewright release verify "$RUNNER_TEMP/release"\n'
    assert [
        line for line, _ in unguarded(".github/workflows/deploy.yml", GITHUB.replace(first, "") + first)
    ] == [10]


def test_a_deployment_that_builds_its_own_wheels_needs_no_release():
    own = GITHUB.replace("      - env:\n          LAKEWRIGHT_RELEASE: release\n        run", "      - run")
    assert unguarded(".github/workflows/deploy.yml", own.replace("release verify", "validate")) == []
