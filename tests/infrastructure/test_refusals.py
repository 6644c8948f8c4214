"""What people get wrong in infra/terraform, and what OpenTofu says: arguments that a provider lacks, values that a rule refuses."""

import re
import shutil
from pathlib import Path

import pytest
from infrastructure.planned import copy_infrastructure
from infrastructure.tofu_runs import refused, tofu

pytestmark = pytest.mark.unit

ID = "11111111-1111-1111-1111-111111111111"
LOCAL = 'terraform {\n  backend "local" {}\n}\n'
STORAGE = "modules/storage/main.tf"
# The file, the text in it, what somebody wrote in its place, and the error.
WRONG_FILES = {
    "misspelt argument": (
        STORAGE,
        "is_hns_enabled           = true",
        "is_hns_enable = true",
        'An argument named "is_hns_enable" is not expected here. Did you mean "is_hns_enabled"?',
    ),
    "missing argument": (
        STORAGE,
        'account_tier             = "Standard"',
        "",
        'The argument "account_tier" is required, but no definition was found.',
    ),
    "wrong type": (
        "modules/logs/main.tf",
        "= var.daily_gb",
        '= "a lot"',
        'Inappropriate value for attribute "daily_quota_gb": a number is required.',
    ),
    "misspelt block": (
        STORAGE,
        "network_rules {",
        "network_rule {",
        'Blocks of type "network_rule" are not expected here.',
    ),
    "argument of an older provider": (
        "modules/key_vault/main.tf",
        "rbac_authorization_enabled    ",
        "enable_rbac_authorization     ",
        'An argument named "enable_rbac_authorization" is not expected here.',
    ),
    "misspelt resource": (
        "modules/logs/main.tf",
        '"azurerm_log_analytics_workspace" "this"',
        '"azurerm_log_analytic_workspace" "this"',
        'does not support resource type "azurerm_log_analytic_workspace".',
    ),
    "variable that a module lacks": (
        "azure/main.tf",
        "nat_gateway         = var.nat_gateway",
        "nat = var.nat_gateway",
        'An argument named "nat" is not expected here.',
    ),
    "output that a module lacks": (
        "azure/outputs.tf",
        "module.workspace.host",
        "module.workspace.url",
        'This object does not have an attribute named "url".',
    ),
    "newer provider": (
        "azure/versions.tf",
        "~> 5.10",
        "~> 6.0",
        "does not match configured version constraint",
    ),
}
# The root, what is given to it, and the error.
WRONG_VALUES = {
    "misspelt region": (
        "azure",
        {"location": "westeurop"},
        "`westeurop` is no region with Azure Databricks. Near it: westeurope;",
    ),
    "region as people write it": ("azure", {"location": "West Europe"}, "Near it: westeurope;"),
    "misspelt plan": ("azure", {"workspace_sku": "premum"}, "sku: `premum` is neither `premium` nor `trial`"),
    "plan without Unity Catalog": (
        "azure",
        {"workspace_sku": "standard"},
        "Without them there is no Unity Catalog.",
    ),
    "misspelt replication": (
        "azure",
        {"storage_replication": "ZLRS"},
        "replication: `ZLRS` is none of LRS, ZRS",
    ),
    "project that is no schema": (
        "azure",
        {"project": "My-Flights"},
        "project: `My-Flights` must be at most 40 lower-case letters",
    ),
    "small network": (
        "azure",
        {"address_space": "10.0.0.0/27"},
        "must be a network between /16 and /23, such as 10.20.0.0/20.",
    ),
    "placeholder": (
        "azure",
        {"subscription_id": "00000000-0000-0000-0000-000000000000"},
        "still the placeholder. Write the id that `az account show",
    ),
    "name of a subscription": (
        "azure",
        {"subscription_id": "Production"},
        "must be the id of a subscription",
    ),
    "repository without its owner": (
        "bootstrap",
        {"repository": "flights"},
        "repository: `flights` must be owner/name",
    ),
    "subject of another repository": (
        "bootstrap",
        {"github_subject_prefix": "repo:other@1/flights@2"},
        "`repo:other@1/flights@2` belongs to another repository than `company/flights`",
    ),
    "service connection of another project": (
        "bootstrap",
        {
            "ci": "azure_devops",
            "repository": "company/data/flights",
            "service_connections": '{dev={issuer="https://vstoken.dev.azure.com/x",subject="sc://company/other/deploy"}}',
        },
        "`sc://company/other/deploy` must begin with sc://company/data/",
    ),
    "misspelt CI system": (
        "bootstrap",
        {"ci": "githb"},
        "ci: `githb` is none of github, azure_devops, gitlab, none. Write one of them into bootstrap.tfvars",
    ),
    "reading service connection of another project": (
        "bootstrap",
        {
            "ci": "azure_devops",
            "repository": "company/data/flights",
            "drift_service_connections": '{dev={issuer="https://vstoken.dev.azure.com/x",subject="sc://company/other/drift"}}',
        },
        "`sc://company/other/drift` must begin with sc://company/data/",
    ),
    "infrastructure in the GitLab project of the bundle": (
        "bootstrap",
        {"ci": "gitlab", "gitlab_infrastructure_project": "company/flights"},
        "`company/flights` is the project that deploys the bundle, whose jobs could then sign in as Terraform",
    ),
    "GitLab project of the infrastructure by its address": (
        "bootstrap",
        {"ci": "gitlab", "gitlab_infrastructure_project": "https://gitlab.com/company/terraform"},
        "repository: `https://gitlab.com/company/terraform` must be group/project",
    ),
    "address to clone from": (
        "bootstrap",
        {"repository": "company/flights.git"},
        "repository: `company/flights.git` must end without `.git`",
    ),
    "owner that GitHub refuses": (
        "bootstrap",
        {"repository": "a--b/flights"},
        "repository: `a--b/flights` must be owner/name",
    ),
    "folder in place of a repository": (
        "bootstrap",
        {"repository": "company/.."},
        "repository: `company/..`: `.` and `..` are no names",
    ),
    "Azure DevOps repository without its project": (
        "bootstrap",
        {"ci": "azure_devops", "repository": "company/flights"},
        "repository: `company/flights` must be organization/project/repository",
    ),
    "person by address": (
        "bootstrap",
        {"administrators": '["bob@company.com"]'},
        "administrators: `bob@company.com`: each must be an object id. `az ad user show --id NAME --query id -o tsv`",
    ),
    "object id that is none": (
        "azure",
        {"azure_databricks_object_id": "bla"},
        "azure_databricks_object_id: `bla` must be an object id. Write what `az ad sp show",
    ),
    "application id in place of the object id": (
        "azure",
        {"azure_databricks_object_id": "2FF814A6-3304-4ab8-85cb-cd0e6f879c1d"},
        "azure_databricks_object_id: this is the application id",
    ),
    "addresses that a private vault ignores": (
        "azure",
        {"private": "true", "key_vault_allowed_ips": '["203.0.113.7"]'},
        "with `private` the vault has no public address, so Azure ignores 203.0.113.7. Take them out",
    ),
    "address in place of a network": (
        "azure",
        {"address_space": "10.20.0.5/20"},
        "`10.20.0.5/20` is an address in a network and not the network. Write `10.20.0.0/20`.",
    ),
    "region of bootstrap": ("bootstrap", {"location": "swedncentral"}, "Near it: swedencentral;"),
}


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Path:
    """A project whose roots are initialized, with a state in a file."""
    terraform = copy_infrastructure(tmp_path_factory.mktemp("project"))
    (terraform / "azure/backend_override.tf").write_text(LOCAL, encoding="utf-8")
    for root in ("azure", "bootstrap"):
        tofu(terraform / root, "init", "-input=false")
    return terraform


