variable "name" {
  description = "Name of the storage account, unique in all of Azure."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.name))
    error_message = "name: `${var.name}` must be 3 to 24 lower-case letters and digits."
  }
}

variable "resource_group_name" {
  description = "Name of the resource group; it is made here."
  type        = string
}

variable "location" {
  description = "Azure region."
  type        = string
}

variable "containers" {
  description = "Containers: one for each environment, and one for bootstrap."
  type        = set(string)
}

variable "writers" {
  description = "Object ids of the people or groups that may also read and write states by hand."
  type        = set(string)
}

variable "tags" {
  description = "Tags; the bill shows them."
  type        = map(string)
}
