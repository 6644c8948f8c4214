mock_provider "azurerm" {}

variables {
  name                = "flights-dev-dfs"
  resource_group_name = "rg-flights-dev"
  location            = "westeurope"
  tags                = { project = "flights" }
  resource_id         = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
  kind                = "dfs"
  endpoints = {
    subnet_id = "/subnets/endpoints"
    zones     = { blob = "zone-blob", dfs = "zone-dfs", vault = "zone-vault", databricks = "zone-databricks" }
  }
}

run "the_zone_of_its_kind" {
  command = plan

  assert {
    condition     = azurerm_private_endpoint.this.private_dns_zone_group[0].private_dns_zone_ids[0] == "zone-dfs" && azurerm_private_endpoint.this.private_service_connection[0].subresource_names[0] == "dfs"
    error_message = "an endpoint must be found under the name of its kind"
  }
}

run "both_kinds_of_a_workspace_share_a_zone" {
  command = plan

  variables {
    kind = "browser_authentication"
  }

  assert {
    condition     = azurerm_private_endpoint.this.private_dns_zone_group[0].private_dns_zone_ids[0] == "zone-databricks"
    error_message = "Databricks has one zone"
  }
}

run "approved_by_itself" {
  command = plan

  assert {
    condition     = !azurerm_private_endpoint.this.private_service_connection[0].is_manual_connection && azurerm_private_endpoint.this.private_service_connection[0].request_message == null
    error_message = "on a resource of its own group Terraform needs nobody"
  }
}

run "asks_for_an_approval" {
  command = plan

  variables {
    approver = "owner of the subscription"
  }

  assert {
    condition     = azurerm_private_endpoint.this.private_service_connection[0].is_manual_connection && azurerm_private_endpoint.this.private_service_connection[0].request_message == "flights-dev-dfs: please approve (owner of the subscription)"
    error_message = "on a resource of Databricks's group Terraform may not approve"
  }
}

run "unknown_kind" {
  command         = plan
  expect_failures = [var.kind]

  variables {
    kind = "file"
  }
}
