# How Unity Catalog gets to the storage account: with the managed identity of the access connector, so that no key exists.
#
# Credential and locations are bound to the workspaces of the environment. Who may create a location on the credential, or a table on a
# location, could go around the grants of a catalog: nobody is granted that here. `force_destroy` is left out everywhere: what is in use stays.

resource "databricks_storage_credential" "connector" {
  name           = var.name
  comment        = "The access connector of ${var.name}"
  isolation_mode = "ISOLATION_MODE_ISOLATED"

  azure_managed_identity {
    access_connector_id = var.access_connector_id
  }
}

resource "databricks_external_location" "container" {
  for_each = var.locations

  name            = "${var.name}-${each.key}"
  url             = each.value.url
  read_only       = each.value.read_only
  credential_name = databricks_storage_credential.connector.name
  comment         = each.value.comment
  isolation_mode  = "ISOLATION_MODE_ISOLATED"
}

resource "databricks_workspace_binding" "credential" {
  for_each = var.workspace_ids

  securable_type = "storage_credential"
  securable_name = databricks_storage_credential.connector.name
  workspace_id   = each.value
}

resource "databricks_workspace_binding" "location" {
  for_each = merge([
    for name in keys(var.locations) : { for id in var.workspace_ids : "${name} in ${id}" => { name = name, workspace_id = id } }
  ]...)

  securable_type = "external_location"
  securable_name = databricks_external_location.container[each.value.name].name
  workspace_id   = each.value.workspace_id
}

# One principal on one location: the grants of others stay as they are.
resource "databricks_grant" "location" {
  for_each = merge([
    for name, location in var.locations : {
      for principal, privileges in location.grants :
      "${principal} on ${name}" => { name = name, principal = lookup(var.principals, principal, principal), privileges = privileges }
    }
  ]...)

  external_location = databricks_external_location.container[each.value.name].name
  principal         = each.value.principal
  privileges        = each.value.privileges
}
