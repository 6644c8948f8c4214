output "name" {
  description = "Name of the catalog."
  value       = databricks_catalog.environment.name
}

output "grants" {
  description = "What is granted on the catalog, by the principal's name in Unity Catalog."
  value       = { for each in databricks_grant.principal : each.principal => each.privileges }
}
