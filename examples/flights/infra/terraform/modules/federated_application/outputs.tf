output "client_id" {
  description = "What ARM_CLIENT_ID is in CI. It is no secret."
  value       = azuread_application.this.client_id
}

output "object_id" {
  description = "The identity's object id, to which roles are given."
  value       = azuread_service_principal.this.object_id
}

output "subjects" {
  description = "The subjects whose tokens are accepted."
  value       = [for each in azuread_application_federated_identity_credential.ci : each.subject]
}
