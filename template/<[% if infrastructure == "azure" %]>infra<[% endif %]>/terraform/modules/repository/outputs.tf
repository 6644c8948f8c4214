output "name" {
  description = "The name, checked: what takes it from here is not planned with a wrong one."
  value       = var.repository
}
