output "id" {
  description = "Id of the warehouse."
  value       = databricks_sql_endpoint.shared.id
}
