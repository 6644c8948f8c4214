# Storage and the catalog. Schemas, volumes and models in it belong to the bundle, and so do their grants.

module "storage_access" {
  source    = "../modules/storage_access"
  providers = { databricks = databricks.workspace }

  name                = module.names.group
  access_connector_id = data.azurerm_databricks_access_connector.environment.id
  workspace_ids       = [tostring(local.workspace_id)]

  locations = {
    for container in module.names.containers : container => {
      url     = "abfss://${container}@${module.names.storage_account}.dfs.core.windows.net/"
      comment = "The container ${container} of ${module.names.group}"
    }
  }

  depends_on = [module.metastore]
}

module "catalog" {
  source    = "../modules/catalog"
  providers = { databricks = databricks.workspace }

  environment  = var.environment
  name         = module.names.catalog
  comment      = "The environment ${var.environment} of ${var.project}; its schemas are made by bundles"
  storage_root = module.storage_access.urls[module.names.catalog_container]
  owner        = var.catalog_owner
  properties   = { project = var.project, owner = var.owner }
  workspaces   = merge({ tostring(local.workspace_id) = "write" }, var.reading_workspaces)
  principals   = { deployer = module.principals.deployer.application_id }

  # Whoever the bundle grants something on a schema needs USE CATALOG as well; `lakewright preflight` names who lacks it.
  # Operators and deployers work on jobs, and are granted no data.
  grants = merge(
    { deployer = ["USE_CATALOG", "CREATE_SCHEMA"] },
    { for role, group in module.principals.group_of : group => ["USE_CATALOG"] if !contains(["operators", "deployers"], role) },
    { for group in var.developers : group => ["USE_CATALOG", "CREATE_SCHEMA"] if !local.is_shared },
  )

  depends_on = [module.workspace_access]
}
