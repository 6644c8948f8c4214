"""What an administrator gets wrong about Databricks, and the fix that OpenTofu then prints. Rules of variables need no provider."""

import json
import shutil

import pytest
from infrastructure.planned import FLIGHTS
from infrastructure.tofu_runs import refused, tofu

pytestmark = pytest.mark.unit

ASKED = "gh api repos/company/flights/actions/oidc/customization/sub --jq .sub_claim_prefix"
# Values of each module that are right.
RIGHT = {
    "ci_subject": {"ci": "github", "environment": "prod", "repository": "company/flights"},
    "repository": {"ci": "github", "repository": "company/flights"},
    "federation": {
        "account_id": "7a99b43c-b46c-432b-b0a7-814217701909",
        "workspace_host": "https://adb-1.2.azuredatabricks.net",
        "deployer": 1,
        "issuer": "https://token.actions.githubusercontent.com",
        "subjects": {"deploy": "repo:company/flights:environment:prod"},
        "description": "flights to prod",
    },
    "principals": {"project": "flights", "environment": "prod", "memberships": {}},
    "serverless_network": {
        "name": "flights-prod",
        "region": "westeurope",
        "workspace_id": 1,
        "storage_accounts": {
            "data": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stflights"
        },
    },
    "catalog": {
        "environment": "prod",
        "name": "prod_analytics",
        "storage_root": "abfss://catalog@stflights.dfs.core.windows.net/",
        "workspaces": {"1": "write"},
        "grants": {},
    },
    "cluster_policies": {
        "name": "flights-prod",
        "deployer": "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84",
        "tags": {"project": "flights", "environment": "prod", "owner": "data-team"},
    },
}
# The module, what somebody wrote instead, and the fix.
WRONG = {
    "subject of another repository": (
        "ci_subject",
        {"github_subject_prefix": "repo:stranger@1/flights@2"},
        ASKED,
    ),
    "subject with a pattern": ("ci_subject", {"github_subject_prefix": "repo:company/*"}, ASKED),
    "address in place of a repository": (
        "repository",
        {"repository": "https://github.com/company/flights"},
        "must be owner/name, as in the address on github.com",
    ),
    "address to clone from": (
        "repository",
        {"repository": "company/flights.git"},
        "must end without `.git`",
    ),
    "owner that GitHub refuses": (
        "repository",
        {"repository": "a--b/flights"},
        "must be owner/name, as in the address on github.com",
    ),
    "folder in place of a repository": (
        "repository",
        {"ci": "gitlab", "repository": "company/.."},
        "must be group/project, as in the address on GitLab",
    ),
    "organization by its name": (
        "ci_subject",
        {
            "ci": "azure_devops",
            "repository": "company/data/flights",
            "azure_devops_organization_id": "company",
        },
        "script: echo $(System.CollectionId)",
    ),
    "group as issuer": (
        "ci_subject",
        {"ci": "gitlab", "gitlab_address": "https://gitlab.com/company"},
        "the issuer is the instance, not the group",
    ),
    "all environments": (
        "federation",
        {"subjects": {"deploy": "repo:company/flights:*"}},
        "Take the output `subject` of the module `ci_subject`",
    ),
    "tenant in place of the account": (
        "federation",
        {"account_id": "company.onmicrosoft.com"},
        "accounts.azuredatabricks.net shows in the menu of the user; it is no id of Azure",
    ),
    "misspelt member": (
        "principals",
        {"memberships": {"flights-prod-ingest-job": ["flights-prod-jobs"]}},
        "add a new one to `roles` or `jobs`, or correct: flights-prod-ingest-job",
    ),
    "group of another environment": (
        "principals",
        {"memberships": {"flights-prod-jobs": ["flights-staging-readers"]}},
        "or correct: flights-staging-readers",
    ),
    "members in dev": (
        "principals",
        {"environment": "dev", "roles": [], "jobs": [], "members": {"readers": ["analysts"]}},
        "`readers` is no role here. This environment has no groups: name who deploys in `developers`",
    ),
    "dash in a catalog": (
        "catalog",
        {"name": "prod-analytics"},
        "write `prod_analytics` here and in config/prod.yaml",
    ),
    "catalog of another environment": (
        "catalog",
        {"name": "dev_analytics"},
        "write `prod_analytics`, or `prod_` and another name",
    ),
    "all data of the catalog": (
        "catalog",
        {"grants": {"flights-prod-readers": ["USE_CATALOG", "SELECT"]}},
        "SELECT would hold for every schema of every project: the bundle grants it, on the schema",
    ),
    "two writers": (
        "catalog",
        {"workspaces": {"1": "write", "2": "write"}},
        "Give the others `read`",
    ),
    "storage by its address": (
        "serverless_network",
        {"storage_accounts": {"data": "https://stflights.dfs.core.windows.net"}},
        "each by its id in Azure: `az storage account show --name NAME --query id -o tsv` prints it",
    ),
    "long name of a network": (
        "serverless_network",
        {"name": "a-very-long-project-in-its-staging"},
        "must be 3 to 30 letters, digits",
    ),
    "misspelt node type": (
        "cluster_policies",
        {"node_types": ["Standard_D4ds_v5", "Standart_D8ds_v5"]},
        "`Standart_D8ds_v5` is no node type of Azure, such as Standard_D4ds_v5; `databricks clusters list-node-types` shows",
    ),
    "clusters that never stop": (
        "cluster_policies",
        {"max_idle_minutes": 0},
        "must be from 10, the least that Databricks takes, to 240",
    ),
    "title of a runtime": ("cluster_policies", {"spark_versions": ["17.3 LTS"]}, "such as 17.3.x-scala2.13"),
}


def folder_of(module, tmp_path):
    """Return a folder with the variables of a module."""
    folder = tmp_path / module
    folder.mkdir()
    shutil.copy(FLIGHTS / "infra/terraform/modules" / module / "variables.tf", folder)
    return folder


def options(values):
    return [
        f"-var={name}={value if isinstance(value, str) else json.dumps(value)}"
        for name, value in values.items()
    ]


@pytest.mark.drawn(3)
@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_value_is_refused_with_the_fix(what, tmp_path):
    module, wrong, fix = WRONG[what]
    folder = folder_of(module, tmp_path)
    assert fix in refused(folder, "plan", "-input=false", *options({**RIGHT[module], **wrong}))


@pytest.mark.parametrize("module", sorted(RIGHT))
def test_right_values_are_taken(module, tmp_path):
    tofu(folder_of(module, tmp_path), "plan", "-input=false", *options(RIGHT[module]))


@pytest.mark.parametrize("what", {"ci": "githb", "branching": "tag"}.items(), ids=str)
def test_a_root_refuses_what_no_module_would_see(what, tmp_path):
    """Without a repository, no module gets the answers about CI."""
    name, value = what
    shutil.copy(FLIGHTS / "infra/terraform/databricks/variables_people.tf", tmp_path)
    (tmp_path / "environment.tf").write_text('variable "environment" {}\n', encoding="utf-8")
    given = {"environment": "prod", "ci": "github", name: value}
    assert "Write one of them into environments/prod.tfvars" in refused(
        tmp_path, "plan", "-input=false", *options(given)
    )
