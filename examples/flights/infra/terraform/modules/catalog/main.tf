# The catalog of an environment, its workspaces, and who may use it. The bundle makes schemas, volumes and models in it; see who owns what in
# docs/decisions of lakewright, 0046.
#
# `databricks_grant`, singular, sets what one principal has on one object. `databricks_grants`, plural, would take away what the bundle, another
# project or an administrator has granted to others on the same object. For its one principal the singular form takes away as well: all grants
# of a principal on the catalog stand in one entry of `grants`.

resource "databricks_catalog" "environment" {
  name           = var.name
  comment        = var.comment
  storage_root   = var.storage_root
  owner          = var.owner
  isolation_mode = "ISOLATED" # no grant can open it in another workspace
  properties     = var.properties

  lifecycle {
    prevent_destroy = true # it holds the tables; `force_destroy` is left out for the same reason
  }
}

resource "databricks_workspace_binding" "workspace" {
  for_each = var.workspaces

  securable_type = "catalog"
  securable_name = databricks_catalog.environment.name
  workspace_id   = each.key
  binding_type   = each.value == "read" ? "BINDING_TYPE_READ_ONLY" : "BINDING_TYPE_READ_WRITE"
}

resource "databricks_grant" "principal" {
  for_each = var.grants

  catalog    = databricks_catalog.environment.name
  principal  = lookup(var.principals, each.key, each.key)
  privileges = each.value
}
