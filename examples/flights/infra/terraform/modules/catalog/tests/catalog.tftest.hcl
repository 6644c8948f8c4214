# The catalog of one environment: isolated, bound, granted to one principal at a time, and never deleted.

mock_provider "databricks" {}

variables {
  environment  = "prod"
  name         = "prod_analytics"
  storage_root = "abfss://catalog@stflightsprod0a1b2c.dfs.core.windows.net/"
  workspaces   = { "1234567890123456" = "write" }
  principals   = { deployer = "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84" }
  grants       = { deployer = ["USE_CATALOG", "CREATE_SCHEMA"], flights-prod-readers = ["USE_CATALOG"] }
}

run "isolated" {
  command = plan

  assert {
    condition     = databricks_catalog.environment.isolation_mode == "ISOLATED" && databricks_workspace_binding.workspace["1234567890123456"].binding_type == "BINDING_TYPE_READ_WRITE"
    error_message = "no grant opens the catalog in another workspace"
  }

  assert {
    condition     = databricks_catalog.environment.force_destroy != true
    error_message = "a catalog with tables is never deleted"
  }
}

run "grants" {
  command = plan

  assert {
    condition     = databricks_grant.principal["deployer"].principal == "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84" && databricks_grant.principal["deployer"].privileges == toset(["CREATE_SCHEMA", "USE_CATALOG"])
    error_message = "the deployer makes schemas"
  }

  assert {
    condition     = databricks_grant.principal["flights-prod-readers"].principal == "flights-prod-readers"
    error_message = "a group is granted to by its name"
  }
}

run "readers_elsewhere" {
  command = plan

  variables {
    workspaces = { "1234567890123456" = "write", "2234567890123456" = "read" }
  }

  assert {
    condition     = databricks_workspace_binding.workspace["2234567890123456"].binding_type == "BINDING_TYPE_READ_ONLY"
    error_message = "another workspace reads at most"
  }
}

run "two_workspaces_write" {
  command = plan

  variables {
    workspaces = { "1234567890123456" = "write", "2234567890123456" = "write" }
  }

  expect_failures = [var.workspaces]
}

run "catalog_of_another_environment" {
  command = plan

  variables {
    name = "dev_analytics"
  }

  expect_failures = [var.name]
}

run "name_with_a_dash" {
  command = plan

  variables {
    name = "prod-analytics"
  }

  expect_failures = [var.name]
}

run "data_of_all_schemas" {
  command = plan

  variables {
    grants = { flights-prod-readers = ["USE_CATALOG", "SELECT"] }
  }

  expect_failures = [var.grants]
}

run "everybody_in_the_account" {
  command = plan

  variables {
    grants = { "account users" = ["USE_CATALOG"] }
  }

  expect_failures = [var.grants]
}

run "storage_of_the_metastore" {
  command = plan

  variables {
    storage_root = ""
  }

  expect_failures = [var.storage_root]
}
