"""The steps of the pipelines of a rendered project, job by job, executed on a machine that is set up as the CI system's is.

What is executed, and what cannot be and why, is the list in `docs/reference/pipelines.md`; a step without an entry fails here.
"""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pipelines_page
import pytest
from bundle_plans import direct, entry
from pipelines.azure_jobs import azure_jobs
from pipelines.executed import commands_of, entry_of, known_commands, unknown
from pipelines.github_jobs import github_jobs
from pipelines.gitlab_jobs import gitlab_jobs
from pipelines.machine import Machine, StepFailedError, commit, git, repository
from pipelines.rendering import ROOT, TEMPLATE, of_pipelines, questions, render
from pipelines.steps import Job, Step

from lakewright.scaffold import render_project
from lakewright.wheels.folder import carry
from lakewright.wheels.sources import from_here

pytestmark = pytest.mark.unit

HOST = "https://adb-1234567890123456.7.azuredatabricks.net"
# What infra/terraform/run.sh prints for the change that the stand-in of Terraform plans.
SUM = sha256(b'[[{"address": "a"}], {}]').hexdigest()
DEPLOYER = "11111111-2222-3333-4444-555555555555"


@pytest.fixture(scope="module")
def projects(tmp_path_factory):
    """A rendered project with its wheels, for each system and branching; made once."""
    made: dict[tuple[str, str], Path] = {}
    wheels = from_here()

    def project(system: str, branching: str) -> Path:
        if (system, branching) not in made:
            folder = tmp_path_factory.mktemp(system) / "flights"
            answers = {"ci": system, "branching": branching, "workspace_host": HOST}
            made[system, branching] = render_project(folder, answers=answers, ask=False)
            carry(folder, wheels, index=None)
        return made[system, branching]

    return project


def machine_of(system: str, branching: str, project: Path, folder: Path) -> Machine:
    """A machine with the project at the commit of version v1.0.0."""
    checkout = repository(folder, project, ("main", "dev") if branching == "branches" else ("main",))
    home = folder / "home"
    home.mkdir()
    if system == "gitlab":
        return Machine(system, checkout, home, {}, gitlab_environment(checkout, branching))
    if system == "github":
        return Machine(system, checkout, home, {}, github_environment(checkout, home))
    variables = azure_variables(checkout, home)
    given = {
        name.upper().replace(".", "_"): value
        for name, value in variables.items()
        if name
        not in ("System.AccessToken", "resources.pipeline.staging.sourceCommit")  # never given on their own
    }
    for name in ("Pipeline.Workspace", "Agent.TempDirectory", "Build.ArtifactStagingDirectory"):
        Path(variables[name]).mkdir(parents=True)
    return Machine(system, checkout, home, variables, given)


def azure_variables(checkout: Path, home: Path) -> dict[str, str]:
    return {
        "System.AccessToken": "made-for-the-run",
        "System.TeamFoundationCollectionUri": "https://dev.azure.com/acme/",
        "System.PlanId": "plan",
        "System.JobId": "job",
        "System.TeamProjectId": "project",
        "System.HostType": "build",
        "System.PullRequest.TargetBranchName": "main",
        "plan.plan.sum": SUM,
        "Build.SourceBranch": "refs/tags/v1.0.0",
        "Build.ArtifactStagingDirectory": str(home / "staging"),
        "Pipeline.Workspace": str(home / "workspace"),
        "Agent.TempDirectory": str(home / "temp"),
        "Agent.ToolsDirectory": str(home / "tools"),
        "resources.pipeline.staging.sourceCommit": git(checkout, "rev-parse", "v1.0.0"),
        **{f"deployer_{target}": DEPLOYER for target in ("dev", "staging", "prod")},
    }


def github_environment(checkout: Path, home: Path) -> dict[str, str]:
    (home / "temp").mkdir()
    for name in ("summary", "output", "path"):
        (home / name).touch()
    return {
        "RUNNER_TEMP": str(home / "temp"),
        "GITHUB_STEP_SUMMARY": str(home / "summary"),
        "GITHUB_OUTPUT": str(home / "output"),
        "GITHUB_PATH": str(home / "path"),
        "GITHUB_SHA": git(checkout, "rev-parse", "HEAD"),
        "GITHUB_REPOSITORY": "acme/flights",
        "GITHUB_REF_NAME": "v1.0.0",
        "GITHUB_RUN_ID": "7",
        "GITHUB_WORKSPACE": str(checkout),
    }


