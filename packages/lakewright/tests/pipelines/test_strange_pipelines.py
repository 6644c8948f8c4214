"""Files that no CI system would read, files in places of their own, and what pipelines of other projects do."""

import os

import pytest

from lakewright.pipelines import PipelineFileError, check_pipelines
from lakewright.pipelines.check import check_texts

pytestmark = pytest.mark.unit

WORKFLOW = ".github/workflows/x.yml"
PULL_REQUEST = "on: pull_request\npermissions: {contents: read}\njobs:\n  a:\n    timeout-minutes: 5\n    runs-on: ubuntu-latest\n"


def project(folder, **files):
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def rules(texts):
    return [each.rule for each in check_texts(texts)]


ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9)
)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("name: café\n".encode("latin-1"), "no text in UTF-8"),
        ("name: x\n".encode("utf-16"), "no text in UTF-8"),
        ("a: " + "[" * 5000 + "]" * 5000, "more than 100 levels"),
        (ALIASES, "aliases that stand for more than 100000 values"),
        ("a: &a [*a]\n", "recursive"),
        ("x: !!int abc\n", "the value is no int"),
        ("x: !!timestamp abc\n", "the value is no timestamp"),
        ("a: 1\n---\nb: 2\n", "another document"),
        ("# " + "x" * 1_000_001, "more than 1,000,000 characters"),
    ],
    ids=["latin-1", "utf-16", "deep", "aliases", "recursive", "int", "timestamp", "two documents", "long"],
)
@pytest.mark.parametrize("file", [WORKFLOW, "azure-pipelines/x.yml", ".gitlab-ci.yml"])
def test_a_file_that_no_ci_system_reads_is_an_error_with_its_place(file, content, what, tmp_path):
    with pytest.raises(PipelineFileError, match=what) as raised:
        check_pipelines(project(tmp_path, **{file: content}))
    assert str(raised.value.location).startswith(file)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_the_right_to_read_it_is_an_error(tmp_path):
    project(tmp_path, **{WORKFLOW: "on: push\n"})
    (tmp_path / WORKFLOW).chmod(0)
    with pytest.raises(PipelineFileError, match="cannot be read"):
        check_pipelines(tmp_path)


def test_a_folder_and_a_link_to_itself_are_no_files_of_a_pipeline(tmp_path):
    project(tmp_path, **{".github/workflows/folder.yml/x.txt": ""})
    (tmp_path / ".github/workflows/loop.yml").symlink_to("loop.yml")
    assert check_pipelines(tmp_path) == ([], [])


def test_a_date_that_no_month_has_is_a_word():
    assert rules({".gitlab-ci.yml": "variables: {DAY: 2026-13-45}\n"}) == []


def test_a_long_line_is_read_in_little_time():
    line = "curl x " * 20_000
    assert "unseen-code" not in rules({WORKFLOW: f"{PULL_REQUEST}    steps: [{{run: '{line}'}}]\n"})


def test_a_workflow_of_github_is_no_pipeline_of_azure_devops_because_of_its_name():
    script = "    steps:\n      - run: |\n          echo a\n          echo b\n"
    assert rules({".github/workflows/azure-pipelines.yml": PULL_REQUEST + script}) == []


def test_the_header_of_a_file_of_gitlab_is_not_its_pipeline():
    text = "spec:\n  inputs: {target: {}}\n---\ndeploy:\n  script: [databricks bundle deploy -t prod]\n"
    assert "no-environment" in rules({".gitlab/ci/deploy.yml": text})


DEPLOY = "deploy:\n  script: [databricks bundle deploy -t prod]\n"


@pytest.mark.parametrize(
    "first",
    [
        "include: ci/deploy.yml\n",
        "include: [{local: /ci/deploy.yml}]\n",
        "include: {local: 'ci/*.yml'}\n",
        "start:\n  trigger: {include: ci/deploy.yml}\n",
        "start:\n  trigger: {include: [{local: ci/deploy.yml}]}\n",
    ],
)
def test_a_file_that_gitlab_includes_or_starts_is_read_wherever_it_lies(first, tmp_path):
    files, found = check_pipelines(project(tmp_path, **{".gitlab-ci.yml": first, "ci/deploy.yml": DEPLOY}))
    assert files == [".gitlab-ci.yml", "ci/deploy.yml"]
    assert {each.file for each in found if each.rule == "no-environment"} == {"ci/deploy.yml"}


def test_an_include_that_leads_out_of_the_project_is_not_followed(tmp_path):
    folder = project(tmp_path, **{"x.yml": DEPLOY, "project/.gitlab-ci.yml": "include: ../x.yml\n"})
    assert check_pipelines(folder / "project")[0] == [".gitlab-ci.yml"]


