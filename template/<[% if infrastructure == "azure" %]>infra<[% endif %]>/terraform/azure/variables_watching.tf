# Logs and costs.

variable "logs" {
  description = "Whether logs are kept in Log Analytics. Databricks also has its own in system.access.audit."
  type        = bool
  default     = true
}

variable "log_retention_days" {
  description = "For how many days logs are kept."
  type        = number
  default     = 30
}

variable "log_daily_gb" {
  description = "After how many gigabytes a day no more logs are taken; -1 for no limit."
  type        = number
  default     = 1
}

variable "storage_logs" {
  description = "Whether each reading and writing of a file is logged: many gigabytes where jobs run often."
  type        = bool
  default     = false
}

variable "workspace_log_categories" {
  description = "What the workspace logs."
  type        = set(string)
  default     = ["accounts", "clusters", "jobs", "notebook", "secrets", "sqlPermissions", "unityCatalog", "workspace"]
}

variable "monthly_amount" {
  description = "What each of the two resource groups may cost in a month before a mail is sent, in the currency of the subscription; null for no budget."
  type        = number
  default     = null
}

variable "budget_start_month" {
  description = "The first month of the budget, such as 2026-12-01: the current one or a later one."
  type        = string
  default     = null

  validation {
    condition     = var.monthly_amount == null || var.budget_start_month != null
    error_message = "budget_start_month: a budget needs its first month, such as 2026-12-01."
  }
}

variable "alert_emails" {
  description = "Who gets a mail about costs."
  type        = list(string)
  default     = []
}
