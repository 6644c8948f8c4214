"""Each check refuses what is missing with the command that fixes it, passes what is there, and says what it could not find out."""

import json
import re
from collections.abc import Callable

import pytest

pytest.importorskip("databricks.sdk")

pytestmark = pytest.mark.unit

UC = "/api/2.1/unity-catalog"
SCIM = "/api/2.0/preview/scim/v2"
RULES = "/api/2.0/preview/accounts/access-control/rule-sets"
ME, ROBOT = "ana@example.com", "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"
ROOT = "/Workspace/Shared/.bundle/shop"
ISOLATED = {"name": "prod_shop", "owner": "platform", "isolation_mode": "ISOLATED"}
DENIED = (403, "PERMISSION_DENIED", "you may not ask")


def answering(path: str, answer: object) -> Callable:
    """A change of the workspace: what it answers for a path."""

    def change(project) -> None:
        project.workspace.answers[path] = answer

    return change


def without(kind: str, name: str) -> Callable:
    """A change of the workspace: a principal less."""

    def change(project) -> None:
        rows = project.workspace.people[kind]
        rows[:] = [each for each in rows if each.get("displayName") != name]

    return change


def with_keys(kind: str, name: str, **keys: object) -> Callable:
    """A change of the workspace: other fields of a principal."""

    def change(project) -> None:
        for each in project.workspace.people[kind]:
            if each.get("displayName") == name:
                each.update(keys)

    return change


def editing(old: str, new: str, *, file: str = "resources/all.yml") -> Callable:
    """A change of the bundle."""
    return lambda project: project.edit(file, old, new)


def both(*changes: Callable) -> Callable:
    return lambda project: [change(project) for change in changes]


def grants(kind: str, name: str, **privileges: list[str]) -> Callable:
    return lambda project: project.workspace.grant(kind, name, **privileges)


def bindings(kind: str) -> Callable:
    """The catalog is isolated, and bound to this workspace in a way."""
    rows = {
        "bindings": [{"workspace_id": 42, "binding_type": kind}, {"workspace_id": 7, "binding_type": "X"}]
    }
    return both(
        answering(f"{UC}/catalogs/prod_shop", ISOLATED), answering(f"{UC}/bindings/catalog/prod_shop", rows)
    )


JOB = {"job_id": 11, "creator_user_name": "bob@example.com", "settings": {"name": "shop-load"}}
GOLD = {"full_name": "prod_shop.gold", "owner": "bob@example.com"}
EXPERIMENT = "resources:\n  experiments: {seen: {name: /Shared/shop}}\n"
ENDPOINT = "resources:\n  model_serving_endpoints: {api: {name: shop-api}}\n"
WAREHOUSE = "resources:\n  sql_warehouses: {small: {name: small}}\n"
SCOPE = "resources:\n  secret_scopes: {own: {name: shop}}\n"
BOARD = "resources:\n  dashboards: {sales: {display_name: Sales, parent_path: /Workspace/Shared/boards, warehouse_id: wh1}}\n"
PIPELINE = "resources:\n  pipelines: {flow: {name: ana's flow, catalog: prod_shop, schema: gold, serverless: true}}\n"

