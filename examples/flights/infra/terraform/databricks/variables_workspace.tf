# Sizes, money and settings.

variable "private" {
  description = "Whether ../azure has closed storage and workspace (`private` there): serverless compute then needs private endpoints of its own."
  type        = bool
  default     = false
}

variable "reading_workspaces" {
  description = "Other workspaces that may read the catalog: {\"<id>\" = \"read\"}."
  type        = map(string)
  default     = {}
}

variable "cluster_policy" {
  description = "Name of the policy of job clusters; null takes <project>-<environment>-jobs."
  type        = string
  default     = null
}

variable "node_types" {
  description = "Node types that clusters may have; the first is the default."
  type        = list(string)
  default     = ["Standard_D4ds_v5", "Standard_D8ds_v5", "Standard_E4ds_v5", "Standard_E8ds_v5"]
}

variable "max_workers" {
  description = "How many workers a cluster may grow to."
  type        = number
  default     = 8
}

variable "monthly_usd" {
  description = "What a month may cost at list price; null for no budget."
  type        = number
  default     = null
}

variable "alert_emails" {
  description = "Who gets a mail when the budget is used up by half, by four fifths, and all of it."
  type        = set(string)
  default     = []
}

variable "key_vault_scope" {
  description = "Whether jobs read secrets from the key vault that the root `azure` makes."
  type        = bool
  default     = false
}

variable "workspace_settings" {
  description = "Whether the settings of the workspace are this project's; false where other projects use the workspace too."
  type        = bool
  default     = true
}

variable "personal_access_tokens" {
  description = "Whether people may make personal access tokens."
  type        = bool
  default     = false
}

variable "system_schemas" {
  description = "Schemas of system tables to switch on for the whole metastore, in one environment of a region only: [\"access\"]."
  type        = set(string)
  default     = []
}
