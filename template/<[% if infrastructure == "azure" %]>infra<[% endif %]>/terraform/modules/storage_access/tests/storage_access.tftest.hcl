# One credential, one location for each container, bound to the workspaces of the environment; no way around the grants of tables.

mock_provider "databricks" {}

variables {
  name                = "flights-prod"
  access_connector_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-flights-prod/providers/Microsoft.Databricks/accessConnectors/dbac-flights-prod"
  workspace_ids       = ["1234567890123456"]

  locations = {
    landing = { url = "abfss://landing@stflightsprod0a1b2c.dfs.core.windows.net/" }
    gold    = { url = "abfss://gold@stflightsprod0a1b2c.dfs.core.windows.net/", grants = { deployer = ["CREATE_MANAGED_STORAGE"] } }
  }

  principals = { deployer = "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84" }
}

run "locations" {
  command = plan

  assert {
    condition     = databricks_external_location.container["landing"].name == "flights-prod-landing" && databricks_external_location.container["landing"].credential_name == "flights-prod"
    error_message = "a location for each container, with the credential of the access connector"
  }

  assert {
    condition     = alltrue([for each in databricks_external_location.container : each.isolation_mode == "ISOLATION_MODE_ISOLATED"]) && databricks_storage_credential.connector.isolation_mode == "ISOLATION_MODE_ISOLATED"
    error_message = "another environment's workspace cannot use the storage"
  }

  assert {
    condition     = length(databricks_workspace_binding.location) == 2 && databricks_workspace_binding.location["gold in 1234567890123456"].workspace_id == 1234567890123456
    error_message = "each location is bound: ${join(", ", keys(databricks_workspace_binding.location))}"
  }

  assert {
    condition     = length(databricks_grant.location) == 1 && databricks_grant.location["deployer on gold"].principal == "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"
    error_message = "a service principal is granted to by its application id"
  }
}

run "grant_that_goes_around_tables" {
  command = plan

  variables {
    locations = { gold = { url = "abfss://gold@stflightsprod0a1b2c.dfs.core.windows.net/", grants = { analysts = ["WRITE_FILES"] } } }
  }

  expect_failures = [var.locations]
}

run "address_of_blobs" {
  command = plan

  variables {
    locations = { gold = { url = "https://stflightsprod0a1b2c.blob.core.windows.net/gold" } }
  }

  expect_failures = [var.locations]
}

run "no_access_connector" {
  command = plan

  variables {
    access_connector_id = "dbac-flights-prod"
  }

  expect_failures = [var.access_connector_id]
}

run "workspace_by_its_name" {
  command = plan

  variables {
    workspace_ids = ["dbw-flights-prod"]
  }

  expect_failures = [var.workspace_ids]
}
