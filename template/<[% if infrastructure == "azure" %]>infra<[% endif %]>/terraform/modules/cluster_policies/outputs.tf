output "names" {
  description = "Names of the policies; the answer `cluster_policy` of `lakewright init` is that of `jobs`."
  value = {
    jobs        = databricks_cluster_policy.jobs.name
    interactive = databricks_cluster_policy.interactive.name
  }
}

output "definitions" {
  description = "The policies, as JSON."
  value       = { for name, definition in local.definitions : name => jsonencode(definition) }
}
