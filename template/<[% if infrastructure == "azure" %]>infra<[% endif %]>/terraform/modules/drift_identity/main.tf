# The identity of the nightly comparison: its job runs without an approval, so it reads and changes nothing. It takes no lock of the state
# (`plan -lock=false`). What only an administrator of the Databricks account may read is compared by an administrator.

resource "azuread_application" "this" {
  display_name            = var.name
  description             = "Signs in from CI to compare the infrastructure of one environment with its code; reads only, has no secret."
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
}

resource "azuread_service_principal" "this" {
  client_id = azuread_application.this.client_id
}

resource "azuread_application_federated_identity_credential" "ci" {
  #checkov:skip=CKV_AZURE_249:the subject is a variable that the check does not follow; modules/ci_subject refuses another repository's
  application_id = azuread_application.this.id
  display_name   = "ci"
  audiences      = ["api://AzureADTokenExchange"]
  issuer         = var.federation.issuer
  subject        = var.federation.subject
}

resource "azurerm_role_assignment" "reader" {
  scope                = var.resource_group_id
  role_definition_name = "Reader"
  principal_id         = azuread_service_principal.this.object_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "state" {
  scope                = var.state_container_id
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azuread_service_principal.this.object_id
  principal_type       = "ServicePrincipal"
}
