output "metastore_id" {
  description = "The metastore, once the workspace has joined it: what Unity Catalog holds depends on this."
  value       = databricks_metastore_assignment.workspace.metastore_id
}
