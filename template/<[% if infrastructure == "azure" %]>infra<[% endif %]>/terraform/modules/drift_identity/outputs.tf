output "client_id" {
  description = "What ARM_CLIENT_ID is in the nightly job. It is no secret."
  value       = module.application.client_id
}