MISSING = {
    "no metastore": (
        "metastore",
        answering(f"{UC}/current-metastore-assignment", None),
        "metastore-assignments create 42",
    ),
    "no catalog": (
        "catalog",
        answering(f"{UC}/catalogs/prod_shop", None),
        "CREATE CATALOG IF NOT EXISTS `prod_shop`;",
    ),
    "catalog not shown": (
        "catalog",
        answering(f"{UC}/catalogs/prod_shop", DENIED),
        f"GRANT USE CATALOG, CREATE SCHEMA ON CATALOG `prod_shop` TO `{ME}`;",
    ),
    "catalog of other workspaces": (
        "catalog",
        answering(
            f"{UC}/catalogs/prod_shop",
            (403, "PERMISSION_DENIED", "Catalog 'prod_shop' is not accessible in current workspace"),
        ),
        """update-bindings catalog prod_shop --json '{"add": [{"workspace_id": 42, "binding_type": "BINDING_TYPE_READ_WRITE"}]}'""",
    ),
    "catalog to read only": (
        "catalog",
        bindings("BINDING_TYPE_READ_ONLY"),
        "update-bindings catalog prod_shop",
    ),
    "no service principal of a lookup": (
        "lookup",
        without("ServicePrincipals", "shop-loader"),
        "databricks account service-principals create --display-name shop-loader --active",
    ),
    "no group": (
        "principal",
        without("Groups", "readers"),
        "databricks account groups create --display-name readers",
    ),
    "group of the workspace alone": (
        "principal",
        with_keys("Groups", "readers", meta={"resourceType": "WorkspaceGroup"}),
        "databricks account groups create --display-name readers",
    ),
    "service principal not active": (
        "principal",
        with_keys("ServicePrincipals", "shop-loader", active=False, id="77"),
        "databricks account service-principals patch 77",
    ),
    "may not let run as": (
        "run as",
        answering(
            RULES,
            {
                "etag": "e1",
                "grant_rules": [{"role": "roles/servicePrincipal.manager", "principals": ["users/bob"]}],
            },
        ),
        f'"principals": ["users/bob"]}}, {{"role": "roles/servicePrincipal.user", "principals": ["users/{ME}"]',
    ),
    "run as another person": (
        "run as",
        both(
            editing(
                'service_principal_name: "${var.loader}"}\n      tasks',
                "user_name: bob@example.com}\n      tasks",
            ),
            lambda project: project.workspace.people["Users"].append(
                {"userName": "bob@example.com", "id": "5"}
            ),
        ),
        "name a service principal in run_as",
    ),
    "no entitlement": (
        "entitlement",
        both(
            with_keys("Groups", "users", entitlements=[{"value": "workspace-access"}]),
            with_keys("ServicePrincipals", "shop-loader", id="77"),
        ),
        "databricks service-principals patch 77",
    ),
    "may not make schemas": (
        "right to deploy",
        grants("catalog", "prod_shop", me=["USE_CATALOG"], robot=["USE_CATALOG"], readers=["USE_CATALOG"]),
        f"GRANT CREATE SCHEMA ON CATALOG `prod_shop` TO `{ME}`;",
    ),
    "readers may not use the catalog": (
        "use of catalogs",
        grants("catalog", "prod_shop", me=["ALL_PRIVILEGES"]),
        "GRANT USE CATALOG ON CATALOG `prod_shop` TO `readers`;",
    ),
    "job may not read its volume": (
        "right to run",
        editing("privileges: [READ_VOLUME]", "privileges: [WRITE_VOLUME]"),
        "READ_VOLUME on volume prod_shop.gold.files",
    ),
    "job of this name": (
        "name",
        answering("/api/2.2/jobs/list", {"jobs": [JOB]}),
        "deployment bind load 11 -t prod",
    ),
    "schema of this name": (
        "name",
        both(
            answering(f"{UC}/schemas/prod_shop.gold", GOLD),
            grants("schema", "prod_shop.gold", robot=["USE_SCHEMA"]),
        ),
        "databricks bundle deployment bind gold prod_shop.gold -t prod",
    ),
    "no write to the root path": (
        "root path",
        answering("/api/2.0/permissions/directories/7", {"access_control_list": []}),
        "databricks permissions update directories OBJECT_ID",
    ),
    "another deployment": (
        "lock",
        lambda project: project.workspace.file(
            f"{ROOT}/state/deploy.lock", {"User": "bob", "AcquisitionTime": "noon"}
        ),
        "--force-lock",
    ),
    "no room for schemas": (
        "quota",
        answering(
            f"{UC}/resource-quotas/catalog/prod_shop/schema-quota",
            {"quota_info": {"quota_count": 10, "quota_limit": 10}},
        ),
        "higher limit",
    ),
    "no key": (
        "secret",
        answering("/api/2.0/secrets/list", {"secrets": []}),
        "databricks secrets put-secret shop api_key",
    ),
    "no scope": (
        "secret",
        both(
            answering("/api/2.0/secrets/list", None),
            answering("/api/2.0/secrets/scopes/list", {"scopes": []}),
        ),
        "databricks secrets create-scope shop",
    ),
    "no spark version": (
        "spark version",
        editing("17.3.x-scala2.13", "17.9.x-scala2.13"),
        "databricks clusters spark-versions",
    ),
    "no node type": (
        "node type",
        editing("Standard_D4ds_v5", "Standard_D4ds_v9"),
        "databricks clusters list-node-types",
    ),
    "no pool": (
        "instance pool",
        editing("num_workers: 2", "instance_pool_id: pool-1"),
        "databricks instance-pools list",
    ),
    "access mode without Unity Catalog": (
        "access mode",
        editing("num_workers: 2", "data_security_mode: LEGACY_TABLE_ACL"),
        "USER_ISOLATION",
    ),
    "no policy": (
        "cluster policy",
        answering("/api/2.0/policies/clusters/get", None),
        "databricks cluster-policies list",
    ),
    "against the policy": (
        "cluster policy",
        editing("num_workers: 2", "num_workers: 9"),
        "num_workers: at most 4",
    ),
    "no warehouse": (
        "SQL warehouse",
        answering("/api/2.0/sql/warehouses/wh1", None),
        "databricks warehouses list",
    ),
    "old CLI": (
        "Databricks CLI",
        editing(">= 0.218.0", ">= 3.0.0", file="databricks.yml"),
        "install the Databricks CLI, version >= 3.0.0",
    ),
    "other libraries": (
        "libraries",
        lambda project: (project.root / "constraints.txt").write_text("pandas==1.0.0\n"),
        "lakewright runtimes dbr-17.3-ml > constraints.txt",
    ),
    "experiment of this name": (
        "name",
        both(
            lambda project: (project.root / "resources/b.yml").write_text(EXPERIMENT),
            answering("/api/2.0/mlflow/experiments/get-by-name", {"experiment": {"experiment_id": "9"}}),
        ),
        "deployment bind seen 9",
    ),
    "endpoint of this name": (
        "name",
        both(
            lambda project: (project.root / "resources/b.yml").write_text(ENDPOINT),
            answering("/api/2.0/serving-endpoints/shop-api", {"name": "shop-api", "creator": ME}),
        ),
        "deployment bind api shop-api",
    ),
    "warehouse of this name": (
        "name",
        both(
            lambda project: (project.root / "resources/b.yml").write_text(WAREHOUSE),
            answering(
                "/api/2.0/sql/warehouses",
                {"warehouses": [{"id": "w9", "name": "small", "creator_name": "bob"}]},
            ),
        ),
        "deployment bind small w9",
    ),
    "scope of this name": (
        "name",
        lambda project: (project.root / "resources/b.yml").write_text(SCOPE),
        "deployment bind own shop",
    ),
    "dashboard of this name": (
        "name",
        both(
            lambda project: (project.root / "resources/b.yml").write_text(BOARD),
            answering(
                "/api/2.0/workspace/get-status",
                lambda query: (
                    {"object_id": 7, "resource_id": "d9"}
                    if "Sales" in query["path"] or query["path"] == "/Workspace/Shared"
                    else None
                ),
            ),
        ),
        "deployment bind sales d9",
    ),
    "pipeline of this name": (
        "name",
        both(
            lambda project: (project.root / "resources/b.yml").write_text(PIPELINE),
            answering(
                "/api/2.0/pipelines",
                lambda query: (
                    {"statuses": [{"pipeline_id": "p9", "name": "ana's flow"}]}
                    if "ana''s" in query["filter"]
                    else None
                ),
            ),
        ),
        "deployment bind flow p9",
    ),
}


