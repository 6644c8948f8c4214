output "state_account" {
  description = "`storage_account_name` in the .tfbackend files of `azure` and `databricks`."
  value       = module.states.account
}

output "azure_databricks_object_id" {
  description = "`azure_databricks_object_id` in the .tfvars files of `azure`."
  value       = data.azuread_service_principal.azure_databricks.object_id
}

output "drift_client_ids" {
  description = "ARM_CLIENT_ID of the nightly comparison, in the environment <environment>-drift; with Azure DevOps, of the service connection <project>-<environment>-drift."
  value       = { for environment, identity in module.drift_identity : environment => identity.client_id }
}

output "ci_variables" {
  description = "Variables of CI for each environment (GitHub: <environment>-infrastructure; GitLab: <environment> of the project for infrastructure); none is a secret."
  value = {
    for environment in var.environments : environment => {
      ARM_CLIENT_ID       = module.identity[environment].client_id
      ARM_TENANT_ID       = data.azurerm_client_config.current.tenant_id
      ARM_SUBSCRIPTION_ID = var.subscription_id
    }
  }
}

output "subjects" {
  description = "Whose tokens each identity accepts."
  value       = local.federations
}

output "drift_subjects" {
  description = "Whose tokens each identity of the nightly comparison accepts."
  value       = var.ci == "none" ? {} : local.drift_federations
}

output "object_ids" {
  description = "Object id of each identity; an account admin makes it one too."
  value       = { for environment in var.environments : environment => module.identity[environment].object_id }
}
