# What is logged, and when a mail is sent because of costs.

locals {
  log_sources = merge(
    { workspace = { id = module.workspace.id, categories = var.workspace_log_categories } },
    var.storage_logs ? {
      data = { id = "${module.storage.id}/blobServices/default", categories = ["StorageRead", "StorageWrite", "StorageDelete"] }
    } : {},
    var.key_vault ? { secrets = { id = module.key_vault[0].id, categories = ["AuditEvent"] } } : {},
  )
}

module "logs" {
  source = "../modules/logs"
  count  = var.logs ? 1 : 0

  prefix              = module.names.group
  resource_group_name = data.azurerm_resource_group.environment.name
  location            = module.names.location
  tags                = local.tags
  retention_days      = var.log_retention_days
  daily_gb            = var.log_daily_gb
  sources             = local.log_sources
}

module "cost_alert" {
  source = "../modules/cost_alert"
  count  = var.monthly_amount == null ? 0 : 1

  prefix         = module.names.group
  monthly_amount = var.monthly_amount
  start_month    = var.budget_start_month
  emails         = var.alert_emails

  resource_group_id    = data.azurerm_resource_group.environment.id
  subscription_id      = var.subscription_id
  nodes_resource_group = module.names.managed_resource_group
}
