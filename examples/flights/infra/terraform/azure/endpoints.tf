# The private endpoints: one for each part of a resource that somebody in the network asks.

locals {
  endpoints = var.private ? merge(
    {
      for kind in ["blob", "dfs"] : kind => { id = module.storage.id, kind = kind }
    },
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
  endpoints           = module.network.endpoints
}
