mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = { tenant_id = "33333333-3333-3333-3333-333333333333" }
  }
}

variables {
  name                = "stflightsdev123456"
  resource_group_name = "rg-flights-dev"
  location            = "westeurope"
  tags                = { project = "flights" }
  layers              = ["landing", "bronze", "silver"]
  replication         = "LRS"
  deleted_days        = 7
  landing             = { cool_after_days = 30 }
  connector           = { id = "/connector", principal_id = "44444444-4444-4444-4444-444444444444" }
  private             = false
}

run "folders_and_no_keys" {
  command = plan

  assert {
    condition     = azurerm_storage_account.this.is_hns_enabled && !azurerm_storage_account.this.shared_access_key_enabled && !azurerm_storage_account.this.allow_nested_items_to_be_public
    error_message = "the account must have folders, no keys, and nothing public"
  }

  assert {
    condition     = toset(keys(azurerm_storage_container.layer)) == toset(["landing", "bronze", "silver"])
    error_message = "each layer must have a container"
  }

  assert {
    condition     = azurerm_role_assignment.connector.role_definition_name == "Storage Blob Data Contributor" && azurerm_role_assignment.connector.principal_type == "ServicePrincipal"
    error_message = "the access connector must read and write"
  }

  assert {
    condition     = output.addresses["bronze"] == "abfss://bronze@stflightsdev123456.dfs.core.windows.net/"
    error_message = "external locations need the address with dfs"
  }
}

run "only_landing_ages" {
  command = plan

  assert {
    condition     = azurerm_storage_management_policy.landing[0].rule[0].filters[0].prefix_match == toset(["landing/"])
    error_message = "a table's old files belong to it"
  }

  assert {
    condition     = azurerm_storage_management_policy.landing[0].rule[0].actions[0].base_blob[0].delete_after_days_since_modification_greater_than == null
    error_message = "nothing is deleted unless it is asked for"
  }
}

run "nothing_ages" {
  command = plan

  variables {
    landing = {}
  }

  assert {
    condition     = length(azurerm_storage_management_policy.landing) == 0
    error_message = "without ages there must be no policy"
  }
}

run "private_but_open_for_the_connector" {
  command = plan

  variables {
    private = true
  }

  assert {
    condition     = azurerm_storage_account.this.network_rules[0].default_action == "Deny" && azurerm_storage_account.this.network_rules[0].private_link_access[0].endpoint_resource_id == "/connector"
    error_message = "Unity Catalog must pass the firewall"
  }
}

run "misspelt_replication" {
  command         = plan
  expect_failures = [var.replication]

  variables {
    replication = "GLRS"
  }
}

run "deleted_before_it_is_cool" {
  command         = plan
  expect_failures = [var.landing]

  variables {
    landing = { cool_after_days = 30, delete_after_days = 10 }
  }
}

run "nothing_comes_back" {
  command         = plan
  expect_failures = [var.deleted_days]

  variables {
    deleted_days = 0
  }
}

run "name_with_a_dash" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "st-flights"
  }
}
