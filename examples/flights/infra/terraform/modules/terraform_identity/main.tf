# The identity with which Terraform changes one environment: an application of Entra without a secret, and what it may do.

locals {
  # The only roles that it may give to others, and only to applications and managed identities: those that the root `azure` gives.
  # Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
  given_roles = {
    storage_blob_data_contributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
    key_vault_secrets_user        = "4633458b-17de-408a-b874-0445c86b69e6" # pragma: allowlist secret
  }
  ids = join(", ", values(local.given_roles))
}

module "application" {
  source = "../federated_application"

  name        = var.name
  description = "Signs in from CI to change the infrastructure of one environment; has no secret."
  federation  = var.federation
}

resource "azurerm_role_assignment" "contributor" {
  scope                = var.resource_group_id
  role_definition_name = "Contributor"
  principal_id         = module.application.object_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "roles" {
  scope                = var.resource_group_id
  role_definition_name = "Role Based Access Control Administrator"
  principal_id         = module.application.object_id
  principal_type       = "ServicePrincipal"
  condition_version    = "2.0"
  condition            = <<-EOT
    (
      (!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}))
      OR
      (
        @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${local.ids}}
        AND
        @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEqualsIgnoreCase 'ServicePrincipal'
      )
    )
    AND
    (
      (!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'}))
      OR
      (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${local.ids}})
    )
  EOT
}

# With rights on its resource group alone it could not make a workspace, whose nodes get a resource group of their own.
# Source: https://github.com/hashicorp/terraform-provider-azurerm/issues/18382
resource "azurerm_role_assignment" "managed_group" {
  scope              = "/subscriptions/${var.subscription_id}"
  role_definition_id = var.managed_group_role_id
  principal_id       = module.application.object_id
  principal_type     = "ServicePrincipal"
}

resource "azurerm_role_assignment" "state" {
  scope                = var.state_container_id
  role_definition_name = "Storage Blob Data Contributor" # also takes the lease that is the lock
  principal_id         = module.application.object_id
  principal_type       = "ServicePrincipal"
}
