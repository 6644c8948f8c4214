output "account" {
  description = "Name of the storage account, for the .tfbackend files."
  value       = azurerm_storage_account.this.name
}

output "container_ids" {
  description = "Ids of the containers by their names."
  value       = { for name, container in azurerm_storage_container.this : name => container.id }
}
