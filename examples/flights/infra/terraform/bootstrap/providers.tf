# A person applies this, signed in with `az login`: Owner of the subscription, and Application Administrator in Entra.

provider "azuread" {}

provider "azurerm" {
  subscription_id     = var.subscription_id
  storage_use_azuread = true

  # What the environments need. Nobody else may register them, and a resource for it would fail where one is registered already.
  resource_provider_registrations = "none"
  resource_providers_to_register = [
    "Microsoft.Authorization", "Microsoft.Consumption", "Microsoft.Databricks", "Microsoft.Insights", "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity", "Microsoft.Network", "Microsoft.OperationalInsights", "Microsoft.Storage",
  ]

  features {
    resource_group {
      prevent_deletion_if_contains_resources = true
    }
  }
}
