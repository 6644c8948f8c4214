# Two providers for Databricks, because there are two sides of it. Groups, service principals, federation policies and budgets belong to the
# account and are refused by a workspace; catalogs, policies and settings belong to a workspace and are refused by the account.
#
# Both sign in with the identity of Azure that ARM_CLIENT_ID and ARM_TENANT_ID name, or with that of `az login` on a laptop. In GitHub Actions
# also set DATABRICKS_AUTH_TYPE=github-oidc-azure. Secret scopes of a key vault are refused with any other kind of sign-in.

provider "azurerm" {
  features {}

  subscription_id = var.subscription_id
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
