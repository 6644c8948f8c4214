# How serverless compute reaches storage that the root `azure` has closed.

module "serverless_network" {
  source    = "../modules/serverless_network"
  providers = { databricks = databricks.account }
  count     = var.private ? 1 : 0

  name             = module.names.serverless_network
  region           = module.names.location
  workspace_id     = local.workspace_id
  storage_accounts = { data = module.names.storage_account_id, workspace = module.names.workspace_storage_account_id }
}
