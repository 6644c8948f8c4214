output "name" {
  description = "Name of the scope."
  value       = databricks_secret_scope.vault.name
}
