# Tags of serverless compute, and mails before the month gets too expensive.

mock_provider "databricks" {
  mock_resource "databricks_budget_policy" {
    defaults = { policy_id = "7a99b43c-0000-432b-b0a7-814217701909" }
  }
}

variables {
  account_id   = "7a99b43c-b46c-432b-b0a7-814217701909"
  name         = "flights-prod"
  workspace_id = 1234567890123456
  tags         = { project = "flights", environment = "prod", owner = "data-team" }
  users        = ["groups/flights-prod-jobs"]
}

run "policy" {
  assert {
    condition     = databricks_budget_policy.serverless.custom_tags[2] == { key = "project", value = "flights" }
    error_message = "serverless compute is billed to the project"
  }

  assert {
    condition     = databricks_access_control_rule_set.budget_policy.name == "accounts/7a99b43c-b46c-432b-b0a7-814217701909/budgetPolicies/7a99b43c-0000-432b-b0a7-814217701909/ruleSets/default"
    error_message = "who uses the policy is a rule set of it: ${databricks_access_control_rule_set.budget_policy.name}"
  }

  assert {
    condition     = length(databricks_budget.month) == 0
    error_message = "without monthly_usd there is no budget"
  }
}

run "month" {
  variables {
    monthly_usd  = 500
    alert_emails = ["data-team@example.com"]
  }

  assert {
    condition     = join(" ", sort([for each in databricks_budget.month[0].alert_configurations : each.quantity_threshold])) == "250 400 500"
    error_message = "mails at 50, 80 and 100 percent"
  }
}

run "budget_that_nobody_hears_of" {
  command = plan

  variables {
    monthly_usd = 500
  }

  expect_failures = [var.monthly_usd]
}

run "budget_of_nothing" {
  command = plan

  variables {
    monthly_usd  = 0
    alert_emails = ["data-team@example.com"]
  }

  expect_failures = [var.monthly_usd]
}

run "no_address" {
  command = plan

  variables {
    alert_emails = ["data-team"]
  }

  expect_failures = [var.alert_emails]
}

run "budget_of_all_projects" {
  command = plan

  variables {
    tags = { environment = "prod" }
  }

  expect_failures = [var.tags]
}

run "user_by_its_name" {
  command = plan

  variables {
    users = ["flights-prod-jobs"]
  }

  expect_failures = [var.users]
}
