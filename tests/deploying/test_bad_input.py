"""What goes wrong in a deployment: sign-in, faults of the workspace at every call, locks, half-finished deployments, wrong resources."""

import json
import re
import traceback

import pytest
from bundle_deployer import Deployer, DeployError, LockHeldError, LostAnswerError
from bundle_deployer.loading import host_of, load
from databricks.sdk.errors import InternalError, PermissionDenied, Unauthenticated
from deploying.shop import ANA, Shop, actions
from workspace_fake.handlers.files import plain

from lakewright.bundle import Bundle, BundleError, load_bundle

pytestmark = pytest.mark.unit

LOCK = plain("/Workspace/Shared/.bundle/shop/state/deploy.lock")


@pytest.fixture
def small(tmp_path, workspace) -> Shop:
    """Only the catalog's objects and the jobs: a deployment of few calls, so that each of them can fail once."""
    return Shop(tmp_path / "shop", workspace, parts=("catalog", "jobs"))


def names_of_jobs(shop: Shop) -> list[str]:
    return sorted(job["settings"]["name"] for job in shop.workspace.state.jobs.values())


def each_kind_of_call(shop: Shop) -> list[int]:
    """Return which calls of a first deployment are the first of their kind; the workspace is as before afterwards."""
    deployer = shop.deployer()
    shop.workspace.forget_calls()
    deployer.deploy()
    kinds = [re.sub(r"\d+|/import-file/.*/", "", call) for call in shop.workspace.calls]
    deployer.destroy()
    return [number for number, kind in enumerate(kinds) if kind not in kinds[:number]]


def completed(shop: Shop, bundle: Bundle) -> None:
    """Deploy once more, and find everything there once; then destroy it."""
    deployer = Deployer(bundle, shop.workspace.client(shop.token))
    deployer.deploy(force_lock=True)
    assert names_of_jobs(shop) == ["all", "load"]
    assert actions(deployer.plan()) == {}
    deployer.destroy()
    assert shop.workspace.holds() == {}


def test_a_target_without_a_host_is_refused(small):
    bundle = load_bundle(small.root, target="prod")
    with pytest.raises(
        DeployError, match=r"target prod names no workspace: set `targets\.prod\.workspace\.host`"
    ):
        host_of(bundle, {})
    assert host_of(bundle, {"DATABRICKS_HOST": "https://adb-1.example"}) == "https://adb-1.example"
    small.edit(
        "databricks.yml", "mode: production", "mode: production\n    workspace: {host: https://adb-2.example}"
    )
    small.edit("databricks.yml", "    workspace: {root_path: /Workspace/Shared/.bundle/shop}\n", "")
    assert host_of(load_bundle(small.root, target="prod"), {}) == "https://adb-2.example"


@pytest.mark.parametrize("kind", ["wrong", "expired"])
def test_a_refused_token_is_never_shown(small, caplog, kind):
    token = "dapi0123456789abcdef0123456789abcdef" if kind == "wrong" else small.token
    if kind == "expired":
        small.workspace.faults.expire(token, after=0)
    caplog.set_level("DEBUG")
    with pytest.raises((PermissionDenied, Unauthenticated)) as refused:
        load(small.root, "prod", small.workspace.client(token))
    shown = "".join(traceback.format_exception(refused.value)) + repr(refused.value) + caplog.text
    assert token not in shown
    assert small.workspace.holds() == {}


def test_a_deployment_that_stops_at_any_call_with_an_expired_token_is_completed_by_the_next(small):
    """For each call of a deployment: the token expires there; the state holds what was done; a new token completes it."""
    bundle = small.deployer().bundle
    for number in each_kind_of_call(small):
        token = f"dapi{number:032x}"
        small.workspace.state.people.tokens[token] = ANA
        deployer = Deployer(bundle, small.workspace.client(token))
        small.workspace.faults.expire(token, after=number)
        with pytest.raises((DeployError, Unauthenticated)) as refused:
            deployer.deploy()
        assert token not in str(refused.value)
        assert token not in "".join(traceback.format_exception(refused.value))
        completed(small, bundle)  # by force: a deployment that lost its token cannot release its lock


