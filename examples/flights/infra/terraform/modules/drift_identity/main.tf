# The identity of the nightly comparison: its job runs without an approval, so it reads and changes nothing. It takes no lock of the state
# (`plan -lock=false`). What only an administrator of the Databricks account may read is compared by an administrator.

module "application" {
  source = "../federated_application"

  name        = var.name
  description = "Signs in from CI to compare the infrastructure of one environment with its code; reads only, has no secret."
  federation  = var.federation
}

resource "azurerm_role_assignment" "reader" {
  scope                = var.resource_group_id
  role_definition_name = "Reader"
  principal_id         = module.application.object_id
  principal_type       = "ServicePrincipal"
}

# The budget on the group with the nodes is one of the subscription: `Reader` of the environment's group does not show it.
resource "azurerm_role_assignment" "budgets" {
  scope              = "/subscriptions/${var.subscription_id}"
  role_definition_id = var.budgets_role_id
  principal_id       = module.application.object_id
  principal_type     = "ServicePrincipal"
}

resource "azurerm_role_assignment" "state" {
  scope                = var.state_container_id
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = module.application.object_id
  principal_type       = "ServicePrincipal"
}