def github_values(commit: str = "", temp: str = "temp") -> dict[str, str]:
    """What the names in the expressions of the workflows are in the run that is played."""
    return {
        "github.token": "made-for-the-run",
        "github.repository": "acme/flights",
        "github.server_url": "https://github.com",
        "github.run_id": "7",
        "github.event.before": "HEAD^1",
        "github.event.pull_request.number": "7",
        "runner.temp": temp,
        "matrix.bundle": ".",
        "matrix.target": "staging",
        "matrix.root": "azure",
        "vars.DATABRICKS_CLIENT_ID": DEPLOYER,
        "vars.DATABRICKS_HOST": HOST,
        **{f"vars.ARM_{name}_ID": DEPLOYER for name in ("CLIENT", "TENANT", "SUBSCRIPTION")},
        "inputs.target": "prod",
        "inputs.tag": "v1.0.0",
        "inputs.run": "7",
        "inputs.reason": "it is worse",
        "github.ref": "refs/heads/main",
        "inputs.environment": "prod",
        "inputs.root": "azure",
        "steps.version.outputs.version": "1.11.4",
        "steps.plan.outputs.sum": "",
        "needs.plan.outputs.sum": SUM,
        "matrix.bundle.folder": ".",
        "matrix.bundle.tag": "v1.0.0",
        "github.ref_type": "tag",
        "steps.bundle.outputs.folder": ".",
        "steps.name.outputs.artifact": "release",
        "needs.build.outputs.folder": ".",
        "needs.build.outputs.artifact": "release",
        "needs.*.result": "success skipped",
        "needs.compare.outputs.table": "| a | b |",
        "needs.plan.outputs.plan": "nothing changes",
        "needs.release.outputs.commit": commit,
        **{f"steps.{name}.outcome": "success" for name in ("bundle", "grants", "needs")},
    }


def gitlab_environment(checkout: Path, branching: str) -> dict[str, str]:
    return {
        "CI_PROJECT_DIR": str(checkout),
        "CI_PROJECT_ID": "7",
        "CI_API_V4_URL": "https://gitlab.example.com/api/v4",
        "CI_JOB_TOKEN": "made-for-the-run",
        "CI_COMMIT_TAG": "v1.0.0" if branching == "tags" else "",
        "CI_JOB_URL": "https://gitlab.example.com/acme/flights/-/jobs/7",
        "GITLAB_USER_LOGIN": "someone",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(checkout, "rev-parse", "v0.1.0"),
        "DATABRICKS_CLIENT_ID": DEPLOYER,
        # In the project of the infrastructure, whose branches are its environments.
        "CI_COMMIT_BRANCH": "prod",
        **{f"ARM_{name}_ID": DEPLOYER for name in ("CLIENT", "TENANT", "SUBSCRIPTION")},
    }


def jobs_of(system: str, files: dict[str, str], values: dict[str, str] | None = None) -> Iterator[Job]:
    """Yield every job of a system's pipelines; those that are started by hand with what can be chosen."""
    for file, text in files.items() if system == "github" else ():
        if file.startswith(".github/workflows/") and "workflow_call:" not in text:
            for job in github_jobs(files, file, values or github_values()):
                yield replace(job, name=f"{Path(file).stem}: {job.name}")
    if system == "gitlab":
        yield from gitlab_jobs(files)
    for file in files if system == "azure_devops" else ():
        if "/templates/" not in file:
            yield from azure_jobs(
                files,
                file,
                {"roll_back_model": True, "reason": "it is worse"}
                if file.endswith("deploy-prod.yml")
                else None,
            )


