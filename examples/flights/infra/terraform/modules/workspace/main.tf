# The workspace, in a network of ours and without public addresses of nodes.

resource "azurerm_databricks_workspace" "this" {
  #checkov:skip=CKV2_AZURE_48:the workspace's own storage holds no data of ours; a key of your own needs a vault and an agreement who rotates it
  #checkov:skip=CKV_AZURE_158:without private = true people need the public address
  name                        = var.name
  resource_group_name         = var.resource_group_name
  location                    = var.location
  sku                         = var.sku
  managed_resource_group_name = var.managed_resource_group_name
  tags                        = var.tags

  public_network_access_enabled         = !var.private
  network_security_group_rules_required = var.private ? "NoAzureDatabricksRules" : "AllRules"
  infrastructure_encryption_enabled     = true
  access_connector_id                   = var.private ? var.connector_id : null
  default_storage_firewall_enabled      = var.private ? true : null

  custom_parameters {
    no_public_ip                                         = true
    storage_account_name                                 = var.storage_account_name
    virtual_network_id                                   = var.network.id
    public_subnet_name                                   = var.network.subnets["host"].name
    public_subnet_network_security_group_association_id  = var.network.subnets["host"].association_id
    private_subnet_name                                  = var.network.subnets["container"].name
    private_subnet_network_security_group_association_id = var.network.subnets["container"].association_id
  }

  lifecycle {
    prevent_destroy = true
  }
}
