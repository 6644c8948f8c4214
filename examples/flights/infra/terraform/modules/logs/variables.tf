variable "prefix" {
  description = "Beginning of all names: <project>-<environment>."
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

variable "retention_days" {
  description = "For how many days logs are kept; 30 are in the price."
  type        = number

  validation {
    condition     = var.retention_days >= 30 && var.retention_days <= 730
    error_message = "retention_days: ${var.retention_days} must be between 30 and 730."
  }
}

variable "daily_gb" {
  description = "After how many gigabytes a day no more logs are taken, so that a fault cannot make them expensive."
  type        = number

  validation {
    condition     = var.daily_gb == -1 || var.daily_gb > 0
    error_message = "daily_gb: ${var.daily_gb} must be greater than 0; -1 for no limit."
  }
}

variable "sources" {
  description = "What is logged: a resource's id, and the categories of its log."
  type = map(object({
    id         = string
    categories = set(string)
  }))
}
