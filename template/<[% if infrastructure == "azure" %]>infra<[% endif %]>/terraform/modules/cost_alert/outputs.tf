output "ids" {
  description = "The budgets."
  value       = { services = azurerm_consumption_budget_resource_group.services.id, nodes = azurerm_consumption_budget_subscription.nodes.id }
}
