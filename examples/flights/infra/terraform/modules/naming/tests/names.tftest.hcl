# Names, and what the convention refuses. tests/infrastructure of the template's repository holds them together with CatalogHelper.

variables {
  project         = "flights"
  environment     = "prod"
  catalog         = "prod_analytics"
  subscription_id = "11111111-1111-1111-1111-111111111111"
}

run "names" {
  command = plan

  assert {
    condition     = output.group == "flights-prod" && output.resource_group == "rg-flights-prod" && output.workspace == "dbw-flights-prod"
    error_message = "the names must be made of project and environment"
  }

  assert {
    condition     = output.serverless_network == "flights-prod" && endswith(output.storage_account_id, "/resourceGroups/rg-flights-prod/providers/Microsoft.Storage/storageAccounts/${output.storage_account}") && endswith(output.workspace_storage_account_id, "/resourceGroups/rg-flights-prod-nodes/providers/Microsoft.Storage/storageAccounts/${output.workspace_storage_account}")
    error_message = "serverless compute reaches storage by ids that `azure` has made: ${output.workspace_storage_account_id}"
  }

  assert {
    condition     = output.schemas["silver"] == "prod_analytics.flights_silver" && length(output.schemas) == 8
    error_message = "each layer must have a schema"
  }

  assert {
    condition     = can(regex("^stflightsprod[0-9a-f]{6}$", output.storage_account)) && can(regex("^kv-flights-prod-[0-9a-f]{6}$", output.key_vault))
    error_message = "storage account and key vault must have a hash"
  }
}

run "long_name_of_a_project" {
  command = plan

  variables {
    project     = "a_very_long_name_of_a_project_with_words"
    environment = "staging"
    catalog     = "staging_analytics"
  }

  assert {
    condition     = length(output.storage_account) <= 24 && length(output.key_vault) <= 24 && can(regex("^[a-z0-9]+$", output.storage_account))
    error_message = "Azure allows 24 characters"
  }

  assert {
    condition     = length(output.workspace_storage_account) <= 24 && can(regex("^[a-z0-9]+$", output.workspace_storage_account)) && output.workspace_storage_account != output.storage_account
    error_message = "the workspace's own storage is another account"
  }

  assert {
    condition     = length(output.serverless_network) == 30 && startswith(output.serverless_network, "a_very_long_name_of_a_p-")
    error_message = "the Databricks account allows 30 characters: ${output.serverless_network}"
  }
}

run "another_subscription_has_other_unique_names" {
  command = plan

  variables {
    subscription_id = "22222222-2222-2222-2222-222222222222"
  }

  assert {
    condition     = output.storage_account != "stflightsprod${substr(sha256("11111111-1111-1111-1111-111111111111/flights/prod"), 0, 6)}"
    error_message = "two companies must not collide"
  }
}

run "catalog_of_another_environment" {
  command         = plan
  expect_failures = [var.catalog]

  variables {
    catalog = "dev_analytics"
  }
}

run "catalog_that_needs_quotes" {
  command         = plan
  expect_failures = [var.catalog]

  variables {
    catalog = "prod_analytics-eu"
  }
}

run "unknown_environment" {
  command         = plan
  expect_failures = [var.environment]

  variables {
    environment = "production"
  }
}

run "project_with_a_dash" {
  command         = plan
  expect_failures = [var.project]

  variables {
    project = "my-flights"
  }
}

run "misspelt_region" {
  command         = plan
  expect_failures = [var.location]

  variables {
    location = "westeurop"
  }
}

run "name_of_a_subscription_in_place_of_its_id" {
  command         = plan
  expect_failures = [var.subscription_id]

  variables {
    subscription_id = "Company Production"
  }
}
