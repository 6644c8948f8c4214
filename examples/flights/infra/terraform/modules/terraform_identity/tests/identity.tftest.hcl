mock_provider "azuread" {}
mock_provider "azurerm" {}

variables {
  name                  = "flights-dev-terraform"
  federation            = { issuer = "https://token.actions.githubusercontent.com", subject = "repo:company/flights:environment:dev-infrastructure" }
  resource_group_id     = "/subscriptions/s/resourceGroups/rg-flights-dev"
  subscription_id       = "11111111-1111-1111-1111-111111111111"
  managed_group_role_id = "/role"
  state_container_id    = "/container"
}

run "one_resource_group" {
  command = plan

  assert {
    condition     = azurerm_role_assignment.contributor.scope == var.resource_group_id && azurerm_role_assignment.roles.scope == var.resource_group_id
    error_message = "the identity must change one resource group alone"
  }

  assert {
    condition     = azurerm_role_assignment.managed_group.role_definition_id == "/role" && azurerm_role_assignment.state.scope == "/container"
    error_message = "in the subscription it may only make the group of nodes, and of states it has one"
  }
}

run "gives_two_roles_alone" {
  command = plan

  assert {
    condition     = length(regexall("GuidEquals {4633458b-17de-408a-b874-0445c86b69e6, ba92f5b4-2d11-453d-a403-e96b0029c9fe}", azurerm_role_assignment.roles.condition)) == 2
    error_message = "writing and deleting must be limited to the same roles"
  }

  assert {
    condition     = strcontains(azurerm_role_assignment.roles.condition, "StringEqualsIgnoreCase 'ServicePrincipal'") && azurerm_role_assignment.roles.condition_version == "2.0"
    error_message = "no person may get a role from it"
  }
}

run "signs_in_without_a_secret" {
  command = plan

  assert {
    condition     = module.application.subjects == ["repo:company/flights:environment:dev-infrastructure"]
    error_message = "only the environment of the repository signs in"
  }
}
