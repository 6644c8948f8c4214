output "name" {
  description = "The endpoint's name, by which the resource's owner recognizes it."
  value       = azurerm_private_endpoint.this.name
}

output "id" {
  description = "The endpoint."
  value       = azurerm_private_endpoint.this.id
}
