# The subnet of private endpoints, and the zones of DNS in which their names are looked up. A storage account with folders needs both `blob`
# and `dfs`: drivers ask the first for some requests even where the address has the second.

locals {
  zones = {
    blob       = "privatelink.blob.core.windows.net"
    dfs        = "privatelink.dfs.core.windows.net"
    vault      = "privatelink.vaultcore.azure.net"
    databricks = "privatelink.azuredatabricks.net"
  }
}

resource "azurerm_network_security_group" "endpoints" {
  count = var.private_endpoints ? 1 : 0

  name                = "nsg-${var.prefix}-endpoints"
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags
}

resource "azurerm_subnet" "endpoints" {
  count = var.private_endpoints ? 1 : 0

  name                              = "snet-endpoints"
  resource_group_name               = var.resource_group_name
  virtual_network_name              = azurerm_virtual_network.this.name
  address_prefixes                  = [cidrsubnet(var.address_space, 2, 2)]
  default_outbound_access_enabled   = false
  private_endpoint_network_policies = "Enabled" # else the security group does not hold for endpoints
}

resource "azurerm_subnet_network_security_group_association" "endpoints" {
  count = var.private_endpoints ? 1 : 0

  subnet_id                 = azurerm_subnet.endpoints[0].id
  network_security_group_id = azurerm_network_security_group.endpoints[0].id
}

resource "azurerm_private_dns_zone" "this" {
  for_each = var.private_endpoints ? local.zones : {}

  name                = each.value
  resource_group_name = var.resource_group_name
  tags                = var.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  for_each = azurerm_private_dns_zone.this

  name                = "link-${var.prefix}"
  private_dns_zone_id = each.value.id
  virtual_network_id  = azurerm_virtual_network.this.id
  tags                = var.tags
}
