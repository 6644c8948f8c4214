# What one person gives once for a subscription: bootstrap.tfvars has the values.

variable "project" {
  description = "The project's short name."
  type        = string
}

variable "owner" {
  description = "Team that is responsible, for tags."
  type        = string
}

variable "subscription_id" {
  description = "The Azure subscription. It is no secret."
  type        = string

  validation {
    condition     = var.subscription_id != "00000000-0000-0000-0000-000000000000"
    error_message = "subscription_id: still the placeholder. Write the id that `az account show --query id -o tsv` prints into bootstrap.tfvars."
  }
}

variable "location" {
  description = "Azure region of the states and of the resource groups."
  type        = string
}

variable "environments" {
  description = "The environments of this subscription; with a subscription for each environment, bootstrap is applied to each."
  type        = set(string)
  default     = ["dev", "staging", "prod"]
}

variable "administrators" {
  description = "Object ids of people or groups that may read and write states by hand; the person that applies this is one in any case."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for each in var.administrators : can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", lower(each)))])
    error_message = "administrators: ${join(", ", [for each in var.administrators : "`${each}`"])}: each must be an object id. `az ad user show --id NAME --query id -o tsv` prints that of a person, `az ad group show --group NAME --query id -o tsv` that of a group."
  }
}
