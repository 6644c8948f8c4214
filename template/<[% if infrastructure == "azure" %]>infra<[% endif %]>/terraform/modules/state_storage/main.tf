# Where the states are. A state is as valuable as what it describes: earlier versions are kept, nothing is deleted for good within 30 days,
# there are no keys, and the account is locked against being deleted.

resource "azurerm_resource_group" "this" {
  name     = var.resource_group_name
  location = var.location
  tags     = var.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_storage_account" "this" {
  #checkov:skip=CKV2_AZURE_1:Microsoft's keys encrypt it; a key of your own needs a vault that is never locked, and an agreement who rotates it
  #checkov:skip=CKV_AZURE_33:the account has no queues
  #checkov:skip=CKV_AZURE_59:the argument is called otherwise now; no blob can be public
  #checkov:skip=CKV_AZURE_35:runners of CI come from any address; they sign in through Entra, and there are no keys
  #checkov:skip=CKV2_AZURE_33:runners of CI are not in a network of ours
  name                = var.name
  resource_group_name = azurerm_resource_group.this.name
  location            = var.location
  tags                = var.tags

  account_kind             = "StorageV2"
  account_tier             = "Standard"
  account_replication_type = "GRS"

  shared_access_key_enabled         = false
  default_to_oauth_authentication   = true
  local_user_enabled                = false
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  https_traffic_only_enabled        = true
  min_tls_version                   = "TLS1_2"
  infrastructure_encryption_enabled = true

  blob_properties {
    versioning_enabled = true

    delete_retention_policy {
      days = 30
    }

    container_delete_retention_policy {
      days = 30
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_storage_container" "this" {
  #checkov:skip=CKV2_AZURE_21:versions of the states are kept, and nobody but Terraform's identities reads them
  for_each = var.containers

  name                  = each.value
  storage_account_id    = azurerm_storage_account.this.id
  container_access_type = "private"

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_role_assignment" "writer" {
  for_each = var.writers

  scope                = azurerm_storage_account.this.id
  role_definition_name = "Storage Blob Data Contributor" # an Owner may change the account, and still not read a blob
  principal_id         = each.value
}

resource "azurerm_management_lock" "account" {
  name       = "states"
  scope      = azurerm_storage_account.this.id
  lock_level = "CanNotDelete"
  notes      = "The states of Terraform: without them nothing it made can be changed any more."
}
