output "id" {
  description = "The workspace, as a resource of Azure."
  value       = azurerm_databricks_workspace.this.id
}

output "workspace_id" {
  description = "The number of the workspace in Databricks."
  value       = azurerm_databricks_workspace.this.workspace_id
}

output "host" {
  description = "Address of the workspace, for databricks.yml."
  value       = "https://${azurerm_databricks_workspace.this.workspace_url}"
}

output "managed_resource_group_id" {
  description = "The resource group with the nodes of clusters, where most of the cost of classic compute is."
  value       = azurerm_databricks_workspace.this.managed_resource_group_id
}
