mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = { tenant_id = "33333333-3333-3333-3333-333333333333" }
  }
}

variables {
  name                = "kv-flights-dev-123456"
  resource_group_name = "rg-flights-dev"
  location            = "westeurope"
  tags                = { project = "flights" }
  reader_object_id    = null
  allowed_ips         = []
  private             = false
}

run "closed_and_kept" {
  command = plan

  assert {
    condition     = azurerm_key_vault.this.purge_protection_enabled && azurerm_key_vault.this.rbac_authorization_enabled
    error_message = "a deleted secret must come back, and rights must be roles"
  }

  assert {
    condition     = azurerm_key_vault.this.network_acls[0].default_action == "Deny" && azurerm_key_vault.this.network_acls[0].bypass == "AzureServices"
    error_message = "only Azure's services and named addresses may reach the vault"
  }

  assert {
    condition     = length(azurerm_role_assignment.reader) == 0
    error_message = "nobody reads before bootstrap has named the application"
  }
}

run "databricks_reads" {
  command = plan

  variables {
    reader_object_id = "44444444-4444-4444-4444-444444444444"
  }

  assert {
    condition     = azurerm_role_assignment.reader[0].role_definition_name == "Key Vault Secrets User"
    error_message = "Databricks must read, and not write"
  }
}

run "open_to_the_internet" {
  command         = plan
  expect_failures = [var.allowed_ips]

  variables {
    allowed_ips = ["0.0.0.0/0"]
  }
}

run "name_with_an_underscore" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "kv_flights"
  }
}