@pytest.mark.parametrize("case", MISSING)
def test_what_is_missing_is_found_with_the_command_that_fixes_it(project, case):
    check, change, command = MISSING[case]
    change(project)
    rows = [each for each in project.report()["findings"] if each["status"] == "missing"]
    mine = [each for each in rows if each["check"] == check]
    assert mine, rows
    texts = [text for each in mine for step in each["steps"] for text in step["commands"]]
    assert any(command in text for text in texts), texts
    assert all(step["who"] for each in mine for step in each["steps"])


UNKNOWN = {
    "metastore": (f"{UC}/current-metastore-assignment", "a workspace admin"),
    "lookup": (f"{SCIM}/ServicePrincipals", "a workspace admin"),
    "principal": (f"{SCIM}/Groups", "a workspace admin"),
    "run as": (RULES, "an account admin"),
    "use of catalogs": (f"{UC}/permissions/catalog/prod_shop", "the owner of catalog prod_shop (`platform`)"),
    "name": ("/api/2.2/jobs/list", "a workspace admin"),
    "state": ("/api/2.0/workspace/export", f"the owner of folder {ROOT}"),
    "root path": ("/api/2.0/permissions/directories/7", "a workspace admin"),
    "lock": ("/api/2.0/workspace/export", f"the owner of folder {ROOT}"),
    "quota": (f"{UC}/resource-quotas/catalog/prod_shop/schema-quota", "a metastore admin"),
    "secret": ("/api/2.0/secrets/list", "the owner of secret scope shop"),
    "spark version": ("/api/2.1/clusters/spark-versions", "a workspace admin"),
    "node type": ("/api/2.1/clusters/list-node-types", "a workspace admin"),
    "cluster policy": ("/api/2.0/policies/clusters/get", "a workspace admin"),
    "SQL warehouse": ("/api/2.0/sql/warehouses/wh1", "a workspace admin"),
}


