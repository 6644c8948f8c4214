variable "default_catalog" {
  description = "The catalog of names that have no catalog."
  type        = string

  validation {
    condition     = !contains(["hive_metastore", "main", ""], var.default_catalog)
    error_message = "default_catalog: `${var.default_catalog}` is no catalog of an environment; write that of this one, such as prod_analytics."
  }
}

variable "personal_access_tokens" {
  description = "Whether people may make tokens that live for days; without them they sign in by OAuth."
  type        = bool
  default     = false
}

variable "max_token_days" {
  description = "How long such a token lives, in days. Tokens that exist keep their time."
  type        = number
  default     = 30

  validation {
    condition     = var.max_token_days >= 1 && var.max_token_days <= 90
    error_message = "max_token_days: ${var.max_token_days} must be from 1 to 90; Databricks would take 730, two years for whoever finds the token."
  }
}

variable "system_schemas" {
  description = "Schemas of system tables to switch on, such as access, compute, lakeflow; in one environment of a region only."
  type        = set(string)
  default     = []

  validation {
    condition     = !contains(var.system_schemas, "billing") && !contains(var.system_schemas, "information_schema")
    error_message = "system_schemas: billing and information_schema are always there; leave them out."
  }
}
