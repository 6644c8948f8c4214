# What may be spent, and on what.

module "cluster_policies" {
  source    = "../modules/cluster_policies"
  providers = { databricks = databricks.workspace }

  name               = module.names.group
  jobs_name          = var.cluster_policy
  node_types         = var.node_types
  max_workers        = var.max_workers
  tags               = local.tags
  deployer           = module.principals.deployer.application_id
  job_groups         = local.is_shared ? [module.principals.group_of["jobs"]] : var.developers
  interactive_groups = local.is_shared ? [] : var.developers

  depends_on = [module.workspace_access]
}

module "budget" {
  source    = "../modules/budget"
  providers = { databricks = databricks.account }

  account_id   = var.account_id
  name         = module.names.group
  workspace_id = local.workspace_id
  tags         = local.tags
  monthly_usd  = var.monthly_usd
  alert_emails = var.alert_emails

  users = concat(
    [module.principals.deployer.principal],
    [for job in module.principals.jobs : job.principal],
    [for group in local.is_shared ? [] : var.developers : "groups/${group}"],
  )
}

# Staging and prod get theirs from the bundle.
module "sql_warehouse" {
  source    = "../modules/sql_warehouse"
  providers = { databricks = databricks.workspace }
  count     = !local.is_shared && length(var.developers) > 0 ? 1 : 0

  name  = module.names.group
  tags  = local.tags
  users = var.developers
}

module "key_vault_scope" {
  source    = "../modules/key_vault_scope"
  providers = { databricks = databricks.workspace }
  count     = var.key_vault_scope ? 1 : 0

  name          = "${module.names.group}-vault"
  bundle_scope  = module.names.group
  key_vault_id  = data.azurerm_key_vault.environment[0].id
  key_vault_uri = data.azurerm_key_vault.environment[0].vault_uri
  readers       = local.is_shared ? [module.principals.group_of["jobs"]] : var.developers

  depends_on = [module.workspace_access]
}

module "workspace_settings" {
  source    = "../modules/workspace_settings"
  providers = { databricks = databricks.workspace }
  count     = var.workspace_settings ? 1 : 0

  default_catalog        = module.catalog.name
  personal_access_tokens = var.personal_access_tokens
  system_schemas         = var.system_schemas
}
