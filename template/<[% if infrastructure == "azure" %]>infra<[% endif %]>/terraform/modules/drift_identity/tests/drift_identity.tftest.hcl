mock_provider "azuread" {}
mock_provider "azurerm" {}

variables {
  name               = "flights-prod-drift"
  federation         = { issuer = "https://token.actions.githubusercontent.com", subject = "repo:company/flights:environment:prod-drift" }
  resource_group_id  = "/subscriptions/s/resourceGroups/rg-flights-prod"
  subscription_id    = "11111111-1111-1111-1111-111111111111"
  budgets_role_id    = "/role"
  state_container_id = "/container"
}

run "reads_only" {
  command = plan

  assert {
    condition     = azurerm_role_assignment.reader.role_definition_name == "Reader" && azurerm_role_assignment.state.role_definition_name == "Storage Blob Data Reader"
    error_message = "a job without an approval must change nothing"
  }

  assert {
    condition     = azurerm_role_assignment.reader.scope == var.resource_group_id && azurerm_role_assignment.state.scope == var.state_container_id
    error_message = "it reads one environment alone"
  }
}

run "of_the_subscription_the_budgets_alone" {
  command = plan

  assert {
    condition     = azurerm_role_assignment.budgets.scope == "/subscriptions/11111111-1111-1111-1111-111111111111" && azurerm_role_assignment.budgets.role_definition_id == "/role"
    error_message = "the budget on the nodes is the subscription's, and no built-in role shows budgets alone"
  }
}

run "signs_in_at_night_from_its_own_environment" {
  command = plan

  assert {
    condition     = module.application.subjects == ["repo:company/flights:environment:prod-drift"]
    error_message = "no other job reads the state"
  }
}
