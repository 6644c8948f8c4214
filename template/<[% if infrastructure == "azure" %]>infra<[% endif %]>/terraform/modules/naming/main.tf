# Every name, in one place: `azure` makes things under these names, `databricks` finds them by these names.
#
# Names of storage accounts and key vaults are unique in all of Azure and at most 24 characters long. Both get the beginning of the
# project's name and a hash of the subscription, the project and the environment, so that two companies do not collide.

locals {
  # The same layers, in the same order, as databricks_utils.catalog.layers.
  layers = ["landing", "bronze", "silver", "gold", "quarantine", "features", "models", "ops"]

  # Tables and volumes of schemas that name no storage lie in a container of the catalog: Unity Catalog refuses an external table or volume in
  # it, and a lifecycle rule of a layer does not reach it.
  catalog_container = "catalog"

  prefix = "${var.project}-${var.environment}"
  short  = substr(replace(var.project, "_", ""), 0, 8)
  hash   = substr(sha256("${var.subscription_id}/${var.project}/${var.environment}"), 0, 6)

  storage_account = "st${local.short}${var.environment}${local.hash}"
  # The workspace's own storage, in Databricks's resource group: named here so that private endpoints can be made to it.
  workspace_storage_account = "db${local.short}${var.environment}${local.hash}"

  # Databricks takes 30 characters.
  serverless_network = length(local.prefix) <= 30 ? local.prefix : "${substr(local.prefix, 0, 23)}-${local.hash}"

  key_vault = "kv-${local.short}-${substr(var.environment, 0, 4)}-${local.hash}"
}
