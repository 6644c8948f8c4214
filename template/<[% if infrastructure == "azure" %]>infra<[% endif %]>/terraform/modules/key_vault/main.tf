# The vault behind the secret scope. Terraform makes the vault and never reads or writes a secret: what it knew would be in its state.

data "azurerm_client_config" "current" {}

resource "azurerm_key_vault" "this" {
  #checkov:skip=CKV_AZURE_189:the firewall refuses all but named addresses and Azure's services; private = true leaves no public address
  #checkov:skip=CKV2_AZURE_32:private endpoints are an option: modules/private_endpoint
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  tenant_id                     = data.azurerm_client_config.current.tenant_id
  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  soft_delete_retention_days    = 90
  purge_protection_enabled      = true # cannot be taken back; the name stays taken for 90 days after the vault is deleted
  public_network_access_enabled = !var.private

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices" # Databricks is one: its control plane reads the secrets of a scope
    ip_rules       = var.allowed_ips
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_role_assignment" "reader" {
  count = var.reader_object_id == null ? 0 : 1

  scope                = azurerm_key_vault.this.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = var.reader_object_id
  principal_type       = "ServicePrincipal"
}
