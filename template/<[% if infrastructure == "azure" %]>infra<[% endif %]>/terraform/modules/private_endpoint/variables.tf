variable "name" {
  description = "Name of the endpoint, without `pe-`."
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

variable "resource_id" {
  description = "What is reached through the endpoint."
  type        = string
}

variable "kind" {
  description = "The part of the resource that is reached: `blob` or `dfs` of storage, `vault`, `databricks_ui_api`, `browser_authentication`."
  type        = string

  validation {
    condition     = contains(["blob", "dfs", "vault", "databricks_ui_api", "browser_authentication"], var.kind)
    error_message = "kind: `${var.kind}` is none of blob, dfs, vault, databricks_ui_api, browser_authentication."
  }
}

variable "approver" {
  description = "Who approves the connection, for the message that this person reads; null where Terraform's own rights on the resource are enough."
  type        = string
  default     = null

  validation {
    condition     = length(coalesce(var.approver, "-")) <= 60
    error_message = "approver: Azure takes 140 characters for the whole message; write at most 60."
  }
}

variable "endpoints" {
  description = "Subnet and DNS zones, as `modules/network` returns them."
  type = object({
    subnet_id = string
    zones     = map(string)
  })
}
