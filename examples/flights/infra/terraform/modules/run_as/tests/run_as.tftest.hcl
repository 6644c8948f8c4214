# The deployer may let jobs run as each service principal; the role Manager is kept for whom `managers` names.

mock_provider "databricks" {}

variables {
  account_id = "7a99b43c-b46c-432b-b0a7-814217701909"
  jobs       = { flights-prod-ingestion-job = "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84" }
  deployer   = "servicePrincipals/335ccaf9-6d1e-4f0a-9b7d-2f6f5a1c9e84"
}

run "deployer" {
  assert {
    condition     = databricks_access_control_rule_set.job["flights-prod-ingestion-job"].name == "accounts/7a99b43c-b46c-432b-b0a7-814217701909/servicePrincipals/0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84/ruleSets/default"
    error_message = "a rule set is named by the application id: ${databricks_access_control_rule_set.job["flights-prod-ingestion-job"].name}"
  }

  assert {
    condition     = [for rule in databricks_access_control_rule_set.job["flights-prod-ingestion-job"].grant_rules : rule.role] == ["roles/servicePrincipal.user"]
    error_message = "the deployer alone, as user"
  }
}

run "managers" {
  variables {
    managers = ["groups/platform"]
  }

  assert {
    condition     = length(databricks_access_control_rule_set.job["flights-prod-ingestion-job"].grant_rules) == 2
    error_message = "one rule set has all rules of a service principal: a second one would overwrite it"
  }
}

run "deployer_by_its_name" {
  command = plan

  variables {
    deployer = "flights-prod-deployer"
  }

  expect_failures = [var.deployer]
}

run "manager_by_its_name" {
  command = plan

  variables {
    managers = ["platform"]
  }

  expect_failures = [var.managers]
}
