variable "name" {
  description = "Name of the workspace."
  type        = string
}

variable "resource_group_name" {
  description = "The environment's resource group."
  type        = string
}

variable "location" {
  description = "Azure region."
  type        = string
}

variable "tags" {
  description = "Tags; the bill shows them."
  type        = map(string)
}

variable "sku" {
  description = "The plan. Unity Catalog needs `premium`."
  type        = string

  validation {
    condition     = contains(["premium", "trial"], var.sku)
    error_message = "sku: `${var.sku}` is neither `premium` nor `trial` (premium for 14 days). Without them there is no Unity Catalog."
  }
}

variable "managed_resource_group_name" {
  description = "The resource group that Databricks makes for the nodes of clusters."
  type        = string
}

variable "storage_account_name" {
  description = "Name of the storage account that Databricks makes for the workspace itself; cannot be changed later."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.storage_account_name))
    error_message = "storage_account_name: `${var.storage_account_name}` must be 3 to 24 lower-case letters and digits."
  }
}

variable "network" {
  description = "Network and subnets, as `modules/network` returns them."
  type = object({
    id = string
    subnets = map(object({
      name           = string
      association_id = string
    }))
  })
}

variable "connector_id" {
  description = "The access connector, which also opens the workspace's own storage."
  type        = string
}

variable "private" {
  description = "Whether the workspace is reached through private endpoints alone."
  type        = bool
}