@pytest.mark.parametrize("check", UNKNOWN)
def test_what_may_not_be_asked_is_not_known_and_says_who_could_say(project, check):
    path, who = UNKNOWN[check]
    project.workspace.refuse(path)
    rows = [each for each in project.report()["findings"] if each["check"] == check]
    unknown = [each for each in rows if each["status"] == "not known"]
    assert unknown, rows
    assert unknown[0]["who_could_say"] == who
    assert unknown[0]["can_be_asked"]
    assert "no right to ask: you may not ask" in unknown[0]["summary"] or "not known" in unknown[0]["summary"]
    assert not any(each["status"] == "ok" and each["subject"] == unknown[0]["subject"] for each in rows)


def test_the_binding_of_an_isolated_catalog_is_for_its_owner_to_say(project):
    project.workspace.answers[f"{UC}/catalogs/prod_shop"] = ISOLATED
    project.workspace.refuse(f"{UC}/bindings/catalog/prod_shop")
    found = project.findings("not known")
    assert found["catalog binding"]["who_could_say"] == "the owner of catalog prod_shop (`platform`)"


def test_a_catalog_that_is_bound_for_writing_is_fine(project):
    bindings("BINDING_TYPE_READ_WRITE")(project)
    assert project.findings("ok")["catalog"]["summary"] == "it exists and is bound to this workspace"


def test_the_role_on_a_service_principal_may_come_from_a_group(project):
    rules = [{"role": "roles/servicePrincipal.user", "principals": ["groups/Admins-of-Nothing"]}]
    project.workspace.answers[RULES] = {"etag": "e1", "grant_rules": rules}
    assert project.findings() == {}
    rows = [each for each in project.report()["findings"] if each["check"] == "run as"]
    assert [each["status"] for each in rows] == ["ok"]


def test_the_command_that_gives_the_role_takes_it_from_nobody(project):
    rules = [
        {"role": "roles/servicePrincipal.user", "principals": ["users/bob@example.com"]},
        {"role": "roles/servicePrincipal.manager", "principals": ["users/eve@example.com"]},
    ]
    project.workspace.answers[RULES] = {"etag": "e1", "grant_rules": rules}
    (command,) = project.finding("run as")["steps"][0]["commands"]
    body = json.loads(command.partition("--json '")[2].removesuffix("'"))["rule_set"]
    assert body["etag"] == "e1"
    assert {each["role"]: each["principals"] for each in body["grant_rules"]} == {
        "roles/servicePrincipal.user": ["users/bob@example.com", f"users/{ME}"],
        "roles/servicePrincipal.manager": ["users/eve@example.com"],
    }


def test_an_admin_of_the_workspace_needs_no_entitlement(project):
    me = project.workspace.people["Users"][0]
    me["entitlements"], me["groups"] = [], [{"display": "admins"}]
    for group in project.workspace.people["Groups"]:
        group["entitlements"] = []
    project.workspace.people["ServicePrincipals"][0]["groups"] = [{"display": "admins"}]
    rows = [each for each in project.report()["findings"] if each["check"] == "entitlement"]
    assert [each["status"] for each in rows] == ["ok"]


