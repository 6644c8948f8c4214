mock_provider "azurerm" {}

variables {
  prefix              = "flights-dev"
  resource_group_name = "rg-flights-dev"
  location            = "westeurope"
  tags                = { project = "flights" }
  address_space       = "10.20.0.0/20"
  private_endpoints   = false
  nat_gateway         = false
}

run "smallest" {
  command = plan

  assert {
    condition = (
      azurerm_subnet.clusters["host"].address_prefixes[0] == "10.20.0.0/22" &&
      azurerm_subnet.clusters["container"].address_prefixes[0] == "10.20.4.0/22"
    )
    error_message = "hosts and containers must have subnets of their own"
  }

  assert {
    condition     = alltrue([for subnet in azurerm_subnet.clusters : subnet.delegation[0].service_delegation[0].name == "Microsoft.Databricks/workspaces"])
    error_message = "both subnets must be delegated to Databricks"
  }

  assert {
    condition     = length(azurerm_public_ip.nat) == 0 && length(azurerm_private_dns_zone.this) == 0 && output.endpoints == null
    error_message = "what costs money must be asked for"
  }
}

run "nat_gateway_for_both_subnets" {
  command = plan

  variables {
    nat_gateway = true
  }

  assert {
    condition     = length(azurerm_subnet_nat_gateway_association.clusters) == 2 && azurerm_public_ip.nat[0].sku == "Standard"
    error_message = "clusters in both subnets must reach the gateway"
  }
}

run "private_endpoints" {
  command = plan

  variables {
    private_endpoints = true
  }

  assert {
    condition     = azurerm_subnet.endpoints[0].address_prefixes[0] == "10.20.8.0/22" && azurerm_subnet.endpoints[0].private_endpoint_network_policies == "Enabled"
    error_message = "endpoints must have a subnet of their own, in which the security group holds"
  }

  assert {
    condition     = toset([for zone in azurerm_private_dns_zone.this : zone.name]) == toset(["privatelink.blob.core.windows.net", "privatelink.dfs.core.windows.net", "privatelink.vaultcore.azure.net", "privatelink.azuredatabricks.net"])
    error_message = "storage needs blob and dfs"
  }
}

run "network_that_is_too_small" {
  command         = plan
  expect_failures = [var.address_space]

  variables {
    address_space = "10.20.0.0/26"
  }
}

run "no_network" {
  command         = plan
  expect_failures = [var.address_space]

  variables {
    address_space = "10.20.0.0"
  }
}

run "address_in_a_network" {
  command         = plan
  expect_failures = [var.address_space]

  variables {
    address_space = "10.20.0.5/20"
  }
}
