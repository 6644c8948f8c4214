variable "name" {
  description = "Name of the warehouse."
  type        = string
}

variable "auto_stop_minutes" {
  description = "After how many minutes without a query it stops."
  type        = number
  default     = 10

  validation {
    condition     = var.auto_stop_minutes >= 5 && var.auto_stop_minutes <= 60
    error_message = "auto_stop_minutes: ${var.auto_stop_minutes} must be from 5 to 60; 0 would never stop it."
  }
}

variable "tags" {
  description = "Tags, which the bill is split by."
  type        = map(string)
}

variable "users" {
  description = "Groups that may use it."
  type        = set(string)

  validation {
    condition     = length(var.users) > 0
    error_message = "users: name at least one group; a warehouse that nobody may use would still be paid for."
  }
}
