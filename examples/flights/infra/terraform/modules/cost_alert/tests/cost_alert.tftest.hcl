mock_provider "azurerm" {}

variables {
  prefix               = "flights-dev"
  resource_group_id    = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-flights-dev"
  subscription_id      = "11111111-1111-1111-1111-111111111111"
  nodes_resource_group = "rg-flights-dev-nodes"
  monthly_amount       = 200
  start_month          = "2027-01-01"
  emails               = ["data@example.com"]
}

run "both_groups" {
  command = plan

  assert {
    condition     = azurerm_consumption_budget_subscription.nodes.subscription_id == "/subscriptions/11111111-1111-1111-1111-111111111111" && [for each in one(azurerm_consumption_budget_subscription.nodes.filter).dimension : { name = each.name, values = toset(each.values) }] == [{ name = "ResourceGroupName", values = toset(["rg-flights-dev-nodes"]) }]
    error_message = "the nodes of clusters are in a group that is Databricks's, so the subscription has their budget: ${jsonencode(azurerm_consumption_budget_subscription.nodes.filter)}"
  }

  assert {
    condition     = alltrue([for each in [azurerm_consumption_budget_resource_group.services, azurerm_consumption_budget_subscription.nodes] : anytrue([for one in each.notification : one.threshold_type == "Forecasted"])])
    error_message = "a forecast must come before the bill"
  }
}

run "starts_within_a_month" {
  command         = plan
  expect_failures = [var.start_month]

  variables {
    start_month = "2027-01-15"
  }
}

run "nobody_hears_of_it" {
  command         = plan
  expect_failures = [var.emails]

  variables {
    emails = []
  }
}

run "no_amount" {
  command         = plan
  expect_failures = [var.monthly_amount]

  variables {
    monthly_amount = 0
  }
}
