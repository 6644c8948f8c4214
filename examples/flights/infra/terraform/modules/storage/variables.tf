variable "name" {
  description = "Name of the account, unique in all of Azure."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.name))
    error_message = "name: `${var.name}` must be 3 to 24 lower-case letters and digits."
  }
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

variable "layers" {
  description = "The layers; each gets a container."
  type        = list(string)
}

variable "replication" {
  description = "How many copies there are, and where: LRS in one data centre, ZRS in three of the region, GRS and GZRS also in another region."
  type        = string

  validation {
    condition     = contains(["LRS", "ZRS", "GRS", "RAGRS", "GZRS", "RAGZRS"], var.replication)
    error_message = "replication: `${var.replication}` is none of LRS, ZRS, GRS, RAGRS, GZRS, RAGZRS."
  }
}

variable "deleted_days" {
  description = "For how many days a deleted file or container can be brought back."
  type        = number

  validation {
    condition     = var.deleted_days >= 1 && var.deleted_days <= 365
    error_message = "deleted_days: ${var.deleted_days} must be between 1 and 365."
  }
}

variable "landing" {
  description = "After how many days files in landing move to cooler storage, and are deleted; null for never. Nothing else ages: a table's old files belong to it."
  type = object({
    cool_after_days   = optional(number)
    delete_after_days = optional(number)
  })

  validation {
    condition     = var.landing.delete_after_days == null || try(var.landing.delete_after_days > coalesce(var.landing.cool_after_days, 0), false)
    error_message = "landing: files would be deleted after ${coalesce(var.landing.delete_after_days, 0)} days, before they become cool. Give delete_after_days a greater number than cool_after_days."
  }
}

variable "connector" {
  description = "The access connector that Unity Catalog reads and writes with: its id and the object id of its identity."
  type = object({
    id           = string
    principal_id = string
  })
}

variable "private" {
  description = "Whether the account refuses what does not come through a private endpoint, or from the access connector."
  type        = bool
}
