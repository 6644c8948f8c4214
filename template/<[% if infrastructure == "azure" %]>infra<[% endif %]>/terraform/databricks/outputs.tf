# What a person or a CI job needs of this environment; `terraform output` shows it. None of it is a secret.

output "workspace_host" {
  description = "Address of the workspace: `workspace.host` of the target in databricks.yml, DATABRICKS_HOST in CI."
  value       = local.workspace_host
}

output "deployer" {
  description = "Who deploys: its application id is DATABRICKS_CLIENT_ID in CI."
  value       = { name = module.principals.deployer.name, client_id = module.principals.deployer.application_id }
}

output "sign_in" {
  description = "How CI signs in, to compare with the token of a job; null without a CI system or a repository."
  value = length(module.federation) == 0 ? null : {
    issuer    = module.ci_subject["deploy"].issuer
    subjects  = { for name, job in module.ci_subject : name => job.subject }
    audiences = module.federation[0].audiences
  }
}

output "jobs" {
  description = "Application ids of the service principals that jobs run as; databricks.yml looks them up by name."
  value       = { for name, job in module.principals.jobs : name => job.application_id }
}

output "groups" {
  description = "The groups, by role; an administrator puts the company's groups into them with `members`."
  value       = module.principals.group_of
}

output "catalog" {
  description = "The catalog and who is granted what on it."
  value       = { name = module.catalog.name, grants = module.catalog.grants }
}

output "bundle_variables" {
  description = "Values for `variables` of the target in databricks.yml."
  value = {
    budget_policy_id = module.budget.budget_policy_id

    # Without a slash at the end: Unity Catalog returns it so.
    layer_storage = { for layer in module.names.layers : layer => trimsuffix(module.storage_access.urls[layer], "/") }
  }
}

output "cluster_policies" {
  description = "Names of the cluster policies; that of jobs is the answer `cluster_policy` of `lakewright init`."
  value       = module.cluster_policies.names
}

output "endpoints_to_approve" {
  description = "What `run.sh approve` approves: on each line a storage account and the name of a private endpoint. Empty without `private`."
  value       = join("\n", [for each in try(values(module.serverless_network[0].endpoints), []) : "${each.resource_id} ${each.endpoint}"])
}

output "secret_scope" {
  description = "The scope of the key vault, for `secret://<scope>/<key>` in config/*.yaml; null if there is none."
  value       = one(module.key_vault_scope[*].name)
}
