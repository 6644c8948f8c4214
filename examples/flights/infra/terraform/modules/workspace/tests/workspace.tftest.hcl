mock_provider "azurerm" {}

variables {
  name                        = "dbw-flights-dev"
  resource_group_name         = "rg-flights-dev"
  location                    = "westeurope"
  tags                        = { project = "flights" }
  sku                         = "premium"
  managed_resource_group_name = "rg-flights-dev-nodes"
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

run "plan_without_unity_catalog" {
  command         = plan
  expect_failures = [var.sku]

  variables {
    sku = "standard"
  }
}