def test_a_cluster_without_a_policy_needs_the_entitlement_to_make_clusters(project):
    text = (project.root / "resources/all.yml").read_text()
    assert re.search(r" *policy_id: POLICY1\n", text)
    (project.root / "resources/all.yml").write_text(re.sub(r" *policy_id: POLICY1\n", "", text))
    rows = [each for each in project.report()["findings"] if each["check"] == "entitlement"]
    assert {each["summary"] for each in rows} == {"it lacks allow-cluster-create"}


def test_a_group_that_is_not_shown_leaves_entitlements_unknown(project):
    project.workspace.people["Groups"].pop(1)  # `users`
    found = [each for each in project.report()["findings"] if each["check"] == "entitlement"]
    assert {each["status"] for each in found} == {"not known"}
    assert "group users is not shown, which may give" in found[0]["summary"]


def test_without_the_account_run_as_is_not_known(project):
    project.workspace.answers["/.well-known/databricks-config"] = {"workspace_id": "42"}
    found = project.findings("not known")["run as"]
    assert "set DATABRICKS_ACCOUNT_ID" in found["summary"]
    assert found["can_be_asked"]


def test_own_grants_are_known_also_where_those_of_others_are_not_shown(project):
    """The workspace shows everybody their own grants and those of their groups."""
    whole = project.workspace.answers[f"{UC}/permissions/catalog/prod_shop"]
    project.workspace.answers[f"{UC}/permissions/catalog/prod_shop"] = lambda query: (
        whole(query) if "principal" in query else DENIED
    )
    found = project.report()["findings"]
    assert [each["status"] for each in found if each["check"] == "right to deploy"] == ["ok"]
    assert [each["status"] for each in found if each["check"] == "use of catalogs"] == ["not known"]


def test_what_an_earlier_deployment_made_is_no_name_taken(project):
    project.workspace.deployed(
        schemas_gold="prod_shop.gold", jobs_load="11", volumes_files="prod_shop.gold.files"
    )
    project.workspace.answers["/api/2.2/jobs/list"] = {"jobs": [JOB]}
    project.workspace.answers[f"{UC}/schemas/prod_shop.gold"] = {**GOLD, "owner": ME}
    project.workspace.answers[f"{UC}/volumes/prod_shop.gold.files"] = {"owner": ME}
    project.workspace.grant("schema", "prod_shop.gold", me=["USE_SCHEMA"])
    project.workspace.grant("volume", "prod_shop.gold.files")
    assert project.findings() == {}
    assert not [each for each in project.workspace.asked if "jobs/list" in each]


def test_a_schema_that_somebody_deleted_by_hand_is_noted(project):
    project.workspace.deployed(schemas_gold="prod_shop.gold")
    notes = [
        each for each in project.report()["findings"] if each["check"] == "name" and each["status"] == "note"
    ]
    assert [each["subject"] for each in notes] == ["schema prod_shop.gold"]
    assert "made it, and it is gone" in notes[0]["summary"]


def test_the_state_of_the_terraform_engine_is_read_too(project):
    instances = [{"attributes": {"id": "11"}}]
    content = {
        "version": 4,
        "resources": [{"type": "databricks_job", "name": "load", "instances": instances}],
    }
    project.workspace.file(f"{ROOT}/state/terraform.tfstate", content)
    project.workspace.answers["/api/2.2/jobs/list"] = {"jobs": [JOB]}
    assert project.findings() == {}


def test_a_schema_of_somebody_else_is_first_handed_over_and_then_bound(project):
    MISSING["schema of this name"][1](project)
    owner, deployer = project.findings()["name"]["steps"]
    assert owner["who"] == "the owner of schema prod_shop.gold (`bob@example.com`)"
    assert owner["commands"] == [f"GRANT MANAGE ON SCHEMA `prod_shop`.`gold` TO `{ME}`;"]
    assert deployer["who"] == "who deploys"


def test_a_job_of_somebody_else_needs_a_permission_before_it_is_bound(project):
    project.workspace.answers["/api/2.2/jobs/list"] = {"jobs": [JOB]}
    owner, _ = project.finding("name")["steps"]
    (command,) = owner["commands"]
    assert command.startswith("databricks permissions update jobs 11 --json")
    assert json.loads(command.partition("--json '")[2].removesuffix("'"))["access_control_list"] == [
        {"user_name": ME, "permission_level": "CAN_MANAGE"}
    ]


