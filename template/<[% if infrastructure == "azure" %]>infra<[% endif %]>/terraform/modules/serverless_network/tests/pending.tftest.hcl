# Until somebody approves them, each plan says so, and how.

mock_provider "databricks" {
  mock_resource "databricks_mws_ncc_private_endpoint_rule" {
    defaults = { connection_state = "PENDING", endpoint_name = "databricks-d6df3889-pe-1" }
  }
}

run "pending" {
  command = apply

  variables {
    name             = "flights-prod"
    region           = "westeurope"
    workspace_id     = 1234567890123456
    storage_accounts = { data = "/subscriptions/s/resourceGroups/rg-flights-prod/providers/Microsoft.Storage/storageAccounts/stflightsprod0a1b2c" }
  }

  expect_failures = [check.approved]
}
