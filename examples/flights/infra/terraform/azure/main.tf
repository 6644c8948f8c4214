# What an environment has in Azure.

module "names" {
  source = "../modules/naming"

  project         = var.project
  environment     = var.environment
  catalog         = local.config.catalog.name
  subscription_id = var.subscription_id
  location        = var.location
}

locals {
  # The same file that the project's code reads.
  config = yamldecode(file("${path.root}/../../../config/${var.environment}.yaml"))

  tags = merge(var.tags, { project = var.project, environment = var.environment, owner = var.owner })
}

data "azurerm_resource_group" "environment" {
  name = module.names.resource_group # bootstrap makes it, and lets this identity into it
}

resource "azurerm_databricks_access_connector" "this" {
  name                = module.names.access_connector
  resource_group_name = data.azurerm_resource_group.environment.name
  location            = module.names.location
  tags                = local.tags

  identity {
    type = "SystemAssigned"
  }
}

module "network" {
  source = "../modules/network"

  prefix              = module.names.group
  resource_group_name = data.azurerm_resource_group.environment.name
  location            = module.names.location
  tags                = local.tags
  address_space       = var.address_space
  private_endpoints   = var.private
  nat_gateway         = var.nat_gateway
}

module "storage" {
  source = "../modules/storage"

  name                = module.names.storage_account
  resource_group_name = data.azurerm_resource_group.environment.name
  location            = module.names.location
  tags                = local.tags
  layers              = module.names.containers
  replication         = var.storage_replication
  deleted_days        = var.deleted_days
  landing             = var.landing
  private             = var.private

  connector = {
    id           = azurerm_databricks_access_connector.this.id
    principal_id = azurerm_databricks_access_connector.this.identity[0].principal_id
  }
}

module "workspace" {
  source = "../modules/workspace"

  name                        = module.names.workspace
  resource_group_name         = data.azurerm_resource_group.environment.name
  managed_resource_group_name = module.names.managed_resource_group
  storage_account_name        = module.names.workspace_storage_account
  location                    = module.names.location
  tags                        = local.tags
  sku                         = var.workspace_sku
  network                     = module.network
  connector_id                = azurerm_databricks_access_connector.this.id
  private                     = var.private
}

module "key_vault" {
  source = "../modules/key_vault"
  count  = var.key_vault ? 1 : 0

  name                = module.names.key_vault
  resource_group_name = data.azurerm_resource_group.environment.name
  location            = module.names.location
  tags                = local.tags
  reader_object_id    = var.azure_databricks_object_id
  allowed_ips         = var.key_vault_allowed_ips
  private             = var.private
}
