# What differs between environments: environments/<environment>.tfvars has the values. The modules check them.

variable "project" {
  description = "The project's short name."
  type        = string
}

variable "environment" {
  description = "The environment: dev, staging or prod. config/<environment>.yaml has its catalog."
  type        = string
}

variable "owner" {
  description = "Team that is responsible, for tags."
  type        = string
}

variable "tags" {
  description = "Further tags, such as cost_center."
  type        = map(string)
  default     = {}
}

variable "subscription_id" {
  description = "The Azure subscription of the environment. It is no secret."
  type        = string

  validation {
    condition     = var.subscription_id != "00000000-0000-0000-0000-000000000000"
    error_message = "subscription_id: still the placeholder. Write the id that `az account show --query id -o tsv` prints into environments/${var.environment}.tfvars."
  }
}

variable "location" {
  description = "Azure region."
  type        = string
}

variable "workspace_sku" {
  description = "Plan of the workspace: premium, or trial for 14 days."
  type        = string
  default     = "premium"
}

variable "key_vault" {
  description = "Whether there is a key vault for the secrets of jobs."
  type        = bool
  default     = true
}

variable "azure_databricks_object_id" {
  description = "Object id of the application AzureDatabricks in your tenant; bootstrap prints it. Null: no secret scope can read the vault yet."
  type        = string
  default     = null
}

variable "key_vault_allowed_ips" {
  description = "Addresses or networks from which people write secrets into the key vault."
  type        = list(string)
  default     = []
}
