"""An unsafe pipeline is named by file and line with its fix; a safe one of the same system is not."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from lakewright.cli import cli
from lakewright.pipelines import PipelineFileError, check_pipelines
from lakewright.pipelines.check import check_texts
from lakewright.pipelines.commands import deploys

pytestmark = pytest.mark.unit

WORKFLOW = ".github/workflows/deploy.yml"
SHA = "11bd71901bbe5b1630ceea73d27597364c9af683"
GITHUB = f"""on:
  push:
    branches: [main]
permissions: {{}}
concurrency: {{group: deploy-prod, cancel-in-progress: false}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    environment: prod
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@{SHA} # v4.2.2
        with:
          persist-credentials: false
      - name: Deploy
        env:
          TITLE: ${{{{ github.event.head_commit.message }}}}
        run: |
          # curl https://example.com/install.sh | sh
          databricks bundle deploy -t prod
"""
CHECKOUT = f"actions/checkout@{SHA} # v4.2.2"
UNSAFE_ON_GITHUB = {
    "trigger-with-rights": ("  push:\n    branches: [main]", "  pull_request_target: {}", 2),
    "deploys-from-any-branch": ("  push:\n    branches: [main]", "  push:", 2),
    "no-permissions": ("permissions: {}\n", "", 1),
    "wide-permissions": ("permissions: {}\n", "permissions: write-all\n", 4),
    "identity-for-pull-request": ("  push:\n    branches: [main]", "  pull_request:\n", 11),
    "deploys-pull-request": ("  push:\n    branches: [main]", "  pull_request:\n", 8),
    "no-environment": ("    environment: prod\n", "", 10),
    "no-timeout": ("    timeout-minutes: 30\n", "", 8),
    "no-concurrency": ("concurrency: {group: deploy-prod, cancel-in-progress: false}\n", "", 7),
    "lost-deployment": ("cancel-in-progress: false", "cancel-in-progress: true", 5),
    "unpinned-action": (CHECKOUT, "actions/checkout@v4", 15),
    "no-version": (CHECKOUT, CHECKOUT.partition(" ")[0], 15),
    "unpinned-image": (CHECKOUT, "docker://alpine:3.20", 15),
    "kept-credentials": ("          persist-credentials: false", "          fetch-depth: 2", 15),
    "text-in-script": ("bundle deploy -t prod", "bundle deploy -t ${{ inputs.target }}", 21),
    "unseen-code": ("          # curl", "          curl", 21),
    "secret": ("TITLE: ${{ github.event.head_commit.message }}", "TOKEN: ${{ secrets.DATABRICKS_TOKEN }}", 20),
    "secret-for-all-jobs": ("permissions: {}", "permissions: {}\nenv:\n  TOKEN: ${{ secrets['CI_TOKEN'] }}", 6),
    "secret-in-file": ("TITLE: ${{ github.event.head_commit.message }}", "TOKEN: dapi" + "0123456789abcdef" * 2, 20),
}  # fmt: skip

PIPELINE = "azure-pipelines/deploy.yml"
AZURE = """trigger: {branches: {include: [main]}}
pr: none
lockBehavior: sequential
stages:
  - stage: prod
    condition: and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))
    jobs:
      - deployment: prod
        environment: flights-prod
        strategy:
          runOnce:
            deploy:
              steps:
                - checkout: self
                - task: AzureCLI@2
                  env:
                    BRANCH: $(Build.SourceBranch)
                  inputs:
                    azureSubscription: flights-prod-deployer
                    scriptType: bash
                    scriptLocation: inlineScript
                    inlineScript: databricks bundle deploy -t prod
