# An address of the network for one part of a resource, and its name in the zone of its kind.

locals {
  zone = {
    blob                   = "blob"
    dfs                    = "dfs"
    vault                  = "vault"
    databricks_ui_api      = "databricks"
    browser_authentication = "databricks"
  }[var.kind]
}

resource "azurerm_private_endpoint" "this" {
  name                = "pe-${var.name}"
  resource_group_name = var.resource_group_name
  location            = var.location
  subnet_id           = var.endpoints.subnet_id
  tags                = var.tags

  private_service_connection {
    name                           = var.name
    private_connection_resource_id = var.resource_id
    subresource_names              = [var.kind]
    is_manual_connection           = var.approver != null
    request_message                = var.approver == null ? null : "${var.name}: please approve (${var.approver})"
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [var.endpoints.zones[local.zone]]
  }
}
