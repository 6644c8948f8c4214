output "id" {
  description = "The storage account."
  value       = azurerm_storage_account.this.id
}

output "addresses" {
  description = "Address of each layer's container, for external locations."
  value       = { for layer in var.layers : layer => "abfss://${layer}@${azurerm_storage_account.this.name}.dfs.core.windows.net/" }
}
