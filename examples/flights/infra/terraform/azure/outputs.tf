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

output "endpoints_to_approve" {
  description = "What `run.sh approve` approves: on each line a storage account and the name of a private endpoint. Empty without any."
  value = join("\n", [
    for name, endpoint in module.endpoint : "${module.names.workspace_storage_account_id} ${endpoint.name}" if contains(keys(local.own_storage), name)
  ])
}

output "key_vault_uri" {
  description = "Address of the key vault; null without one."
  value       = try(module.key_vault[0].uri, null)
}