# The jobs whose files a job needs, which run before it on the same machine.
NEEDS = {
    "staging": "build",
    "prod": "build",
    "release: staging / deploy": "release: build",
    "release: prod / deploy": "release: build",
    "release: publish": "release: build",
    "rollback: release": "release: build",
    "rollback: deploy / deploy": "release: build",
    "release: release / staging / deploy": "release: release / build",
    "release: release / prod / deploy": "release: release / build",
    "apply_azure": "plan_azure",
    "apply_databricks": "plan_databricks",
}
_DEPLOYING = ("dev", "build", "staging", "prod", "drift_dev", "drift_staging", "drift_prod")
_ON_AZURE = (
    *("checks", "tests", "infrastructure", "plan", "apply"),
    *("infrastructure_staging", "infrastructure_prod"),
)
_INFRASTRUCTURE_ON_GITLAB = (
    *("infrastructure", "plan_azure", "apply_azure", "plan_databricks", "apply_databricks"),
    *("compare_staging", "compare_prod"),
)
_ON_GITHUB = (
    *("access: compare", "access: comment / comment"),
    *("deploy_dev: changed", "deploy_dev: deploy / deploy"),
    *("drift: compare", "drift: infrastructure", "drift: report"),
    *("infrastructure: plan", "infrastructure: apply"),
    *("pull_request: changed", "pull_request: check", "pull_request: test", "pull_request: workflows"),
    *("pull_request: infrastructure", "pull_request: passed"),
    *("pull_request: dependencies", "pull_request: plan", "pull_request: comment / comment"),
    *("rollback: release", "rollback: stop", "rollback: deploy / deploy", "rollback: model"),
    "drift: bundles",
)
_RELEASE = ("release: build", "release: staging / deploy", "release: prod / deploy", "release: publish")
_OF_BUNDLE = (
    "release: changed",
    "release: release / build",
    "release: release / staging / deploy",
    "release: release / prod / deploy",
)
_LABELS = ("labels: labels",) if any(TEMPLATE.glob("*github*/workflows/labels.yml*")) else ()
JOBS = {
    ("github", "tags"): (*_ON_GITHUB, *_LABELS, *_RELEASE),
    ("github", "branches"): (*_ON_GITHUB, *_LABELS, *_OF_BUNDLE),
    ("azure_devops", "tags"): (*_ON_AZURE, *_DEPLOYING),
    ("azure_devops", "branches"): (*_ON_AZURE, *_DEPLOYING),
    ("gitlab", "tags"): (
        *_INFRASTRUCTURE_ON_GITLAB,
        "checks",
        "tests",
        "pipeline",
        "roll_back_model",
        "start_drift",
        *_DEPLOYING,
    ),
    ("gitlab", "branches"): (
        *_INFRASTRUCTURE_ON_GITLAB,
        "checks",
        "tests",
        "pipeline",
        "roll_back_model",
        *_DEPLOYING,
    ),
}


def test_every_job_is_among_those_that_are_executed(tmp_path):
    found = {
        (system, branching): sorted(
            job.name for job in jobs_of(system, rendered(tmp_path, system, branching))
        )
        for system, branching in JOBS
    }
    assert found == {key: sorted(jobs) for key, jobs in JOBS.items()}


def rendered(folder: Path, system: str, branching: str, **answers: str) -> dict[str, str]:
    name = "-".join((system, branching, *answers, str(abs(hash(tuple(answers.values()))))))
    return of_pipelines(render(folder / name, {"ci": system, "branching": branching, **answers}))


def steps_of_every_answer(folder: Path) -> Iterator[Step]:
    """Yield the steps with each answer that adds or changes one."""
    more = (
        [{"infrastructure": "none"}, {"infrastructure": "azure"}] if "infrastructure" in questions() else [{}]
    )
    for system, branching in JOBS:
        for answers in (*more, {"package_index": "https://pypi.example.com/simple"}):
            for job in jobs_of(system, rendered(folder, system, branching, **answers)):
                yield from job.steps