def test_an_endpoint_of_somebody_else_gets_its_permission_by_its_number_and_is_bound_by_its_name(project):
    (project.root / "resources/api.yml").write_text(ENDPOINT)
    found = {"name": "shop-api", "id": "0f1e2d", "creator": "bob@example.com"}
    project.workspace.answers["/api/2.0/serving-endpoints/shop-api"] = found
    owner, deployer = project.finding("name")["steps"]
    assert owner["commands"][0].startswith("databricks permissions update serving-endpoints 0f1e2d --json")
    assert deployer["commands"][0] == "databricks bundle deployment bind api shop-api -t prod"


@pytest.mark.parametrize(
    ("path", "check"),
    [
        (f"{UC}/current-metastore-assignment", "metastore"),
        ("/api/2.0/policies/clusters/get", "cluster policy"),
        ("/api/2.0/sql/warehouses/wh1", "SQL warehouse"),
    ],
)
def test_what_a_workspace_does_not_offer_though_the_bundle_needs_it_fails_with_strict(project, path, check):
    project.workspace.answers[path] = (404, "ENDPOINT_NOT_FOUND", "No API found")
    rows = [each for each in project.report()["findings"] if each["check"] == check]
    assert [each["can_be_asked"] for each in rows if each["status"] == "not known"] == [True]


def test_a_workspace_without_quotas_does_not_fail_with_strict(project):
    path = f"{UC}/resource-quotas/catalog/prod_shop/schema-quota"
    project.workspace.answers[path] = (404, "ENDPOINT_NOT_FOUND", "No API found")
    assert not project.findings("not known")["quota"]["can_be_asked"]


def test_a_job_with_another_case_is_not_the_same(project):
    project.workspace.answers["/api/2.2/jobs/list"] = {
        "jobs": [{"job_id": 1, "settings": {"name": "Shop-Load"}}]
    }
    assert project.findings() == {}


def test_with_an_unreadable_state_a_name_is_not_said_to_be_taken_by_others(project):
    project.workspace.refuse("/api/2.0/workspace/export")
    project.workspace.answers["/api/2.2/jobs/list"] = {"jobs": [JOB]}
    assert project.findings() == {}
    names = [
        each
        for each in project.report()["findings"]
        if each["check"] == "name" and each["status"] == "not known"
    ]
    assert "its state cannot be read" in names[0]["summary"]


def test_a_deprecated_node_type_is_noted(project):
    types = {"node_types": [{"node_type_id": "Standard_D4ds_v5", "is_deprecated": True}]}
    project.workspace.answers["/api/2.1/clusters/list-node-types"] = types
    assert project.findings("note")["node type"]["summary"] == "it is deprecated"


def test_who_may_only_edit_the_files_of_a_folder_may_not_deploy_to_it(project):
    rights = [{"group_name": "users", "all_permissions": [{"permission_level": "CAN_EDIT"}]}]
    project.workspace.answers["/api/2.0/permissions/directories/7"] = {"access_control_list": rights}
    assert "may not write to /Workspace/Shared" in project.finding("root path")["summary"]


@pytest.mark.parametrize(("stage", "is_taken"), [("active", True), ("deleted", False)])
def test_the_name_of_a_deleted_experiment_is_free(project, stage, is_taken):
    text = "resources:\n  experiments: {trial: {name: /Shared/trial}}\n"
    (project.root / "resources/trial.yml").write_text(text)
    found = {"experiment": {"experiment_id": "5", "lifecycle_stage": stage}}
    project.workspace.answers["/api/2.0/mlflow/experiments/get-by-name"] = found
    assert ("name" in project.findings()) is is_taken


@pytest.mark.parametrize(("name", "is_found"), [("small", True), ("Small", False)])
def test_a_lookup_without_a_filter_takes_the_one_with_this_very_name(project, name, is_found):
    project.edit("databricks.yml", "targets:", "  size: {lookup: {cluster_policy: small}}\ntargets:")
    listed = [{"name": "other", "policy_id": "1"}, {"name": name, "policy_id": "2"}]
    project.workspace.answers["/api/2.0/policies/clusters/list"] = {"policies": listed}
    rows = [each for each in project.report()["findings"] if each["subject"] == "cluster policy small"]
    assert [each["status"] for each in rows] == ["ok" if is_found else "missing"]


