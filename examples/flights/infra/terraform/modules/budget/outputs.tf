output "budget_policy_id" {
  description = "Id of the budget policy, the variable `budget_policy_id` of databricks.yml."
  value       = databricks_budget_policy.serverless.policy_id
}