def test_the_list_of_what_is_executed_has_every_command_and_no_other(tmp_path):
    steps = list(steps_of_every_answer(tmp_path))
    assert {command for step in steps for command in unknown(step)} == set()
    used = {entry_of(command) for step in steps for command in commands_of(step)}
    parts = {
        path.name for path in TEMPLATE.rglob("*") if "infra" in path.name or path.name == "labels.yml.jinja"
    }
    missing = {"terraform"} if not any("infra" in name for name in parts) else set()
    missing |= {"sync_labels"} if "labels.yml.jinja" not in parts else set()
    wanted = {each for each in known_commands() if not any(word in each.command for word in missing)}
    assert {each.command for each in wanted} == {each.command for each in used if each}


def test_a_step_with_a_new_command_is_noticed():
    assert unknown(Step("new", "set -e\nlakewright validate && frobnicate --now # x\necho $(newer a)")) == [
        "frobnicate --now",
        "newer a",
    ]
    assert unknown(Step("new", uses="some/action")) == ["some/action"]


def test_the_page_has_the_list_and_every_rule_of_the_check():
    text = pipelines_page.PAGE.read_text(encoding="utf-8")
    assert text == pipelines_page.page(text), "make pipelines-page"
    folder = ROOT / "packages" / "lakewright" / "src" / "lakewright" / "pipelines"
    sources = (*folder.glob("*.py"), *(folder / "turns").glob("*.py"))
    named = {
        word
        for source in sources
        for word in re.findall(r'"([a-z]+(?:-[a-z]+)+|secret)"', source.read_text())
    }
    rules = named - {
        "azure-pipelines",
        "cancel-in-progress",
        "id-token",
        "persist-credentials",
        "runs-on",
        "security-events",
        "timeout-minutes",
    }
    assert len(rules) > 15
    assert [rule for rule in sorted(rules) if f"`{rule}`" not in text] == []


@pytest.mark.drawn(2)
@pytest.mark.parametrize(
    ("system", "branching", "name"),
    [(system, branching, job) for (system, branching), jobs in JOBS.items() for job in jobs],
)
def test_every_step_of_a_job_succeeds_in_a_project_that_is_in_order(
    system, branching, name, projects, tmp_path
):
    machine = machine_of(system, branching, projects(system, branching), tmp_path)
    jobs = {job.name: job for job in jobs_of(system, pipelines_in(machine.checkout), values_for(machine))}
    before = NEEDS.get(name, "")
    for each in filter(None, (before if before in jobs else before.replace(": ", ": release / "), name)):
        machine.run(jobs[each])
    called = machine.calls("databricks")
    name = SAME.get(name, name)
    if name in ("dev", "staging", "prod"):
        plan = next(call for call in called if call[:2] == ["bundle", "plan"])
        deploy = next(call for call in called if call[:2] == ["bundle", "deploy"])
        assert plan[2:4] == deploy[2:4] == ["-t", name]
        assert called.index(plan) < called.index(deploy)
    if name in ("dev", "staging"):
        assert ["bundle", "run", "-t", name, "test_job"] in called
    if name.startswith("drift") or name in ("checks", "tests"):
        assert not [call for call in called if call[:2] in (["bundle", "deploy"], ["bundle", "run"])]
    if name in ("checks", "tests"):
        assert called == []
    if re.match(r"compare_|infrastructure_|drift: infrastructure", name):
        (plan,) = [call for call in machine.calls("terraform") if "plan" in call]
        assert {"-lock=false", "-detailed-exitcode"} <= set(plan), "a right to read has to be enough"
        assert plan[0].endswith("/azure")
        assert f"-var-file=environments/{'prod' if name.endswith('prod') else 'staging'}.tfvars" in plan


# What the jobs of GitHub are called elsewhere.
SAME = {
    "deploy_dev: deploy / deploy": "dev",
    "release: staging / deploy": "staging",
    "release: prod / deploy": "prod",
    "release: release / staging / deploy": "staging",
    "release: release / prod / deploy": "prod",
    "rollback: deploy / deploy": "prod",
    "drift: compare": "drift",
    "pull_request: check": "checks",
    "pull_request: test": "tests",
}


def values_for(machine: Machine) -> dict[str, str]:
    return github_values(git(machine.checkout, "rev-parse", "HEAD"), str(machine.home / "temp"))