def test_a_root_path_in_the_home_of_who_deploys_needs_no_question(project):
    project.edit("databricks.yml", "/Workspace/Shared/.bundle/shop", f"/Workspace/Users/{ME}/.bundle/shop")
    assert project.findings("ok")["root path"]["summary"] == "it is in the home folder of who deploys"


def test_a_key_of_a_scope_that_the_bundle_makes_is_put_after_the_deployment(project):
    (project.root / "resources/b.yml").write_text(SCOPE)
    project.workspace.answers["/api/2.0/secrets/list"] = None
    project.workspace.answers["/api/2.0/secrets/scopes/list"] = {"scopes": []}
    assert project.findings() == {}
    assert project.findings("note")["secret"]["steps"][0]["commands"] == [
        "databricks secrets put-secret shop api_key"
    ]


def test_a_secret_of_the_configuration_is_looked_for_too(project):
    (project.root / "config").mkdir()
    (project.root / "config/prod.yaml").write_text(
        "# secret://not/this\nextra:\n  token: secret://mail/api_token\n"
    )
    project.workspace.answers["/api/2.0/secrets/list"] = lambda query: (
        {"secrets": [{"key": "api_key"}]} if query["scope"] == "shop" else None
    )
    found = project.finding("secret")
    assert found["subject"] == "secret mail/api_token"
    assert (found["file"], found["line"]) == ("config/prod.yaml", 3)


def test_memberships_of_the_configuration_are_compared_with_the_real_ones(project):
    (project.root / "config").mkdir()
    (project.root / "config/prod.yaml").write_text(
        "principals:\n  users: {shop-loader: [readers, writers]}\n"
    )
    for each in project.workspace.people["Groups"]:
        each["id"] = "31"
    project.workspace.people["ServicePrincipals"][0].update(groups=[{"display": "writers"}], id="77")
    found = project.finding("membership")
    assert found["summary"] == "it is not in readers, as config/prod.yaml wants it"
    (command,) = found["steps"][0]["commands"]
    assert command.startswith("databricks account groups patch 31 --json")
    assert '"value": "77"' in command


def test_whose_group_gets_a_grant_needs_none_of_its_own(project):
    (project.root / "config").mkdir()
    (project.root / "config/prod.yaml").write_text("principals:\n  users: {shop-loader: [readers]}\n")
    project.workspace.grant("catalog", "prod_shop", me=["ALL_PRIVILEGES"])
    assert project.findings()["use of catalogs"]["steps"][0]["commands"] == [
        "GRANT USE CATALOG ON CATALOG `prod_shop` TO `readers`;"
    ]


def test_serverless_compute_is_not_known_and_strict_does_not_fail_on_it(project):
    (project.root / "resources/b.yml").write_text(PIPELINE)
    project.workspace.answers["/api/2.0/pipelines"] = {}
    found = project.findings("not known", "--strict")
    assert not found["serverless"]["can_be_asked"]


def test_two_of_the_same_name_cannot_be_looked_up(project):
    rows = project.workspace.people["ServicePrincipals"]
    rows.append({**rows[0], "applicationId": "another"})
    found = project.findings()["lookup"]
    assert found["summary"] == "2 have this name"
    assert found["steps"][0]["who"] == "a developer of this project"


def test_a_lookup_that_the_command_line_sets_is_not_asked(project):
    project.workspace.people["ServicePrincipals"][0]["displayName"] = "another"
    assert project.findings("missing", "--var", f"loader={ROBOT}") == {}