def test_a_call_that_fails_with_500_stops_the_deployment_and_the_next_completes_it(small):
    bundle = small.deployer().bundle
    for number in each_kind_of_call(small):
        deployer = Deployer(bundle, small.workspace.client(small.token))
        fault = small.workspace.faults.add("*", at=number + 1, status=500)
        with pytest.raises((DeployError, InternalError), match="Unexpected failure of the fake workspace"):
            deployer.deploy()
        assert fault.seen > number
        small.workspace.faults.clear()
        completed(small, bundle)


@pytest.mark.parametrize("fault", [{"status": 429, "retry_after": 3}, {"status": 503}])
def test_too_many_requests_and_short_outages_are_waited_for(small, fault):
    """Every third call is refused twice: the deployment goes through in one go, and waits as long as the workspace asks for."""
    for number in range(1, 120, 3):
        small.workspace.faults.add("*", at=number, **fault)
    small.deployer().deploy()
    waits = small.workspace.clock.slept
    assert len(waits) > 5
    assert all(wait >= fault.get("retry_after", 1) for wait in waits)
    small.workspace.faults.clear()
    assert names_of_jobs(small) == ["all", "load"]
    assert small.actions() == {}


def test_an_outage_without_end_stops_the_deployment_after_the_time_for_retries(small):
    deployer = small.deployer()
    small.workspace.faults.add("POST /api/2.1/unity-catalog/schemas", times=1000, status=503)
    with pytest.raises(DeployError, match=r"cannot create resources\.schemas\.gold: Timed out after 0:05:00"):
        deployer.deploy()
    assert 290 < sum(small.workspace.clock.slept) < 310


def test_a_workspace_that_does_not_answer_is_asked_again(small):
    deployer = small.deployer(http_seconds=0.3)
    small.workspace.faults.add("GET /api/2.0/preview/scim/v2/Me", hang=True)
    small.workspace.faults.add("POST /api/2.1/unity-catalog/schemas", hang=True)
    deployer.deploy()
    assert small.actions() == {}


def test_a_job_whose_creation_was_not_confirmed_is_not_created_twice(small):
    """The workspace acted, its answer was lost.

    The SDK retries a reset connection, and the state of the CLI holds nothing of the job: it would create a second one. This deployer
    notes that it began, does not repeat the call, and the next deployment names the job that is there and how to take it over.
    """
    small.workspace.faults.add("POST /api/2.2/jobs/create", reset_after=True)
    with pytest.raises(
        LostAnswerError, match=r"cannot create resources\.jobs\.load: no answer; it may have been created"
    ):
        small.deployer().deploy()
    (number,) = small.workspace.state.jobs
    with pytest.raises(
        LostAnswerError,
        match=f"the workspace has {number} under its name: `databricks bundle deployment bind load {number}`",
    ):
        small.deployer().deploy()
    small.deployer().bind("resources.jobs.load", str(number))
    small.deployer().deploy()
    assert names_of_jobs(small) == ["all", "load"]
    assert number in small.workspace.state.jobs
    assert small.actions() == {}


def test_a_job_whose_creation_failed_without_an_answer_is_created_by_the_next_deployment(small):
    small.workspace.faults.add("POST /api/2.2/jobs/create")  # reset before the workspace acted
    with pytest.raises(LostAnswerError):
        small.deployer().deploy()
    small.deployer().deploy()
    assert names_of_jobs(small) == ["all", "load"]


def test_a_schema_whose_creation_was_not_confirmed_is_refused_by_its_name_and_bound(small):
    """Names of schemas are unique, so the SDK's second call is refused; `bind` takes the schema over."""
    small.workspace.faults.add("POST /api/2.1/unity-catalog/schemas", reset_after=True)
    with pytest.raises(
        DeployError, match=r"cannot create resources\.schemas\.gold: Schema 'gold' already exists"
    ):
        small.deployer().deploy()
    small.deployer().bind("resources.schemas.gold", "shop.gold")
    small.deployer().deploy()
    assert small.actions() == {}


def test_a_killed_deployment_is_completed_from_its_log(small):
    """Killed between two resources: nothing was pushed, the log beside the state holds what was created."""

    class Killed(BaseException):
        pass

    deployer = small.deployer()
    original = deployer.api

    def api(method, path, **more):
        if path == "/api/2.2/jobs/create":
            raise Killed
        return original(method, path, **more)

    deployer.__dict__["once"] = api
    deployer._push = lambda state: None
    with pytest.raises(Killed):
        deployer.deploy()
    assert (deployer.folder / "resources.json.wal").exists()
    assert small.deployer().state().id_of("resources.schemas.gold") == "shop.gold"
    small.deployer().deploy(force_lock=True)
    assert names_of_jobs(small) == ["all", "load"]
    assert small.actions() == {}