"""
UNSAFE_ON_AZURE = {
    "deploys-pull-request": ("pr: none", "pr: {branches: {include: [main]}}", 2),
    "deploys-from-any-branch": ("{include: [main]}", "{include: ['*']}", 1),
    "no-concurrency": ("lockBehavior: sequential\n", "", 1),
    "lost-deployment": ("lockBehavior: sequential", "lockBehavior: runLatest", 3),
    "no-environment": ("      - deployment: prod\n        environment: flights-prod\n", "      - job: prod\n", 14),
    "kept-credentials": ("- checkout: self", "- checkout: self\n                  persistCredentials: true", 15),
    "unpinned-action": ("AzureCLI@2", "AzureCLI", 15),
    "text-in-script": ("deploy -t prod", "deploy -t $(Build.SourceBranchName)", 22),
    "lost-failure": (": databricks bundle", ": |\n                      lakewright validate\n                      databricks bundle", 22),
    "unseen-code": (": databricks", ": curl -s https://example.com/x | sudo bash && databricks", 22),
    "secret": ("BRANCH: $(Build.SourceBranch)", "ARM_CLIENT_SECRET: $(clientSecret)", 17),
    "secret-in-file": ("BRANCH: $(Build.SourceBranch)", "URL: https://x.blob.core.windows.net/a?sv=2&sig=" + "aB3%" * 12, 17),
}  # fmt: skip

LAB = ".gitlab-ci.yml"
GITLAB = """default:
  image: python:3.12
variables:
  PIP_NO_INPUT: "1"
.deploy:
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
      when: never
    - if: $CI_COMMIT_REF_PROTECTED == "true" && $CI_COMMIT_BRANCH == "main"
  timeout: 1h
  id_tokens:
    DATABRICKS_OIDC_TOKEN: {aud: an-account}
prod:
  extends: .deploy
  environment: {name: prod, deployment_tier: production}
  resource_group: prod
  script:
    - databricks bundle deploy -t prod
"""
UNSAFE_ON_GITLAB = {
    "deploys-pull-request": ('"main"\n', '"main"\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n', 15),
    "deploys-from-any-branch": ('$CI_COMMIT_REF_PROTECTED == "true" && ', "", 14),
    "no-environment": ("  environment: {name: prod, deployment_tier: production}\n", "", 14),
    "no-concurrency": ("  resource_group: prod\n", "", 14),
    "short-token": ("  timeout: 1h\n", "", 13),
    "unpinned-image": ("python:3.12", "python", 2),
    "unpinned-action": ("default:", "include: [{project: a/b, file: c.yml, ref: main}]\ndefault:", 1),
    "unseen-code": ("    - databricks", "    - wget -qO- https://example.com/x | sh\n    - databricks", 17),
    "secret": ('PIP_NO_INPUT: "1"', "DATABRICKS_TOKEN: abc", 4),
    "secret-in-file": ('PIP_NO_INPUT: "1"', "X: glpat-" + "a1B2" * 6, 4),
    "identity-for-pull-request": (
        '"main"\n  timeout: 1h', '"main"\n    - if: $CI_MERGE_REQUEST_IID\n  timeout: 1h', 15,
    ),
}  # fmt: skip

# The pipeline of a GitLab project of its own.
TERRAFORM = ".gitlab/infrastructure.yml"
INFRASTRUCTURE = """.terraform:
  timeout: 2h
  id_tokens:
    ARM_OIDC_TOKEN: {aud: "api://AzureADTokenExchange"}
  rules:
    - if: $CI_COMMIT_REF_PROTECTED == "true" && $CI_COMMIT_BRANCH == "prod"
plan:
  extends: .terraform
  environment: {name: prod, action: prepare}
  script:
    - bash infra/terraform/run.sh plan azure prod > plan.txt
apply:
  extends: .terraform
  environment: prod
  resource_group: infrastructure
  rules:
    - if: $CI_COMMIT_REF_PROTECTED == "true" && $CI_COMMIT_BRANCH == "prod"
      when: manual
  script:
    - bash infra/terraform/run.sh apply azure prod "$(tail -n 1 plan.txt)"