def test_without_a_cli_it_is_missing(project, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    found = project.finding("Databricks CLI")
    assert found["summary"] == "`databricks` is not on PATH"
    assert "install the Databricks CLI: https://" in found["steps"][0]["commands"][0]


def test_the_retired_python_package_is_named(project):
    (project.root / "tools" / "databricks").write_text("#!/bin/sh\necho Version 0.18.0\n", encoding="utf-8")
    found = project.finding("Databricks CLI")
    assert "version 0.18.0 of the retired Python package `databricks-cli`" in found["summary"]
    assert "pip uninstall databricks-cli" in found["steps"][0]["commands"][0]


def test_a_service_principal_that_was_not_found_gets_no_grant_by_its_name(project):
    """Grants need the application id, which is known once it was made."""
    project.workspace.people["ServicePrincipals"].clear()
    project.workspace.grant("catalog", "prod_shop", me=["ALL_PRIVILEGES"])
    found = project.findings()
    assert set(found) == {"lookup", "use of catalogs"}
    assert found["use of catalogs"]["steps"][0]["commands"] == [
        "GRANT USE CATALOG ON CATALOG `prod_shop` TO `readers`;"
    ]


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ("no JSON", "the definition is no JSON object"),
        ("[]", "the definition is no JSON object"),
        (
            json.dumps({"node_type_id": {"type": "regex", "pattern": r"\p{Alpha}.*"}}),
            "the pattern of node_type_id cannot be read here",
        ),
    ],
)
def test_a_policy_that_cannot_be_read_refuses_nothing_and_is_not_known(project, definition, words):
    project.workspace.answers["/api/2.0/policies/clusters/get"] = {"definition": definition}
    report = [each for each in project.report()["findings"] if each["check"] == "cluster policy"]
    assert [each["status"] for each in report] == ["not known"]
    assert words in report[0]["summary"]


def test_resources_in_python_that_were_not_executed_are_said_to_be_left_out(project, monkeypatch):
    monkeypatch.setenv("DATABRICKS_BUNDLE_RESTRICTED_CODE_EXECUTION", "1")
    project.edit("databricks.yml", "include:", "python: {resources: ['resources:load']}\ninclude:")
    found = project.findings("not known")
    assert "was not executed" in found["python resources"]["summary"]


def test_what_only_admins_are_shown_of_others_is_not_said_to_be_missing(project):
    """Others see names and ids of principals, not their groups and entitlements."""
    (project.root / "config").mkdir()
    (project.root / "config/prod.yaml").write_text("principals:\n  users: {shop-loader: [readers]}\n")
    for rows in project.workspace.people.values():
        for each in rows:
            if each.get("userName") != ME:
                del each["groups"], each["entitlements"]
    project.workspace.grant("catalog", "prod_shop", me=["ALL_PRIVILEGES"], readers=["USE_CATALOG"])
    project.edit("resources/all.yml", "privileges: [READ_VOLUME]", "privileges: [WRITE_VOLUME]")
    report = project.report()["findings"]
    assert [each for each in report if each["status"] == "missing"] == []
    unknown = {each["check"] for each in report if each["status"] == "not known" and each["can_be_asked"]}
    assert unknown == {"membership", "entitlement", "right to run", "use of catalogs"}


def test_an_admin_may_let_jobs_run_as_another_user_unless_admins_are_restricted(project):
    MISSING["run as another person"][1](project)
    project.workspace.people["Users"][0]["groups"] = [{"display": "admins"}]
    setting = "/api/2.0/settings/types/restrict_workspace_admins/names/default"
    project.workspace.answers[setting] = {"restrict_workspace_admins": {"status": "ALLOW_ALL"}}
    assert "run as" not in project.findings()
    project.workspace.answers[setting] = {
        "restrict_workspace_admins": {"status": "RESTRICT_TOKENS_AND_JOB_RUN_AS"}
    }
    assert "run as" in project.findings()
    project.workspace.refuse(setting)
    assert project.findings("not known")["run as"]["who_could_say"] == "an account admin"


def test_who_makes_a_warehouse_may_make_compute(project):
    (project.root / "resources/b.yml").write_text(WAREHOUSE)
    found = project.finding("entitlement")
    assert (found["subject"], found["summary"]) == (f"user {ME}", "it lacks allow-cluster-create")


def test_who_may_only_read_the_root_path_may_not_deploy(project):
    entry = {"group_name": "users", "all_permissions": [{"permission_level": "CAN_READ"}]}
    project.workspace.answers["/api/2.0/permissions/directories/7"] = {"access_control_list": [entry]}
    assert project.finding("root path")["summary"] == "who deploys may not write to /Workspace/Shared"


def test_what_is_in_a_catalog_that_is_not_shown_is_not_asked_for(project):
    project.workspace.refuse(f"{UC}/catalogs/prod_shop")
    project.report()
    assert not [line for line in project.workspace.asked if "/schemas/" in line or "/volumes/" in line]
