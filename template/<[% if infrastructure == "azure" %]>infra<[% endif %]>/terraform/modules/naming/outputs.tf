output "catalog" {
  description = "Name of the environment's catalog."
  value       = var.catalog
}

output "layers" {
  description = "The layers: each has a container in the storage account, and a schema that the bundle makes."
  value       = local.layers
}

output "catalog_container" {
  description = "The container with the managed tables and volumes of the catalog."
  value       = local.catalog_container
}

output "containers" {
  description = "All containers of the storage account: that of the catalog, and one for each layer."
  value       = concat([local.catalog_container], local.layers)
}

output "schemas" {
  description = "Two-level names of the schemas by layer, as `CatalogHelper` builds them."
  value       = { for layer in local.layers : layer => "${var.catalog}.${var.project}_${layer}" }
}

output "group" {
  description = "Prefix of the names of groups and service principals: <prefix>-<role>."
  value       = local.prefix
}

output "resource_group" {
  description = "Name of the environment's resource group."
  value       = "rg-${local.prefix}"
}

output "workspace" {
  description = "Name of the environment's Databricks workspace."
  value       = "dbw-${local.prefix}"
}

output "access_connector" {
  description = "Name of the access connector, with whose identity Unity Catalog reads and writes the storage."
  value       = "dbac-${local.prefix}"
}

output "storage_account" {
  description = "Name of the storage account with the environment's data; unique in all of Azure."
  value       = local.storage_account
}

output "storage_account_id" {
  description = "The storage account, as a resource of Azure."
  value       = "/subscriptions/${var.subscription_id}/resourceGroups/rg-${local.prefix}/providers/Microsoft.Storage/storageAccounts/${local.storage_account}"
}

output "workspace_storage_account" {
  description = "Name of the storage account that the workspace has for itself; unique in all of Azure."
  value       = local.workspace_storage_account
}

output "workspace_storage_account_id" {
  description = "The workspace's own storage account, as a resource of Azure."
  value       = "/subscriptions/${var.subscription_id}/resourceGroups/rg-${local.prefix}-nodes/providers/Microsoft.Storage/storageAccounts/${local.workspace_storage_account}"
}

output "serverless_network" {
  description = "Name of the network connectivity configuration of serverless compute, in the Databricks account."
  value       = local.serverless_network
}

output "key_vault" {
  description = "Name of the key vault behind the secret scope; unique in all of Azure."
  value       = local.key_vault
}

output "location" {
  description = "The region, checked."
  value       = var.location
}

output "managed_resource_group" {
  description = "Name of the resource group that Databricks makes for the nodes of clusters."
  value       = "rg-${local.prefix}-nodes"
}
