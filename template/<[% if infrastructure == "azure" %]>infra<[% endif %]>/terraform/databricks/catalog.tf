# Storage and the catalog. Schemas, volumes and models in it belong to the bundle, and so do their grants.

locals {
  schema_makers = concat(["deployer"], local.is_shared ? [] : tolist(var.developers))

  # Who makes the schema of a layer keeps its tables in the container of the layer (`storage_root` in resources/*.schema.yml).
  managed_storage = { for maker in local.schema_makers : maker => ["CREATE_MANAGED_STORAGE"] }
}

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
      grants  = { for maker, privileges in local.managed_storage : maker => privileges if container != module.names.catalog_container }
    }
  }

  principals = { deployer = module.principals.deployer.application_id }

  depends_on = [module.metastore, module.workspace_access]
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
  workspaces   = merge({ (tostring(local.workspace_id)) = "write" }, var.reading_workspaces)
  principals   = { deployer = module.principals.deployer.application_id }

  # Whoever the bundle grants something on a schema needs USE CATALOG as well; `lakewright preflight` names who lacks it.
  # Operators and deployers work on jobs, and are granted no data.
  grants = merge(
    { for each in local.schema_makers : each => ["USE_CATALOG", "CREATE_SCHEMA"] },
    { for role, group in module.principals.group_of : group => ["USE_CATALOG"] if !contains(["operators", "deployers"], role) },
  )

  depends_on = [module.workspace_access]
}
