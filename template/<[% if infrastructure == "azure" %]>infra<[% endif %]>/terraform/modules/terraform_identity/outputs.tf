output "client_id" {
  description = "What ARM_CLIENT_ID is in CI. It is no secret."
  value       = module.application.client_id
}

output "object_id" {
  description = "The identity's object id, with which the Databricks account makes it an admin."
  value       = module.application.object_id
}
