# The root `databricks` does not read these: it finds everything by the names of `modules/naming`. They are for people.

output "workspace_host" {
  description = "Address of the workspace: the target's `workspace.host` in databricks.yml."
  value       = module.workspace.host
}

output "workspace_id" {
  description = "Number of the workspace in Databricks."
  value       = module.workspace.workspace_id
}

output "containers" {
  description = "Address of each layer's container."
  value       = module.storage.addresses
}

output "access_connector_id" {
  description = "The access connector, for the storage credential."
  value       = azurerm_databricks_access_connector.this.id
}

output "key_vault_uri" {
  description = "Address of the key vault; null without one."
  value       = try(module.key_vault[0].uri, null)
}