@pytest.mark.drawn(4)
@pytest.mark.parametrize("what", WRONG_FILES)
def test_a_wrong_file_is_refused(what, ready, tmp_path):
    file, text, instead, error = WRONG_FILES[what]
    terraform = Path(shutil.copytree(ready.parents[1], tmp_path / "p")) / "infra/terraform"
    written = (terraform / file).read_text(encoding="utf-8")
    assert written.count(text) == 1
    (terraform / file).write_text(written.replace(text, instead), encoding="utf-8")
    assert error in refused(terraform / "azure", *(("init",) if what == "newer provider" else ("validate",)))


@pytest.mark.drawn(4)
@pytest.mark.parametrize("what", WRONG_VALUES)
def test_a_wrong_value_is_refused(what, ready):
    root, values, error = WRONG_VALUES[what]
    file = {"azure": "environments/dev.tfvars", "bootstrap": "bootstrap.tfvars"}[root]
    given = {
        "subscription_id": ID,
        **({"repository": "company/flights"} if root == "bootstrap" else {}),
        **values,
    }
    options = [f"-var={name}={value}" for name, value in given.items()]
    assert error in refused(ready / root, "plan", "-input=false", f"-var-file={file}", *options)


def test_a_catalog_of_another_environment_is_refused(ready, tmp_path):
    terraform = Path(shutil.copytree(ready.parents[1], tmp_path / "p")) / "infra/terraform"
    config = terraform.parents[1] / "config/prod.yaml"
    config.write_text(
        re.sub("prod_analytics", "dev_analytics", config.read_text(encoding="utf-8")), encoding="utf-8"
    )
    options = (f"-var=subscription_id={ID}", "-var-file=environments/prod.tfvars")
    assert "catalog: `dev_analytics` must begin with `prod_`" in refused(
        terraform / "azure", "plan", "-input=false", *options
    )


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_the_committed_variables_of_an_environment_need_only_the_subscription(environment, ready):
    file = f"-var-file=environments/{environment}.tfvars"
    printed = tofu(ready / "azure", "plan", "-input=false", "-no-color", file, f"-var=subscription_id={ID}")
    assert f'"rg-flights-{environment}' in printed
    assert "dbw-flights-" + environment in printed
    assert "0 to destroy" in printed
    assert "placeholder" in refused(ready / "azure", "plan", "-input=false", file)
