# Secrets that are kept in Azure Key Vault, for jobs: a scope that reads the vault. Values are put into the vault, never through Databricks.
#
# The bundle makes a scope of its own, <project>-<environment>, whose values Databricks keeps. This one has another name; a project uses either.
# Making it needs a token of Entra: with another sign-in the workspace refuses. Whoever may read the scope reads every secret of the vault, so
# the vault holds those of this environment alone.
# Source: https://learn.microsoft.com/azure/databricks/security/secrets/secret-scopes

resource "databricks_secret_scope" "vault" {
  name = var.name

  keyvault_metadata {
    resource_id = var.key_vault_id
    dns_name    = var.key_vault_uri
  }

  lifecycle {
    precondition {
      condition     = var.name != var.bundle_scope
      error_message = "name: the bundle makes the scope `${var.bundle_scope}` (resources/secrets.secret_scope.yml), and its deployment would fail on this one; write `${var.bundle_scope}-vault`."
    }
  }
}

resource "databricks_secret_acl" "reader" {
  for_each = var.readers

  scope      = databricks_secret_scope.vault.name
  principal  = each.value
  permission = "READ"
}
