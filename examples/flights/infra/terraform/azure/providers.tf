# Signs in with the identity that bootstrap made: ARM_CLIENT_ID, ARM_TENANT_ID and ARM_USE_OIDC=true in CI, `az login` on a laptop.

provider "azurerm" {
  subscription_id = var.subscription_id

  # The resource providers are registered by bootstrap: the identity of an environment may not.
  resource_provider_registrations = "none"

  # Containers are made through Azure's management address; what is left signs in through Entra, since the accounts have no keys.
  storage_use_azuread = true

  features {
    key_vault {
      purge_soft_delete_on_destroy = false
    }

    resource_group {
      prevent_deletion_if_contains_resources = true
    }
  }
}
