# An application of Entra without a secret: jobs of CI sign in as it with the token that their CI system gives them.

resource "azuread_application" "this" {
  display_name            = var.name
  description             = var.description
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
}

resource "azuread_service_principal" "this" {
  client_id = azuread_application.this.client_id
}

resource "azuread_application_federated_identity_credential" "ci" {
  #checkov:skip=CKV_AZURE_249:the subject is a variable that the check does not follow; modules/repository and modules/ci_subject refuse another repository's
  count = var.federation == null ? 0 : 1

  application_id = azuread_application.this.id
  display_name   = "ci"
  audiences      = ["api://AzureADTokenExchange"]
  issuer         = var.federation.issuer
  subject        = var.federation.subject
}
