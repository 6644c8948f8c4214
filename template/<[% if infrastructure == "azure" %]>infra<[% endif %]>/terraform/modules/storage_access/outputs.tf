output "urls" {
  description = "Addresses of the locations by name; a catalog whose storage is in one of them is made after it."
  value       = { for name, location in databricks_external_location.container : name => location.url }
}

output "credential" {
  description = "Name of the storage credential."
  value       = databricks_storage_credential.connector.name
}
