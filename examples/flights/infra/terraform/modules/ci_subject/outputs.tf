output "issuer" {
  description = "Who signs the tokens of the CI system."
  value       = local.issuers[var.ci]
}

output "subject" {
  description = "What the tokens of a job say that deploys to this environment."
  value       = local.subjects[var.ci]
}
