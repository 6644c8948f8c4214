output "id" {
  description = "The endpoint."
  value       = azurerm_private_endpoint.this.id
}
