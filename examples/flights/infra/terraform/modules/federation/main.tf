# CI signs in as the deployer with the token that the CI system gives to its job: there is no secret to leak or to renew.
#
# Tools of Databricks ask the CI system for a token of one of two audiences: the account id where they know it, else the address at which the
# workspace gives tokens. The policy takes both. Azure DevOps always writes its own.
# Source: determineAudience in github.com/databricks/databricks-sdk-go

locals {
  audiences = startswith(var.issuer, "https://vstoken.dev.azure.com/") ? ["api://AzureADTokenExchange"] : [
    var.account_id,
    "${var.workspace_host}/oidc/v1/token",
  ]
}

resource "databricks_service_principal_federation_policy" "ci" {
  for_each = var.subjects

  service_principal_id = var.deployer
  policy_id            = each.key
  description          = "CI for ${var.description}: ${each.key}"

  oidc_policy = {
    issuer        = var.issuer
    audiences     = local.audiences
    subject       = each.value
    subject_claim = "sub"
  }
}
