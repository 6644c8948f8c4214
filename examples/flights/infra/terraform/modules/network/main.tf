# The network that clusters run in. Their nodes have no public address (the workspace sets no_public_ip); what they need from outside goes
# through the NAT gateway, because networks made since 2026 have no way out of their own.

locals {
  subnets = {
    host      = cidrsubnet(var.address_space, 2, 0)
    container = cidrsubnet(var.address_space, 2, 1)
  }
}

resource "azurerm_virtual_network" "this" {
  name                = "vnet-${var.prefix}"
  resource_group_name = var.resource_group_name
  location            = var.location
  address_space       = [var.address_space]
  tags                = var.tags
}

resource "azurerm_network_security_group" "clusters" {
  name                = "nsg-${var.prefix}-clusters"
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags
  # No rules here: the delegation below lets Databricks keep its own, and refuses other changes of them.
}

resource "azurerm_subnet" "clusters" {
  for_each = local.subnets

  name                            = "snet-${each.key}"
  resource_group_name             = var.resource_group_name
  virtual_network_name            = azurerm_virtual_network.this.name
  address_prefixes                = [each.value]
  default_outbound_access_enabled = false

  delegation {
    name = "databricks"

    service_delegation {
      name = "Microsoft.Databricks/workspaces"
      actions = [
        "Microsoft.Network/virtualNetworks/subnets/join/action",
        "Microsoft.Network/virtualNetworks/subnets/prepareNetworkPolicies/action",
        "Microsoft.Network/virtualNetworks/subnets/unprepareNetworkPolicies/action",
      ]
    }
  }
}

resource "azurerm_subnet_network_security_group_association" "clusters" {
  for_each = azurerm_subnet.clusters

  subnet_id                 = each.value.id
  network_security_group_id = azurerm_network_security_group.clusters.id
}

resource "azurerm_public_ip" "nat" {
  count = var.nat_gateway ? 1 : 0

  name                = "pip-${var.prefix}-nat"
  resource_group_name = var.resource_group_name
  location            = var.location
  allocation_method   = "Static"
  sku                 = "Standard"
  tags                = var.tags
}

resource "azurerm_nat_gateway" "this" {
  count = var.nat_gateway ? 1 : 0

  name                = "ng-${var.prefix}"
  resource_group_name = var.resource_group_name
  location            = var.location
  sku_name            = "Standard"
  tags                = var.tags
}

resource "azurerm_nat_gateway_public_ip_association" "this" {
  count = var.nat_gateway ? 1 : 0

  nat_gateway_id       = azurerm_nat_gateway.this[0].id
  public_ip_address_id = azurerm_public_ip.nat[0].id
}

resource "azurerm_subnet_nat_gateway_association" "clusters" {
  for_each = var.nat_gateway ? azurerm_subnet.clusters : {}

  subnet_id      = each.value.id
  nat_gateway_id = azurerm_nat_gateway.this[0].id
}
