mock_provider "azurerm" {}

variables {
  prefix          = "flights-dev"
  resource_groups = { services = "/groups/services", nodes = "/groups/nodes" }
  monthly_amount  = 200
  start_month     = "2027-01-01"
  emails          = ["data@example.com"]
}

run "both_groups" {
  command = plan

  assert {
    condition     = toset(keys(azurerm_consumption_budget_resource_group.this)) == toset(["services", "nodes"])
    error_message = "the nodes of clusters are in a group of their own"
  }

  assert {
    condition     = anytrue([for each in azurerm_consumption_budget_resource_group.this["nodes"].notification : each.threshold_type == "Forecasted"])
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
