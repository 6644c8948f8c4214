mock_provider "azurerm" {}

variables {
  name                        = "dbw-flights-dev"
  resource_group_name         = "rg-flights-dev"
  location                    = "westeurope"
  tags                        = { project = "flights" }
  sku                         = "premium"
  managed_resource_group_name = "rg-flights-dev-nodes"
  storage_account_name        = "dbflightsdev0a1b2c"
  connector_id                = "/connector"
  private                     = false
  network = {
    id = "/network"
    subnets = {
      host      = { name = "snet-host", association_id = "/host" }
      container = { name = "snet-container", association_id = "/container" }
    }
  }
}

run "nodes_have_no_public_address" {
  command = plan

  assert {
    condition     = azurerm_databricks_workspace.this.custom_parameters[0].no_public_ip
    error_message = "nodes must have no public address"
  }

  assert {
    condition = (
      azurerm_databricks_workspace.this.custom_parameters[0].public_subnet_name == "snet-host" &&
      azurerm_databricks_workspace.this.custom_parameters[0].private_subnet_name == "snet-container"
    )
    error_message = "hosts are in the subnet that Azure still calls public"
  }

  assert {
    condition     = azurerm_databricks_workspace.this.public_network_access_enabled && azurerm_databricks_workspace.this.default_storage_firewall_enabled == null
    error_message = "without private endpoints people must reach the workspace"
  }
}

run "private" {
  command = plan

  variables {
    private = true
  }

  assert {
    condition     = !azurerm_databricks_workspace.this.public_network_access_enabled && azurerm_databricks_workspace.this.network_security_group_rules_required == "NoAzureDatabricksRules"
    error_message = "a private workspace must not be reached from outside"
  }

  assert {
    condition     = azurerm_databricks_workspace.this.default_storage_firewall_enabled && azurerm_databricks_workspace.this.access_connector_id == "/connector"
    error_message = "the workspace's own storage must be closed too, and opened to the connector"
  }
}

run "own_storage_has_a_name_that_endpoints_are_made_to" {
  command = plan

  assert {
    condition     = azurerm_databricks_workspace.this.custom_parameters[0].storage_account_name == "dbflightsdev0a1b2c"
    error_message = "with a name by chance no private endpoint could be planned to it"
  }
}

run "name_of_storage_with_a_dash" {
  command         = plan
  expect_failures = [var.storage_account_name]

  variables {
    storage_account_name = "db-flights"
  }
}

run "plan_without_unity_catalog" {
  command         = plan
  expect_failures = [var.sku]

  variables {
    sku = "standard"
  }
}
