output "ids" {
  description = "The budgets."
  value       = { for name, budget in azurerm_consumption_budget_resource_group.this : name => budget.id }
}
