# What an environment has in Databricks. What belongs to Azure is made by the root `azure` and found here by its name.

module "names" {
  source = "../modules/naming"

  project         = var.project
  environment     = var.environment
  catalog         = local.config.catalog.name
  subscription_id = var.subscription_id
  location        = var.location
}

data "azurerm_databricks_workspace" "environment" {
  name                = module.names.workspace
  resource_group_name = module.names.resource_group
}

data "azurerm_databricks_access_connector" "environment" {
  name                = module.names.access_connector
  resource_group_name = module.names.resource_group
}

data "azurerm_key_vault" "environment" {
  count = var.key_vault_scope ? 1 : 0

  name                = module.names.key_vault
  resource_group_name = module.names.resource_group
}

locals {
  # The same file that the project's code reads: the catalog, and who is in which group.
  config      = yamldecode(file("${path.root}/../../../config/${var.environment}.yaml"))
  memberships = try(local.config.principals.users, {})

  # In dev whoever deploys stands for all groups (databricks.yml), so dev has none.
  is_shared = var.environment != "dev"
  roles     = local.is_shared ? var.roles : []

  workspace_id   = tonumber(data.azurerm_databricks_workspace.environment.workspace_id)
  workspace_host = "https://${data.azurerm_databricks_workspace.environment.workspace_url}"
  account        = "accounts/${var.account_id}"

  tags = merge(var.tags, { project = var.project, environment = var.environment, owner = var.owner })
}

module "metastore" {
  source    = "../modules/metastore"
  providers = { databricks.account = databricks.account, databricks.workspace = databricks.workspace }

  workspace_id     = local.workspace_id
  metastore_id     = var.metastore_id
  region           = data.azurerm_databricks_workspace.environment.location
  metastore_region = var.metastore_region
  creator          = var.metastore_creator
}