@pytest.mark.parametrize("template", ["devops/deploy.yml", "/devops/deploy.yml", "./devops/deploy.yml@self"])
def test_a_template_of_azure_devops_is_read_wherever_it_lies(template, tmp_path):
    pipeline = f"trigger: {{branches: {{include: [main]}}}}\nsteps: [{{template: {template}}}]\n"
    steps = "parameters: []\nsteps: [{script: databricks bundle deploy}]\n"
    files, found = check_pipelines(
        project(tmp_path, **{"azure-pipelines.yml": pipeline, "devops/deploy.yml": steps})
    )
    assert files == ["azure-pipelines.yml", "devops/deploy.yml"]
    assert {("azure-pipelines.yml", "deploys-pull-request"), ("devops/deploy.yml", "no-environment")} <= {
        (each.file, each.rule) for each in found
    }


@pytest.mark.parametrize("name", ["azure-pipelines.yaml", "azure-pipelines-cd.yml", ".azuredevops/cd.yml"])
def test_other_places_of_pipelines_of_azure_devops_are_read(name, tmp_path):
    files, found = check_pipelines(
        project(tmp_path, **{name: "steps: [{script: databricks bundle deploy}]\n"})
    )
    assert files == [name]
    assert found


@pytest.mark.parametrize(
    ("include", "pinned"),
    [
        ("'https://example.com/ci.yml'", False),
        ("['https://example.com/ci.yml']", False),
        ("{remote: 'https://example.com/ci.yml'}", False),
        ("{remote: 'https://example.com/ci.yml', integrity: 'sha256-BozLjE+uzwZJEC5jBWZoJ+ZfvcTiBlj80d0CsVi+ZsI='}", True),
        ("ci/build.yml", True),
    ],
)  # fmt: skip
def test_what_gitlab_includes_from_elsewhere_is_pinned(include, pinned):
    for text in (f"include: {include}\n", f"start:\n  trigger:\n    include: {include}\n"):
        assert (rules({".gitlab-ci.yml": text}) == []) is pinned


@pytest.mark.parametrize(
    ("value", "lives"),
    [("$DATABRICKS_TOKEN", True), ("${PROD_TOKEN}", True), ("$CI_JOB_TOKEN", False), ("$AZURE_ID_TOKEN", False)],
)  # fmt: skip
def test_a_token_that_gitlab_hands_on_from_its_settings_is_a_secret(value, lives):
    found = rules({".gitlab-ci.yml": f"a:\n  variables: {{DATABRICKS_TOKEN: '{value}'}}\n  script: [echo]\n"})
    assert found == (["secret"] if lives else [])


@pytest.mark.parametrize(
    "text",
    [
        "env: {ALL: '${{ toJSON(secrets) }}'}",
        "env: {ONE: '${{ secrets[matrix.name] }}'}",
        "env: {ONE: '${{ SECRETS.TOKEN }}'}",
        "with: {x: '${{ secrets }}'}",
    ],
)
def test_secrets_are_found_however_an_expression_takes_them(text):
    assert rules({WORKFLOW: f"{PULL_REQUEST}    steps: [{{name: a, {text}}}]\n"}) == ["secret"]


def test_secrets_that_are_inherited_in_braces_are_found():
    text = "on: push\npermissions: {}\njobs: {a: {uses: ./.github/workflows/y.yml, secrets: inherit}}\n"
    assert rules({WORKFLOW: text}) == ["secret"]


def test_a_word_that_ends_in_secrets_is_none():
    assert rules({WORKFLOW: f"{PULL_REQUEST}    steps: [{{name: '${{{{ inputs.secrets }}}}'}}]\n"}) == []


def test_an_identity_that_a_job_has_from_its_workflow_is_found():
    text = PULL_REQUEST.replace("contents: read", "id-token: write") + "    steps: []\n"
    assert {"identity-for-pull-request", "no-environment"} <= set(rules({WORKFLOW: text}))


@pytest.mark.parametrize(
    "machine", ["self-hosted", "[self-hosted, linux]", "{group: x, labels: [self-hosted]}"]
)
def test_a_machine_of_ones_own_does_not_run_what_a_fork_sends(machine):
    text = PULL_REQUEST.replace("ubuntu-latest", machine) + "    steps: []\n"
    assert rules({WORKFLOW: text}) == ["own-machine-for-forks"]
    ours = "    if: github.event.pull_request.head.repo.full_name == github.repository\n"
    assert rules({WORKFLOW: text + ours}) == []
    assert rules({WORKFLOW: text.replace("on: pull_request", "on: {push: {branches: [main]}}")}) == []


