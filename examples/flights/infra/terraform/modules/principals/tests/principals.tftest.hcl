# Names, memberships, and names that databricks.yml does not have.

mock_provider "databricks" {
  mock_resource "databricks_group" {
    defaults = { id = "1001" }
  }
  mock_resource "databricks_service_principal" {
    defaults = { id = "2001", application_id = "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84" }
  }
  mock_data "databricks_group" {
    defaults = { id = "3001" }
  }
}

variables {
  project     = "flights"
  environment = "prod"

  memberships = {
    flights-prod-jobs          = ["flights-prod-readers"]
    flights-prod-ingestion-job = ["flights-prod-jobs", "flights-prod-ingestion"]
  }
}

run "names" {
  assert {
    condition     = length(databricks_group.role) == 11 && contains(keys(databricks_group.role), "flights-prod-readers")
    error_message = "each role is a group: ${join(", ", keys(databricks_group.role))}"
  }

  assert {
    condition     = join(" ", keys(databricks_service_principal.job)) == "flights-prod-ingestion-job flights-prod-maintenance-job flights-prod-scoring-job flights-prod-training-job flights-prod-transformation-job"
    error_message = "each kind of work has a service principal: ${join(", ", keys(databricks_service_principal.job))}"
  }

  assert {
    condition     = databricks_service_principal.deployer.display_name == "flights-prod-deployer"
    error_message = "the deployer is ${databricks_service_principal.deployer.display_name}"
  }

  assert {
    condition     = output.group_of["bi"] == "flights-prod-bi" && output.deployer.name == "flights-prod-deployer"
    error_message = "the outputs name groups by role"
  }
}

run "memberships" {
  assert {
    condition     = join(", ", keys(databricks_group_member.inside)) == "flights-prod-ingestion-job in flights-prod-ingestion, flights-prod-ingestion-job in flights-prod-jobs, flights-prod-jobs in flights-prod-readers"
    error_message = "each membership of config/prod.yaml is there: ${join(", ", keys(databricks_group_member.inside))}"
  }

  assert {
    condition     = databricks_group_member.inside["flights-prod-ingestion-job in flights-prod-jobs"].member_id == "2001"
    error_message = "a service principal is a member by its id"
  }

  assert {
    condition     = databricks_group_member.inside["flights-prod-jobs in flights-prod-readers"].member_id == "1001"
    error_message = "a group is a member by its id"
  }
}

run "groups_of_the_company" {
  variables {
    members = { readers = ["data-analysts", "data-engineers"], operators = ["data-engineers"] }
  }

  assert {
    condition     = length(databricks_group_member.company) == 3 && length(data.databricks_group.company) == 2
    error_message = "each group of the company gets its roles: ${join(", ", keys(databricks_group_member.company))}"
  }

  assert {
    condition     = databricks_group_member.company["data-engineers in flights-prod-operators"].member_id == "3001"
    error_message = "a group of the company is found, not made"
  }
}

run "dev_has_a_deployer_alone" {
  variables {
    environment = "dev"
    roles       = []
    jobs        = []
    memberships = {}
  }

  assert {
    condition     = length(databricks_group.role) == 0 && length(databricks_service_principal.job) == 0 && databricks_service_principal.deployer.display_name == "flights-dev-deployer"
    error_message = "in dev whoever deploys stands for all groups"
  }
}

run "member_of_another_environment" {
  command = plan

  variables {
    memberships = { flights-staging-jobs = ["flights-prod-readers"] }
  }

  expect_failures = [var.memberships]
}

run "group_that_the_bundle_does_not_name" {
  command = plan

  variables {
    memberships = { flights-prod-jobs = ["flights-prod-reader"] }
  }

  expect_failures = [var.memberships]
}

run "role_that_does_not_exist" {
  command = plan

  variables {
    members = { analysts = ["data-analysts"] }
  }

  expect_failures = [var.members]
}
