mock_provider "azurerm" {}

variables {
  name                = "stflightsstate123456"
  resource_group_name = "rg-flights-state"
  location            = "westeurope"
  containers          = ["dev", "prod", "bootstrap"]
  writers             = ["44444444-4444-4444-4444-444444444444"]
  tags                = {}
}

run "kept_versions_and_no_keys" {
  command = plan

  assert {
    condition     = azurerm_storage_account.this.blob_properties[0].versioning_enabled && !azurerm_storage_account.this.shared_access_key_enabled
    error_message = "an earlier state must come back, and there must be no keys"
  }

  assert {
    condition     = azurerm_management_lock.account.lock_level == "CanNotDelete"
    error_message = "the account must be locked"
  }

  assert {
    condition     = toset(keys(azurerm_storage_container.this)) == toset(["dev", "prod", "bootstrap"])
    error_message = "each environment must have a container of its own, so that its identity reads no other state"
  }
}

run "name_in_capitals" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "stFlights"
  }
}