def pipelines_in(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*.yml") if ".git" not in path.relative_to(folder).parts]
    return of_pipelines(
        {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
    )


def job_of(machine: Machine, name: str) -> Job:
    return next(job for job in jobs_of(machine.system, pipelines_in(machine.checkout)) if job.name == name)


@pytest.mark.drawn(3)
def test_a_release_of_other_bytes_is_not_deployed(projects, tmp_path):
    machine = machine_of("gitlab", "tags", projects("gitlab", "tags"), tmp_path)
    machine.run(job_of(machine, "build"))
    (wheel, *_) = (machine.checkout / ".lakewright" / "release").rglob("*.whl")
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    with pytest.raises(StepFailedError, match=re.escape(wheel.name)):
        machine.run(job_of(machine, "prod"))
    assert not [call for call in machine.calls("databricks") if call[0] == "bundle"]


@pytest.mark.drawn(3)
@pytest.mark.parametrize(
    ("system", "plan", "apply"),
    [
        ("github", "infrastructure: plan", "infrastructure: apply"),
        ("azure_devops", "plan", "apply"),
        ("gitlab", "plan_azure", "apply_azure"),
        ("gitlab", "plan_databricks", "apply_databricks"),
    ],
)
def test_other_changes_of_the_infrastructure_than_those_that_were_approved_are_not_made(
    system, plan, apply, projects, tmp_path
):
    machine = machine_of(system, "tags", projects(system, "tags"), tmp_path)
    jobs = {job.name: job for job in jobs_of(system, pipelines_in(machine.checkout), values_for(machine))}
    machine.run(jobs[plan])
    if system == "github":
        assert (machine.home / "output").read_text(encoding="utf-8").splitlines()[-1] == f"sum={SUM}"
    if system == "gitlab":
        shown = (machine.checkout / ".lakewright" / "plan.txt").read_text(encoding="utf-8")
        assert shown.splitlines()[-1] == SUM
    assert not [call for call in machine.calls("terraform") if "apply" in call]
    (machine.home / "change").write_text("somebody else was faster")
    with pytest.raises(StepFailedError, match="the changes are not those that were approved"):
        machine.run(jobs[apply])
    assert not [call for call in machine.calls("terraform") if "apply" in call]
    (machine.home / "change").unlink()
    machine.run(jobs[apply])
    assert [call[-1] for call in machine.calls("terraform") if "apply" in call] == ["plan"]


@pytest.mark.drawn(3)
@pytest.mark.parametrize("missing", ["ARM_CLIENT_ID", "ARM_OIDC_TOKEN", "az login"])
def test_gitlab_changes_nothing_of_databricks_without_an_identity_its_token_and_a_login(
    missing, projects, tmp_path
):
    machine = machine_of("gitlab", "tags", projects("gitlab", "tags"), tmp_path)
    job = job_of(machine, "plan_databricks")
    steps = tuple(step for step in job.steps if not step.script.startswith(missing))
    environment = {key: value for key, value in job.environment.items() if key != missing}
    machine.environment.pop(missing, None)
    stale = machine.checkout / "infra" / "terraform" / "databricks" / "plan"
    stale.write_text("a")  # left by a run that was broken off; it must not be taken for a new one
    with pytest.raises(StepFailedError, match=r"unbound|not set|expected one argument|az login"):
        machine.run(replace(job, steps=steps, environment=environment))
    assert not [call for call in machine.calls("terraform") if "show" in call]


@pytest.mark.drawn(3)
def test_a_release_that_somebody_else_published_is_not_taken_for_this_one(projects, tmp_path):
    machine = machine_of("github", "tags", projects("github", "tags"), tmp_path)
    jobs = {job.name: job for job in jobs_of("github", pipelines_in(machine.checkout), values_for(machine))}
    machine.run(jobs["release: build"])
    machine.run(jobs["release: publish"])
    (wheel, *_) = (machine.home / "temp" / "release").rglob("*.whl")
    shutil.rmtree(machine.home / "temp" / "published")
    artifacts = machine.home / "artifacts" / "release"
    (publish,) = [step for step in jobs["release: publish"].steps if step.script]
    (artifacts / wheel.relative_to(machine.home / "temp" / "release")).write_bytes(b"poisoned")
    with pytest.raises(StepFailedError, match="differ"):
        machine.step(publish, dict(machine.environment) | {"GH_TOKEN": "made-for-the-run"})


@pytest.mark.drawn(3)
def test_an_older_release_that_is_started_again_is_not_deployed(projects, tmp_path):
    machine = machine_of("github", "tags", projects("github", "tags"), tmp_path)
    jobs = {job.name: job for job in jobs_of("github", pipelines_in(machine.checkout), values_for(machine))}
    machine.run(jobs["release: build"])
    git(machine.checkout, "tag", "v1.1.0")
    with pytest.raises(StepFailedError, match=r"v1\.0\.0 is older than v1\.1\.0"):
        machine.run(jobs["release: prod / deploy"])
    assert not [call for call in machine.calls("databricks") if call[0] == "bundle"]
    machine.run(jobs["rollback: deploy / deploy"])  # to go back is another workflow, and allowed


@pytest.mark.drawn(3)
def test_one_difference_of_the_night_does_not_hide_the_others_on_gitlab(projects, tmp_path):
    machine = machine_of("gitlab", "tags", projects("gitlab", "tags"), tmp_path)
    job = job_of(machine, "drift_prod")
    plan = json.dumps(direct({"resources.jobs.main_pipeline": entry("update")}))
    steps = tuple(
        replace(step, script=f"echo '{plan}' > .lakewright/plan.json")
        if step.script.startswith("databricks bundle plan")
        else step
        for step in job.steps
    )
    with pytest.raises(StepFailedError):
        machine.run(replace(job, steps=steps))
    assert [call[0] for call in machine.calls("lakewright")] == ["plan-gate", "grants", "preflight"]
    machine.run(job)


@pytest.mark.drawn(3)
def test_a_release_from_before_the_script_of_the_cli_can_be_rolled_back_to(projects, tmp_path):
    machine = machine_of("github", "tags", projects("github", "tags"), tmp_path)
    jobs = {job.name: job for job in jobs_of("github", pipelines_in(machine.checkout), values_for(machine))}
    (machine.checkout / "scripts" / "install_databricks_cli.sh").unlink()
    (install,) = [
        step for step in jobs["rollback: deploy / deploy"].steps if "install_databricks_cli" in step.script
    ]
    environment = dict(machine.environment)
    machine.step(install, environment)
    assert machine.step(Step("version", "databricks version"), environment).startswith("Databricks CLI v")


@pytest.mark.drawn(3)
@pytest.mark.parametrize("name", ["prod", "drift_prod"])
def test_azure_devops_goes_back_to_a_release_from_before_the_script_of_the_cli(name, projects, tmp_path):
    machine = machine_of("azure_devops", "tags", projects("azure_devops", "tags"), tmp_path)
    script = machine.checkout / "scripts" / "install_databricks_cli.sh"
    text = script.read_text(encoding="utf-8")
    script.unlink()
    commit(machine.checkout, "As it was before")
    git(machine.checkout, "tag", "-f", "v1.0.0")
    script.write_text(text, encoding="utf-8")
    commit(machine.checkout, "Install the CLI by a script")
    commit_of_release = {
        "resources.pipeline.staging.sourceCommit": git(machine.checkout, "rev-parse", "v1.0.0")
    }
    machine.variables = {**machine.variables, **commit_of_release}
    environment = dict(machine.environment)
    for step in job_of(machine, name).steps:
        if step.script.startswith(("git checkout", "bash scripts/install_databricks_cli.sh")):
            machine.step(step, environment)
    assert not script.exists()
    assert machine.step(Step("version", "databricks version"), environment).startswith("Databricks CLI v")


@pytest.mark.drawn(3)
def test_which_bundles_changed_is_never_guessed_after_a_failure(projects, tmp_path):
    machine = machine_of("github", "tags", projects("github", "tags"), tmp_path)
    jobs = {job.name: job for job in jobs_of("github", pipelines_in(machine.checkout), values_for(machine))}
    git(machine.checkout, "checkout", "-q", "v0.1.0")  # there is no commit before it
    with pytest.raises(StepFailedError):
        machine.run(jobs["pull_request: changed"])
    assert "bundles=" not in (machine.home / "output").read_text(encoding="utf-8")


@pytest.mark.drawn(3)
@pytest.mark.parametrize(
    ("results", "passes"), [("success skipped", True), ("success failure", False), ("cancelled", False)]
)
def test_the_check_that_protects_the_branch_counts_what_failed_or_was_ended(
    results, passes, projects, tmp_path
):
    machine = machine_of("github", "tags", projects("github", "tags"), tmp_path)
    values = values_for(machine) | {"needs.*.result": results}
    jobs = {job.name: job for job in jobs_of("github", pipelines_in(machine.checkout), values)}
    if passes:
        machine.run(jobs["pull_request: passed"])
        return
    with pytest.raises(StepFailedError):
        machine.run(jobs["pull_request: passed"])


def named_step(machine: Machine, job: str, name: str) -> Step:
    jobs = jobs_of(machine.system, pipelines_in(machine.checkout), values_for(machine))
    return next(step for each in jobs if each.name == job for step in each.steps if step.name == name)


@pytest.mark.drawn(3)
def test_the_table_of_who_gains_access_is_handed_on_for_every_target(projects, tmp_path):
    machine = machine_of("github", "tags", projects("github", "tags"), tmp_path)
    schema = machine.checkout / "resources" / "silver.schema.yml"
    lines = schema.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if "${var.principals.readers}" in line)
    grant = [line.replace("readers", "bi") for line in lines[at : at + 2]]
    schema.write_text("\n".join([*lines[:at], *grant, *lines[at:], ""]), encoding="utf-8")
    commit(machine.checkout, "Let BI read silver")
    machine.step(named_step(machine, "access: compare", "Compare"), dict(machine.environment))
    table = (machine.home / "temp" / "access.md").read_text(encoding="utf-8")
    assert "flights-prod-bi" in table
    assert "flights-staging-bi" in table
    summary = (machine.home / "summary").read_text(encoding="utf-8")
    assert summary == f"## Who gains or loses access\n\n{table}"
    first, *handed, last = (machine.home / "output").read_text(encoding="utf-8").splitlines()
    assert first == f"table<<{last}"
    assert "\n".join(handed).strip() == table.strip()


@pytest.mark.drawn(3)
def test_access_in_a_bundle_that_cannot_be_read_fails_the_run(projects, tmp_path):
    machine = machine_of("github", "tags", projects("github", "tags"), tmp_path)
    schema = machine.checkout / "resources" / "silver.schema.yml"
    schema.write_text("resources: {schemas: [\n", encoding="utf-8")
    commit(machine.checkout, "Break the bundle")
    with pytest.raises(StepFailedError, match=r"silver\.schema\.yml"):
        machine.step(named_step(machine, "access: compare", "Compare"), dict(machine.environment))


@pytest.mark.drawn(3)
def test_a_comment_is_made_once_and_then_changed(projects, tmp_path):
    machine = machine_of("github", "tags", projects("github", "tags"), tmp_path)
    step = named_step(machine, "access: comment / comment", "Comment")
    step = replace(step, environment={**step.environment, "TEXT": "| `$(touch x)` | gains |"})
    machine.step(step, dict(machine.environment))
    asked, made = machine.calls("gh")
    assert asked[:3] == ["api", "--paginate", "repos/acme/flights/issues/7/comments"]
    assert made[:4] == ["api", "--method", "POST", "repos/acme/flights/issues/7/comments"]
    body = (machine.home / "temp" / "comment.md").read_text(encoding="utf-8")
    assert body.startswith("<!-- access -->\n## Who gains or loses access\n\n| `$(touch x)` | gains |\n")
    assert not (machine.checkout / "x").exists()
    (machine.home / "comments").write_text("41\n42\n")
    machine.step(step, dict(machine.environment))
    changed = machine.calls("gh")[-1]
    assert changed[:4] == ["api", "--method", "PATCH", "repos/acme/flights/issues/comments/41"]


@pytest.mark.drawn(3)
def test_no_second_comment_is_made_where_the_first_is_not_known(projects, tmp_path):
    machine = machine_of("github", "tags", projects("github", "tags"), tmp_path)
    (machine.home / "gh-fails").touch()
    with pytest.raises(StepFailedError, match="HTTP 502"):
        machine.step(named_step(machine, "access: comment / comment", "Comment"), dict(machine.environment))
    assert len(machine.calls("gh")) == 1


@pytest.mark.drawn(3)
def test_a_tag_that_is_no_version_builds_nothing(projects, tmp_path):
    machine = machine_of("azure_devops", "tags", projects("azure_devops", "tags"), tmp_path)
    git(machine.checkout, "tag", "v1")
    machine.variables = {**machine.variables, "Build.SourceBranch": "refs/tags/v1"}
    with pytest.raises(StepFailedError, match=r"vX\.Y\.Z"):
        machine.run(job_of(machine, "build"))
    assert not list(tmp_path.rglob("release.json"))


@pytest.mark.drawn(3)
def test_azure_devops_keeps_the_folder_of_a_tag(projects, tmp_path):
    machine = machine_of("azure_devops", "tags", projects("azure_devops", "tags"), tmp_path)
    machine.variables = {**machine.variables, "Build.SourceBranch": "refs/tags/orders/v1.0.0"}
    with pytest.raises(StepFailedError, match="is a version of the bundle in `orders`"):
        machine.run(job_of(machine, "build"))


@pytest.mark.drawn(3)
def test_without_the_token_of_the_run_azure_devops_cannot_sign_in(projects, tmp_path):
    machine = machine_of("azure_devops", "tags", projects("azure_devops", "tags"), tmp_path)
    job = job_of(machine, "dev")
    without = tuple(Step(step.name, step.script, step.uses, {}, step.always) for step in job.steps)
    with pytest.raises(StepFailedError, match="SYSTEM_ACCESSTOKEN env var not found"):
        machine.run(Job(job.file, job.name, without, job.environment))


@pytest.mark.drawn(3)
def test_a_change_that_the_bundle_refuses_fails_the_checks(projects, tmp_path):
    machine = machine_of("gitlab", "tags", projects("gitlab", "tags"), tmp_path)
    bundle = machine.checkout / "databricks.yml"
    bundle.write_text(bundle.read_text(encoding="utf-8").replace("include:", "inclde:"), encoding="utf-8")
    with pytest.raises(StepFailedError, match="inclde"):
        machine.run(job_of(machine, "checks"))


@pytest.mark.drawn(3)
def test_an_unsafe_edit_of_a_pipeline_fails_the_checks(projects, tmp_path):
    machine = machine_of("gitlab", "tags", projects("gitlab", "tags"), tmp_path)
    deploy = machine.checkout / ".gitlab" / "ci" / "deploy.yml"
    text = deploy.read_text(encoding="utf-8")
    deploy.write_text(text.replace("  resource_group: prod\n", "", 1), encoding="utf-8")
    with pytest.raises(StepFailedError, match="no-concurrency"):
        machine.run(job_of(machine, "checks"))


@pytest.mark.drawn(3)
def test_a_failed_command_is_not_lost_before_a_last_line_that_succeeds(projects, tmp_path):
    machine = machine_of("azure_devops", "tags", projects("azure_devops", "tags"), tmp_path)
    (step,) = [step for step in job_of(machine, "tests").steps if "lakewright summary" in step.script]
    with pytest.raises(StepFailedError, match="nothing has been run here yet"):
        machine.step(step, dict(machine.environment))


@pytest.mark.drawn(3)
def test_an_archive_of_the_cli_with_another_sum_is_refused(projects, tmp_path):
    machine = machine_of("gitlab", "tags", projects("gitlab", "tags"), tmp_path)
    (machine.home / "bin" / "sha256sum").unlink()  # the real one
    install = Step("install", "bash scripts/install_databricks_cli.sh .lakewright/databricks")
    with pytest.raises(StepFailedError, match="FAILED"):
        machine.step(install, dict(machine.environment))
    assert not (machine.checkout / ".lakewright" / "databricks" / "databricks").exists()
