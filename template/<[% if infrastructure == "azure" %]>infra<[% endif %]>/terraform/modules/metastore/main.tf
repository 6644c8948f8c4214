# The workspace joins the metastore of its region, which is where Unity Catalog keeps names and grants.
#
# There is one metastore for each region of an account, and all teams share it: it is not made here, so that no environment's `destroy` can take
# it away. An account admin makes it once (docs/how-to/infrastructure.md); newer accounts have one for each region already.

resource "databricks_metastore_assignment" "workspace" {
  workspace_id = var.workspace_id
  metastore_id = var.metastore_id

  lifecycle {
    precondition {
      condition     = var.metastore_region == null || var.metastore_region == var.region
      error_message = "metastore_id: the metastore `${var.metastore_id}` is in ${coalesce(var.metastore_region, "-")}, the workspace in ${var.region}. A workspace joins a metastore of its own region: `databricks account metastores list` shows them."
    }
  }
}
