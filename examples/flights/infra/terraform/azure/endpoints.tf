# The private endpoints: one for each part of a resource that somebody in the network asks.

locals {
  # The workspace's own storage (results, libraries, DBFS) is in Databricks's resource group, in which Terraform may approve nothing.
  own_storage = { for kind in ["blob", "dfs"] : "workspace-${kind}" => { id = module.names.workspace_storage_account_id, kind = kind } }

  endpoints = var.private ? merge(
    {
      for kind in ["blob", "dfs"] : kind => { id = module.storage.id, kind = kind }
    },
    local.own_storage,
    { workspace = { id = module.workspace.id, kind = "databricks_ui_api" } },
    var.browser_endpoint ? { sign-in = { id = module.workspace.id, kind = "browser_authentication" } } : {},
    var.key_vault ? { vault = { id = module.key_vault[0].id, kind = "vault" } } : {},
  ) : {}
}

module "endpoint" {
  source   = "../modules/private_endpoint"
  for_each = local.endpoints

  name                = "${module.names.group}-${each.key}"
  resource_group_name = data.azurerm_resource_group.environment.name
  location            = module.names.location
  tags                = local.tags
  resource_id         = each.value.id
  kind                = each.value.kind
  approver            = contains(keys(local.own_storage), each.key) ? "an owner of the subscription: run.sh approve" : null
  endpoints           = module.network.endpoints

  depends_on = [module.workspace] # its own storage comes with it
}