def hold_lock(shop: Shop) -> None:
    held = {
        "ID": "x",
        "AcquisitionTime": "2026-11-01T07:55:00Z",
        "IsForced": False,
        "User": "ben@example.com",
    }
    shop.deployer().files.write(f"/Workspace{LOCK}", json.dumps(held).encode())


def test_a_lock_held_by_another_says_who_and_since_when_and_can_be_forced(small):
    hold_lock(small)
    expected = r"deploy lock acquired by ben@example\.com at 2026-11-01T07:55:00Z.*--force-lock"
    for step in (small.deployer().deploy, small.deployer().destroy):
        with pytest.raises(LockHeldError, match=expected):
            step()
    assert "jobs" not in small.workspace.holds()
    assert small.deployer().plan()["plan"]  # a plan needs no lock
    small.deployer().deploy(force_lock=True)
    assert LOCK not in small.workspace.state.entries


def test_the_lock_is_released_where_a_deployment_fails_and_kept_by_one_that_another_forced(small):
    small.workspace.faults.add("POST /api/2.1/unity-catalog/volumes", status=500)
    with pytest.raises(DeployError, match=r"cannot create resources\.volumes\.files"):
        small.deployer().deploy()
    assert LOCK not in small.workspace.state.entries


REFUSED = {
    "an unknown principal": (
        "catalog",
        "principal: readers, privileges: [USE",
        "principal: nobody, privileges: [USE",
        "schemas.gold.grants: Could not find principal with name nobody",
    ),
    "an unknown catalog": (
        "catalog",
        "catalog_name: shop\n      name: gold",
        "catalog_name: none\n      name: gold",
        "schemas.gold: Catalog 'none' does not exist",
    ),
    "a privilege that does not fit": (
        "catalog",
        "[EXECUTE]",
        "[SELECT]",
        "registered_models.model.grants: Privilege SELECT is not applicable",
    ),
    "an unknown run_as": (
        "jobs",
        "name: all",
        "name: all\n      run_as: {service_principal_name: nobody}",
        "jobs.all: The service principal nobody of run_as does not exist",
    ),
    "a job that is not there": (
        "jobs",
        '"${resources.jobs.load.id}"',
        "4242",
        "jobs.all: Job 4242 of task load does not exist",
    ),
    "an unknown policy": (
        "jobs",
        "environment_key: main\n",
        "new_cluster: {policy_id: P, num_workers: 1, spark_version: 17.3.x-scala2.13}\n",
        "jobs.load: Cluster policy P does not exist",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_workspace_refuses_is_named_with_its_resource_and_mended_by_the_next_deployment(small, name):
    file, old, new, message = REFUSED[name]
    small.edit(f"resources/{file}.yml", old, new)
    with pytest.raises((DeployError, BundleError)) as refused:
        small.deployer().deploy()
    assert message in str(refused.value)
    small.edit(f"resources/{file}.yml", new, old)
    small.deployer().deploy()
    assert small.actions() == {}
    assert names_of_jobs(small) == ["all", "load"]


def test_a_deployer_without_rights_on_the_catalog_is_refused_and_told_which(small):
    small.workspace.state.grants["catalog", "shop"] = {ANA: {"USE_CATALOG"}}
    with pytest.raises(
        DeployError, match=r"schemas\.gold: User does not have CREATE SCHEMA on Catalog 'shop'"
    ):
        small.deployer().deploy()


MONITOR = """\
resources:
  quality_monitors:
    m: {table_name: shop.gold.scores, output_schema_name: shop.gold, assets_dir: /Shared/m, snapshot: {}}
"""
ENDPOINT = """\
resources:
  model_serving_endpoints:
    e:
      name: scores
      config:
        served_entities:
          - {entity_name: shop.gold.churn, entity_version: "1", workload_size: Small, scale_to_zero_enabled: true}
"""


def test_a_monitor_and_an_endpoint_need_their_table_and_model_first(small):
    """Declared in the bundle, the first deployment fails: so the project makes them by tasks, or deploys in two phases."""
    small.write("resources/monitor.yml", MONITOR)
    small.write("resources/endpoint.yml", ENDPOINT)
    with pytest.raises(
        DeployError,
        match=r"Table 'shop\.gold\.scores' does not exist|RegisteredModel 'shop\.gold\.churn' does not exist",
    ):
        small.deployer().deploy()
    (small.root / "resources/monitor.yml").rename(small.root / "monitor.yml")
    (small.root / "resources/endpoint.yml").rename(small.root / "endpoint.yml")
    small.deployer().deploy()
    small.workspace.add_table("shop.gold.scores", owner=ANA)
    small.workspace.add_model_version("shop.gold.churn")
    for name in ("monitor.yml", "endpoint.yml"):
        (small.root / name).rename(small.root / "resources" / name)
    assert small.actions() == {
        "quality_monitors.m": "create",
        "model_serving_endpoints.e": "create",
        "model_serving_endpoints.e.permissions": "create",
    }
    small.deployer().deploy()
    assert small.actions() == {}
    assert small.workspace.ignored == []


@pytest.mark.parametrize("kind", ["apps", "clusters"])
def test_a_kind_that_the_deployer_does_not_know_is_refused(small, kind):
    field = "name: a" if kind == "apps" else "spark_version: 17.3.x-scala2.13, num_workers: 1"
    small.write(
        "resources/more.yml",
        f"resources: {{{kind}: {{a: {{{field}, source_code_path: .}}}}}}\n".replace(
            ", source_code_path: ." if kind == "clusters" else "\0", ""
        ),
    )
    with pytest.raises(DeployError, match=rf"resources\.{kind}: this deployer does not know this kind"):
        small.deployer().plan()


def test_a_recreation_that_stops_half_way_is_completed_by_the_next_deployment(small):
    small.deployer().deploy()
    small.edit("resources/catalog.yml", "name: gold", "name: gold2")
    small.workspace.faults.add("POST /api/2.1/unity-catalog/schemas", status=500)
    with pytest.raises(DeployError, match=r"cannot recreate resources\.schemas\.gold: Unexpected failure"):
        small.deployer().deploy()
    assert small.workspace.state.schemas == {}
    assert small.actions()["schemas.gold"] == "create"
    small.deployer().deploy()
    assert list(small.workspace.state.schemas) == ["shop.gold2"]
    assert small.actions() == {}


def test_anchors_and_merges_deploy_what_they_stand_for(small):
    small.write(
        "resources/more.yml",
        """\
resources:
  jobs:
    first: &job
      name: first
      tags: &tags {team: sales}
      tasks: [{task_key: a, notebook_task: {notebook_path: /Shared/n}}]
    second:
      <<: *job
      name: second
      tags: {<<: *tags, cost: low}
""",
    )
    small.deployer().deploy()
    second = next(
        job["settings"] for job in small.workspace.state.jobs.values() if job["settings"]["name"] == "second"
    )
    assert second["tags"] == {"team": "sales", "cost": "low"}
    assert [task["task_key"] for task in second["tasks"]] == ["a"]


def test_a_path_of_windows_is_refused_before_anything_is_deployed(small):
    small.edit("resources/jobs.yml", "../src/load.py", "..\\src\\load.py")
    with pytest.raises(BundleError, match=r"load\.py"):
        small.deployer()
    assert small.workspace.holds() == {}


def test_a_kind_that_no_bundle_has_is_refused_before_anything_is_deployed(small):
    small.write("resources/more.yml", "resources: {jobz: {a: {name: a}}}\n")
    small.write("resources/use.yml", "resources: {jobs: {b: {name: '${resources.jobz.a.id}'}}}\n")
    with pytest.raises(BundleError, match="jobz"):
        small.deployer()
    assert small.workspace.holds() == {}


def test_nothing_is_run_that_was_not_deployed_and_no_parameter_that_the_job_lacks(small):
    with pytest.raises(DeployError, match=r"resources\.jobs\.load is not deployed"):
        small.deployer().run("load")
    small.deployer().deploy()
    with pytest.raises(Exception, match=r"Job parameters \['hour'\] are not defined"):
        small.deployer().run("load", hour="8")
    assert actions(small.deployer().plan()) == {}
