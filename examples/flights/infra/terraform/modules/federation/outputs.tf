output "audiences" {
  description = "The audiences that the policy takes; a CI system that asks for a token itself, such as GitLab, asks for the first."
  value       = local.audiences
}
