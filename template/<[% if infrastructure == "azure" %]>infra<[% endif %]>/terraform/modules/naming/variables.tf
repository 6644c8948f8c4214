variable "project" {
  description = "The project's short name, as in the names of its groups and schemas."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.project)) && length(var.project) <= 40
    error_message = "project: `${var.project}` must be at most 40 lower-case letters, digits and `_`, beginning with a letter."
  }
}

variable "environment" {
  description = "The environment: it is the beginning of the catalog's name and a part of every other name."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment: `${var.environment}` is none of dev, staging, prod, the targets of databricks.yml."
  }
}

variable "catalog" {
  description = "Whole name of the environment's catalog, `catalog.name` of config/<environment>.yaml."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_]*$", var.catalog)) && length(var.catalog) <= 255
    error_message = "catalog: `${var.catalog}` must be at most 255 letters, digits and `_`, not beginning with a digit."
  }

  validation {
    condition     = startswith(var.catalog, "${var.environment}_")
    error_message = "catalog: `${var.catalog}` must begin with `${var.environment}_`, so that no environment writes into another one's catalog."
  }
}

variable "subscription_id" {
  description = "The Azure subscription: a part of the hash in the names that are unique in all of Azure."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.subscription_id))
    error_message = "subscription_id: `${var.subscription_id}` must be the id of a subscription, 00000000-0000-0000-0000-000000000000 in lower case; `az account show` prints it."
  }
}
