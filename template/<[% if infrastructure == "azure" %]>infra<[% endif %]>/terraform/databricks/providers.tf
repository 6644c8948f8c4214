# Two providers for Databricks, because there are two sides of it. Groups, service principals, federation policies and budgets belong to the
# account and are refused by a workspace; catalogs, policies and settings belong to a workspace and are refused by the account.
#
# Both sign in as the identity of Azure that bootstrap made, which an account admin has made an account admin too. In GitHub Actions it takes
# ARM_CLIENT_ID, ARM_TENANT_ID and DATABRICKS_AUTH_TYPE=github-oidc-azure, elsewhere a signed-in Azure CLI (`az login`). A token of Databricks
# itself would not do: with it, workspaces refuse secret scopes of a key vault.

# Reads what the root `azure` has made, and makes nothing.
provider "azurerm" {
  subscription_id                 = var.subscription_id
  resource_provider_registrations = "none"

  features {}
}

provider "databricks" {
  alias = "account"

  host       = "https://accounts.azuredatabricks.net"
  account_id = var.account_id
}

# The workspace exists before this root is planned: the root `azure` has made it. A provider whose host is made in the same run would fail.
provider "databricks" {
  alias = "workspace"

  host                        = local.workspace_host
  azure_workspace_resource_id = data.azurerm_databricks_workspace.environment.id
}
