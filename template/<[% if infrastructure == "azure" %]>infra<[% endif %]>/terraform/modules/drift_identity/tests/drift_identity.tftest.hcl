mock_provider "azuread" {}
mock_provider "azurerm" {}

variables {
  name               = "flights-prod-drift"
  federation         = { issuer = "https://token.actions.githubusercontent.com", subject = "repo:company/flights:environment:prod-drift" }
  resource_group_id  = "/subscriptions/s/resourceGroups/rg-flights-prod"
  state_container_id = "/container"
}

run "reads_only" {
  command = plan

  assert {
    condition     = azurerm_role_assignment.reader.role_definition_name == "Reader" && azurerm_role_assignment.state.role_definition_name == "Storage Blob Data Reader"
    error_message = "a job without an approval must change nothing"
  }
}

run "subject_with_a_wildcard" {
  command         = plan
  expect_failures = [var.federation]

  variables {
    federation = { issuer = "https://token.actions.githubusercontent.com", subject = "repo:company/flights:environment:*" }
  }
}
