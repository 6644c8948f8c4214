# The environment's data: one account with folders (hierarchical namespace), one container for each layer. It has no keys: everybody signs
# in through Entra, and Databricks with the identity of the access connector.

data "azurerm_client_config" "current" {}

resource "azurerm_storage_account" "this" {
  #checkov:skip=CKV2_AZURE_1:Microsoft's keys encrypt it; a key of your own needs a vault that is never locked, and an agreement who rotates it
  #checkov:skip=CKV_AZURE_33:the account has no queues
  #checkov:skip=CKV_AZURE_59:the argument is called otherwise now; no blob can be public, and private = true closes the account
  #checkov:skip=CKV_AZURE_35:without private = true serverless compute and people need the public address; there are no keys, and no blob is public
  #checkov:skip=CKV_AZURE_206:how many copies is a variable, because it is most of the price
  #checkov:skip=CKV2_AZURE_33:private endpoints are an option: modules/private_endpoint
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  account_kind             = "StorageV2"
  account_tier             = "Standard"
  account_replication_type = var.replication
  is_hns_enabled           = true # cannot be changed later

  shared_access_key_enabled         = false
  default_to_oauth_authentication   = true
  local_user_enabled                = false
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  https_traffic_only_enabled        = true
  min_tls_version                   = "TLS1_2"
  infrastructure_encryption_enabled = true # cannot be changed later

  blob_properties {
    # Versions are not for accounts with folders; Delta keeps its own.
    delete_retention_policy {
      days = var.deleted_days
    }

    container_delete_retention_policy {
      days = var.deleted_days
    }
  }

  network_rules {
    default_action = var.private ? "Deny" : "Allow"
    bypass         = ["AzureServices"]

    private_link_access {
      endpoint_resource_id = var.connector.id
      endpoint_tenant_id   = data.azurerm_client_config.current.tenant_id
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_storage_container" "layer" {
  #checkov:skip=CKV2_AZURE_21:an option, storage_logs: many gigabytes where jobs run often
  for_each = toset(var.layers)

  name                  = each.value
  storage_account_id    = azurerm_storage_account.this.id # with the account's name, it would need a way to the data
  container_access_type = "private"

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_storage_management_policy" "landing" {
  count = var.landing.cool_after_days == null && var.landing.delete_after_days == null ? 0 : 1

  storage_account_id = azurerm_storage_account.this.id

  rule {
    name    = "landing"
    enabled = true

    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["landing/"]
    }

    actions {
      base_blob {
        tier_to_cool_after_days_since_modification_greater_than = var.landing.cool_after_days
        delete_after_days_since_modification_greater_than       = var.landing.delete_after_days
      }
    }
  }
}

resource "azurerm_role_assignment" "connector" {
  scope                = azurerm_storage_account.this.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = var.connector.principal_id
  principal_type       = "ServicePrincipal" # else it fails while the identity is still unknown to other parts of Entra
}
