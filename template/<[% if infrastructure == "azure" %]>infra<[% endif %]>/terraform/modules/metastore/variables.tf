variable "workspace_id" {
  description = "Id of the workspace: the digits after `adb-` in its address."
  type        = number
}

variable "metastore_id" {
  description = "Id of the metastore of the workspace's region."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.metastore_id))
    error_message = "metastore_id: `${var.metastore_id}` must be the id of a metastore; `databricks account metastores list` shows them with their regions."
  }
}

variable "region" {
  description = "Region of the workspace."
  type        = string
}

variable "metastore_region" {
  description = "Region of the metastore; null if it is not known."
  type        = string
  default     = null
}

variable "creator" {
  description = "Application id of Terraform's identity, which makes the credential, the locations and the catalog; null if it may do so already."
  type        = string
  default     = null

  validation {
    condition     = var.creator == null || can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", coalesce(var.creator, "-")))
    error_message = "creator: `${coalesce(var.creator, "-")}` must be the application id of Terraform's identity: ARM_CLIENT_ID, which bootstrap prints, not its name and not its object id."
  }
}
