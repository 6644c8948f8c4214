# The workspace joins the metastore of its region, which is where Unity Catalog keeps names and grants.
#
# There is one metastore for each region of an account, and all teams share it: it is not made here, so that no environment's `destroy` can take
# it away. An account admin makes it once (docs/how-to/infrastructure.md); newer accounts have one for each region already.

resource "databricks_metastore_assignment" "workspace" {
  provider = databricks.account

  workspace_id = var.workspace_id
  metastore_id = var.metastore_id

  lifecycle {
    precondition {
      condition     = var.metastore_region == null || var.metastore_region == var.region
      error_message = "metastore_id: the metastore `${var.metastore_id}` is in ${coalesce(var.metastore_region, "-")}, the workspace in ${var.region}. A workspace joins a metastore of its own region: `databricks account metastores list` shows them."
    }
  }
}

# Where Databricks has not joined workspace and metastore itself, an admin of the workspace may make nothing in the metastore. An account admin
# may grant it. The identity of each environment is another principal, so these grants do not overwrite one another.
# Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/admin-privileges
resource "databricks_grant" "creator" {
  count    = var.creator == null ? 0 : 1
  provider = databricks.workspace

  metastore  = databricks_metastore_assignment.workspace.metastore_id
  principal  = var.creator
  privileges = ["CREATE_CATALOG", "CREATE_EXTERNAL_LOCATION", "CREATE_STORAGE_CREDENTIAL"]
}