@pytest.mark.parametrize("value", ["github.sha", "runner.temp", "steps.a.outcome", "github.event.number"])
def test_what_nobody_can_write_a_command_into_may_stand_in_a_script(value):
    assert rules({WORKFLOW: f"{PULL_REQUEST}    steps: [{{run: 'echo ${{{{ {value} }}}}'}}]\n"}) == []


@pytest.mark.parametrize("value", ["github.head_ref", "github.sha && github.head_ref", "inputs.sha"])
def test_what_somebody_can_write_a_command_into_may_not(value):
    assert rules({WORKFLOW: f"{PULL_REQUEST}    steps: [{{run: 'echo ${{{{ {value} }}}}'}}]\n"}) == [
        "text-in-script"
    ]


def test_a_script_of_javascript_is_a_script():
    uses = "actions/github-script@60a0d83039c74a4aee543508d2ffcb1c3799cdea # v7.0.1"
    step = f"      - uses: {uses}\n        with:\n          script: core.info('${{{{ github.event.issue.title }}}}')\n"
    assert rules({WORKFLOW: f"{PULL_REQUEST}    steps:\n{step}"}) == ["text-in-script"]


def test_a_dockerfile_of_an_action_is_no_image():
    action = ".github/actions/x/action.yml"
    assert rules({action: "runs: {using: docker, image: Dockerfile}\n"}) == []
    assert rules({action: "runs: {using: docker, image: 'docker://alpine:3'}\n"}) == ["unpinned-image"]


def test_powershell_ends_at_an_error_by_itself():
    for step in (
        '{pwsh: "a\\nb"}',
        '{task: AzureCLI@2, inputs: {scriptType: pscore, inlineScript: "a\\nb"}}',
    ):
        assert rules({"azure-pipelines/x.yml": f"trigger: none\nsteps: [{step}]\n"}) == []
    assert rules({"azure-pipelines/x.yml": 'trigger: none\nsteps: [{script: "a\\nb"}]\n'}) == ["lost-failure"]


@pytest.mark.parametrize(
    "key", ["environmentServiceNameAzureRM", "azureResourceManagerConnection", "AzureSubscription"]
)
def test_a_task_that_signs_in_by_another_name_is_known(key):
    text = f"trigger: none\npr: none\nlockBehavior: sequential\nsteps: [{{task: T@4, inputs: {{{key}: prod}}}}]\n"
    assert rules({"azure-pipelines/x.yml": text}) == ["no-environment"]


@pytest.mark.parametrize(
    "command",
    [
        "databricks workspace import-dir src /Shared/x --overwrite",
        "databricks -p prod jobs run-now 5",
        "dbx deploy --environment=prod",
        "terragrunt run-all apply",
        "az deployment group create -g rg",
    ],
)
def test_other_commands_that_change_a_workspace_deploy(command):
    assert "deploys-pull-request" in rules({WORKFLOW: f"{PULL_REQUEST}    steps: [{{run: {command}}}]\n"})


@pytest.mark.parametrize(
    ("file", "text", "may_fail"),
    [
        (WORKFLOW, PULL_REQUEST + "    steps: [{run: lakewright release verify x, KEY}]\n", "continue-on-error: true"),
        (WORKFLOW, PULL_REQUEST + "    KEY\n    steps: [{run: lakewright plan-gate x}]\n", "continue-on-error: true"),
        ("azure-pipelines/x.yml", "trigger: none\nsteps: [{bash: lakewright release check v1, KEY}]\n", "continueOnError: true"),
        (".gitlab-ci.yml", "a:\n  script: [lakewright pipelines check]\n  KEY\n", "allow_failure: true"),
        (".gitlab-ci.yml", "a:\n  script: [lakewright plan-gate x]\n  KEY\n", "allow_failure: {exit_codes: 2}"),
    ],
)  # fmt: skip
def test_a_check_whose_failure_is_ignored_is_named(file, text, may_fail):
    assert rules({file: text.replace("KEY", may_fail)}) == ["lost-failure"]
    assert rules({file: text.replace("KEY", "displayName: a" if "azure" in file else "name: a")}) == []


def test_a_job_that_attests_what_was_built_needs_no_environment():
    head = PULL_REQUEST.replace("on: pull_request", "on: {push: {tags: [v1]}}").replace("contents: read", "")
    rights = "    permissions: {id-token: write, attestations: write}\n"
    assert rules({WORKFLOW: head + rights + "    steps: [{name: a}]\n"}) == []
    assert rules({WORKFLOW: head + rights + "    steps: [{run: az login}]\n"}) == ["no-environment"]
