# What differs between environments: environments/<environment>.tfvars has the values. The modules check them.

variable "project" {
  description = "The project's short name."
  type        = string
}

variable "environment" {
  description = "The environment: dev, staging or prod. config/<environment>.yaml has its catalog and its memberships."
  type        = string
}

variable "owner" {
  description = "Team that is responsible, for tags and properties."
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
    error_message = "subscription_id: still the placeholder. Write the id that `az account show --query id -o tsv` prints into environments/${var.environment}.tfvars, the same as in ../azure."
  }
}

variable "location" {
  description = "Azure region, as in the root `azure`."
  type        = string
}

variable "account_id" {
  description = "Id of the Databricks account, which accounts.azuredatabricks.net shows."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.account_id)) && var.account_id != "00000000-0000-0000-0000-000000000000"
    error_message = "account_id: `${var.account_id}` must be the id of the Databricks account, which accounts.azuredatabricks.net shows in the menu of the user; it is no id of Azure."
  }
}

variable "metastore_id" {
  description = "Id of the metastore of the region; `databricks account metastores list` shows it."
  type        = string

  validation {
    condition     = var.metastore_id != "00000000-0000-0000-0000-000000000000"
    error_message = "metastore_id: still the placeholder. Write the id that `databricks account metastores list` shows for ${var.location} into environments/${var.environment}.tfvars."
  }
}

variable "metastore_creator" {
  description = "ARM_CLIENT_ID of the environment, if Terraform's identity may not make catalogs in the metastore yet; null otherwise."
  type        = string
  default     = null
}

variable "metastore_region" {
  description = "Region of the metastore, as that command shows it; null skips the comparison with the workspace's."
  type        = string
  default     = null
}