"""
UNSAFE_INFRASTRUCTURE = {
    "no-approval": ("      when: manual\n", "", 13),
    "no-concurrency": ("  resource_group: infrastructure\n", "", 13),
    "no-environment": ("  environment: prod\n", "", 13),
    "deploys-from-any-branch": (
        '"prod"\n      when', '"prod"\n      when: never\n    - if: $CI_COMMIT_BRANCH == "prod"\n      when', 16,
    ),
    "deploys-pull-request": ("      when: manual\n", '      when: manual\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n', 16),
    "shared-identity": (
        "plan:\n",
        "deploy: {extends: .terraform, environment: x, resource_group: x, script: databricks bundle deploy}\nplan:\n", 14,
    ),
    "secret": ("  timeout: 2h\n", "  timeout: 2h\n  variables: {ARM_CLIENT_SECRET: abc}\n", 3),
}  # fmt: skip

SAFE = {WORKFLOW: GITHUB, PIPELINE: AZURE, LAB: GITLAB, TERRAFORM: INFRASTRUCTURE}
UNSAFE = [
    (file, rule, *change)
    for file, changes in (
        (WORKFLOW, UNSAFE_ON_GITHUB),
        (PIPELINE, UNSAFE_ON_AZURE),
        (LAB, UNSAFE_ON_GITLAB),
        (TERRAFORM, UNSAFE_INFRASTRUCTURE),
    )
    for rule, change in changes.items()
]


@pytest.mark.parametrize("file", SAFE)
def test_nothing_is_unsafe_in_a_safe_pipeline(file):
    assert check_texts({file: SAFE[file]}) == []


@pytest.mark.parametrize(
    ("file", "rule", "safe", "unsafe", "line"), UNSAFE, ids=[f"{file} {rule}" for file, rule, *_ in UNSAFE]
)
def test_what_an_edit_makes_unsafe_is_named_with_its_line(file, rule, safe, unsafe, line):
    text = SAFE[file]
    if rule == "identity-for-pull-request" and file == LAB:  # a job that signs in, and only looks
        text = text.replace("bundle deploy -t prod", "current-user me")
    assert text.count(safe) == 1
    found = [each for each in check_texts({file: text.replace(safe, unsafe)}) if each.rule == rule]
    assert [(each.file, each.line) for each in found] == [(file, line)]
    assert found[0].fix


def test_two_pipelines_of_gitlab_share_neither_jobs_nor_identities():
    assert check_texts({LAB: GITLAB, TERRAFORM: INFRASTRUCTURE.replace("plan:", "prod:")}) == []


@pytest.mark.parametrize(
    "include",
    [
        "include: [{local: .gitlab/infrastructure.yml}]",
        "include: /.gitlab/infrastructure.yml",
        "include: {local: /.gitlab/infrastructure.yml}",
    ],
)
def test_infrastructure_that_is_included_where_the_bundle_is_deployed_is_named(include):
    found = check_texts({LAB: f"{include}\n{GITLAB}", TERRAFORM: INFRASTRUCTURE})
    assert [(each.file, each.line, each.rule) for each in found] == [(TERRAFORM, 13, "shared-identity")]
    assert "a GitLab project of its own" in found[0].fix


def test_infrastructure_beside_the_bundle_is_named_also_behind_an_included_file():
    apply = INFRASTRUCTURE[INFRASTRUCTURE.index("apply:") :].replace("  extends: .terraform\n", "")
    parts = {LAB: "include: [{local: parts/more.yml}]\n" + GITLAB, ".gitlab/ci/apply.yml": apply}
    assert [(each.file, each.rule) for each in check_texts(parts)] == [
        (".gitlab/ci/apply.yml", "shared-identity")
    ]


def test_a_job_that_plans_and_applies_at_once_has_no_approval():
    both = INFRASTRUCTURE.replace(
        "    - bash infra/terraform/run.sh apply",
        "    - bash infra/terraform/run.sh plan azure prod\n    - bash infra/terraform/run.sh apply",
    )
    (found,) = check_texts({TERRAFORM: both})
    assert (found.line, found.rule) == (13, "no-approval")
    assert "plans and runs `infra/terraform/run.sh apply` at once" in found.summary
    assert "hand the sum of the plan on" in found.fix


def test_one_rule_without_a_hand_is_enough_to_be_named():
    more = INFRASTRUCTURE.replace(
        "      when: manual\n",
        '      when: manual\n    - if: $CI_COMMIT_REF_PROTECTED == "true" && $CI_PIPELINE_SOURCE == "schedule"\n',
    )
    assert [each.rule for each in check_texts({TERRAFORM: more})] == ["no-approval"]
    by_job = INFRASTRUCTURE.replace("      when: manual\n", "").replace(
        "  resource_group", "  when: manual\n  resource_group"
    )
    assert check_texts({TERRAFORM: by_job}) == []


def test_a_merge_request_of_a_reference_is_followed():
    referred = GITLAB.replace(
        "prod:\n  extends: .deploy\n",
        "prod:\n  extends: .deploy\n  rules:\n    - !reference [.loose, rules]\n",
    )
    loose = ".loose:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n"
    rules = {each.rule for each in check_texts({LAB: referred, ".gitlab/ci/loose.yml": loose})}
    assert rules == {"deploys-pull-request", "deploys-from-any-branch"}


def test_a_workflow_that_calls_a_deploying_one_for_a_pull_request_is_named():
    caller = (
        "on: pull_request\npermissions: {}\njobs:\n  deploy:\n    uses: ./.github/workflows/deploy.yml\n"
        "    permissions: {id-token: write}\n"
    )
    called = GITHUB.replace("  push:\n    branches: [main]", "  workflow_call: {}")
    found = check_texts({".github/workflows/pr.yml": caller, WORKFLOW: called})
    rules = {each.rule for each in found if each.file.endswith("pr.yml")}
    assert rules >= {"deploys-pull-request", "identity-for-pull-request"}


def test_a_pipeline_that_uses_a_deploying_template_for_pull_requests_is_named():
    template = "parameters: [{name: target, type: string}]\n" + AZURE[AZURE.index("stages:") :].replace(
        "stages:\n  - stage: prod\n    condition: and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))\n    jobs:",
        "jobs:",
    )
    user = "trigger: none\nlockBehavior: sequential\nstages:\n  - stage: x\n    jobs:\n      - template: templates/deploy.yml\n"
    files = {"azure-pipelines/templates/deploy.yml": template, "azure-pipelines/x.yml": user}
    assert [(each.file, each.rule, each.line) for each in check_texts(files)] == [
        ("azure-pipelines/x.yml", "deploys-pull-request", 1),
        ("azure-pipelines/x.yml", "deploys-pull-request", 4),
    ]


def test_code_of_a_pull_request_may_not_run_where_the_job_may_write():
    both = GITHUB.replace("  push:\n    branches: [main]", "  pull_request:").replace(
        "id-token: write", "pull-requests: write"
    )
    (found,) = [each for each in check_texts({WORKFLOW: both}) if each.rule == "writes-with-foreign-code"]
    assert found.line == 14
    assert "pull-requests" in found.summary


def test_a_plan_of_a_pull_request_signs_in_only_where_an_administrator_has_chosen_it_and_never_for_a_fork():
    guards = "vars.PLAN == 'true' && github.event.pull_request.head.repo.full_name == github.repository"
    plan = GITHUB.replace("  push:\n    branches: [main]", "  pull_request:").replace(
        "bundle deploy -t prod", "bundle plan -t dev"
    )
    guarded = plan.replace("    environment: prod\n", f"    environment: dev\n    if: {guards}\n")
    assert check_texts({WORKFLOW: guarded}) == []
    for weaker in (
        guarded.replace("vars.PLAN == 'true' && ", ""),
        guarded.replace(" && github.event.pull_request.head.repo.full_name == github.repository", ""),
        guarded.replace("&& github.event", "|| github.event"),
        guarded.replace("    environment: dev\n", ""),
    ):
        assert "identity-for-pull-request" in {each.rule for each in check_texts({WORKFLOW: weaker})}


def test_a_secret_may_be_allowed_by_its_name_and_no_other(tmp_path):
    given = GITHUB.replace(
        "TITLE: ${{ github.event.head_commit.message }}", "TOKEN: ${{ secrets.DATABRICKS_TOKEN }}"
    )
    assert check_texts({WORKFLOW: given}, allowed_secrets=frozenset({"DATABRICKS_TOKEN"})) == []
    assert len(check_texts({WORKFLOW: given}, allowed_secrets=frozenset({"TOKEN"}))) == 1


@pytest.mark.parametrize(
    ("script", "command"),
    [
        ("databricks bundle deploy -t dev", "databricks bundle deploy"),
        ("databricks -t dev --profile x bundle run test_job", "databricks -t dev --profile x bundle run"),
        ("cd infra && terraform -chdir=x \\\n  apply plan", "terraform -chdir=x apply"),
        ("tofu state rm x", "tofu state rm"),
        ("uv publish --trusted-publishing always", "uv publish"),
        ("bash infra/terraform/run.sh apply azure prod $SUM", "infra/terraform/run.sh apply"),
        ("bash infra/terraform/run.sh approve prod", "infra/terraform/run.sh approve"),
        ("bash infra/terraform/run.sh drift azure prod", None),
        ("databricks bundle plan -o json; terraform plan; # terraform apply", None),
        ("# databricks bundle deploy", None),
        ("terraform plan -out apply", None),
    ],
)
def test_what_deploys_is_known_by_its_command(script, command):
    assert deploys(script) == command


@pytest.mark.parametrize("branches", ["['**']", '["*"]', "'**'", "[main, '**']", "['*/**']"])
def test_a_pattern_of_every_branch_is_any_branch(branches):
    every = GITHUB.replace("[main]", branches)
    assert [(each.rule, each.line) for each in check_texts({WORKFLOW: every})] == [
        ("deploys-from-any-branch", 3)
    ]
    caller = (
        f"on:\n  push:\n    branches: {branches}\npermissions: {{}}\nconcurrency: {{group: a}}\njobs:\n"
        "  prod:\n    uses: ./.github/workflows/deploy.yml\n"
    )
    called = GITHUB.replace("  push:\n    branches: [main]", "  workflow_call: {}")
    found = check_texts({".github/workflows/push.yml": caller, WORKFLOW: called})
    assert [(each.rule, each.line) for each in found] == [("deploys-from-any-branch", 3)]


@pytest.mark.parametrize("branches", ["[main, 'release/**']", "['v*']", "[main]\n    tags: ['**']"])
def test_a_pattern_with_a_name_is_not_any_branch(branches):
    assert check_texts({WORKFLOW: GITHUB.replace("[main]", branches)}) == []


def test_the_command_names_place_and_fix_and_exits_with_two(tmp_path, monkeypatch):
    project(tmp_path, GITHUB.replace(CHECKOUT, "actions/checkout@v4"))
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(cli, ["pipelines", "check"])
    assert shown.exit_code == 2
    assert f"{WORKFLOW}:15: unpinned-action" in shown.output
    assert "fix: pin the commit: `actions/checkout@<40 digits> # v4`" in shown.output


def test_the_command_says_how_many_files_are_safe(tmp_path, monkeypatch):
    project(tmp_path, GITHUB)
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(cli, ["pipelines", "check"])
    assert (shown.exit_code, shown.output) == (0, "1 file, nothing unsafe\n")


def test_a_file_that_is_no_yaml_is_an_error_with_its_line(tmp_path):
    project(tmp_path, "on: push\njobs: [\n")
    with pytest.raises(PipelineFileError, match="is no YAML") as refused:
        check_pipelines(tmp_path)
    assert str(refused.value.location).startswith(f"{WORKFLOW}:")


def project(folder: Path, workflow: str) -> None:
    (folder / "databricks.yml").write_text("bundle: {name: x}\n")
    path = folder / WORKFLOW
    path.parent.mkdir(parents=True)
    path.write_text(workflow)
