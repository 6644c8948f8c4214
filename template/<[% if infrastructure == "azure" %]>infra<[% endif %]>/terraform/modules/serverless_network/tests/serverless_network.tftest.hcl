# Both kinds of endpoint for each storage account, before the workspace is bound; a warning until they are approved.

mock_provider "databricks" {
  mock_resource "databricks_mws_network_connectivity_config" {
    defaults = { network_connectivity_config_id = "d6df3889-eefc-4ddb-bbb4-613efcb30035" }
  }
  mock_resource "databricks_mws_ncc_private_endpoint_rule" {
    defaults = { connection_state = "ESTABLISHED", endpoint_name = "databricks-d6df3889-pe-1" }
  }
}

variables {
  name         = "flights-prod"
  region       = "westeurope"
  workspace_id = 1234567890123456
  storage_accounts = {
    data      = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-flights-prod/providers/Microsoft.Storage/storageAccounts/stflightsprod0a1b2c"
    workspace = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-flights-prod-nodes/providers/Microsoft.Storage/storageAccounts/dbflightsprod0a1b2c"
  }
}

run "both_kinds_for_each_account" {
  command = apply

  assert {
    condition     = { for name, rule in databricks_mws_ncc_private_endpoint_rule.storage : name => rule.group_id } == { data-blob = "blob", data-dfs = "dfs", workspace-blob = "blob", workspace-dfs = "dfs" }
    error_message = "storage with folders needs blob and dfs: ${join(", ", keys(databricks_mws_ncc_private_endpoint_rule.storage))}"
  }

  assert {
    condition     = databricks_mws_ncc_private_endpoint_rule.storage["workspace-dfs"].resource_id == var.storage_accounts["workspace"] && databricks_mws_ncc_private_endpoint_rule.storage["data-dfs"].network_connectivity_config_id == "d6df3889-eefc-4ddb-bbb4-613efcb30035"
    error_message = "each rule is of its account, in this configuration"
  }

  assert {
    condition     = databricks_mws_ncc_binding.workspace.workspace_id == 1234567890123456 && databricks_mws_ncc_binding.workspace.network_connectivity_config_id == "d6df3889-eefc-4ddb-bbb4-613efcb30035"
    error_message = "without the binding no compute uses the endpoints"
  }

  assert {
    condition     = output.endpoints["data-dfs"] == { resource_id = var.storage_accounts["data"], endpoint = "databricks-d6df3889-pe-1" }
    error_message = "who approves has to recognize the endpoint: ${jsonencode(output.endpoints)}"
  }
}

run "name_that_the_account_refuses" {
  command = plan

  variables {
    name = "ncc-for-a-project-with-a-long-name"
  }

  expect_failures = [var.name]
}

run "account_by_its_name" {
  command = plan

  variables {
    storage_accounts = { data = "stflightsprod0a1b2c" }
  }

  expect_failures = [var.storage_accounts]
}

run "no_account" {
  command = plan

  variables {
    storage_accounts = {}
  }

  expect_failures = [var.storage_accounts]
}
