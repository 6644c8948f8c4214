output "id" {
  description = "The Log Analytics workspace."
  value       = azurerm_log_analytics_workspace.this.id
}
