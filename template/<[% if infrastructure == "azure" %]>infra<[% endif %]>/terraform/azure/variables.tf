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

  validation {
    condition     = var.azure_databricks_object_id == null || can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", lower(var.azure_databricks_object_id)))
    error_message = "azure_databricks_object_id: `${coalesce(var.azure_databricks_object_id, "-")}` must be an object id. Write what `az ad sp show --id 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d --query id -o tsv` prints into environments/${var.environment}.tfvars."
  }

  validation {
    condition     = lower(coalesce(var.azure_databricks_object_id, "-")) != "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"
    error_message = "azure_databricks_object_id: this is the application id, which is the same in each tenant; the object id is another. Write what `az ad sp show --id 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d --query id -o tsv` prints into environments/${var.environment}.tfvars."
  }
}

variable "key_vault_allowed_ips" {
  description = "Addresses or networks from which people write secrets into the key vault; with `private`, they write them from inside the network."
  type        = list(string)
  default     = []

  validation {
    condition     = !var.private || length(var.key_vault_allowed_ips) == 0
    error_message = "key_vault_allowed_ips: with `private` the vault has no public address, so Azure ignores ${join(", ", var.key_vault_allowed_ips)}. Take them out, and write secrets from inside the network."
  }
}
