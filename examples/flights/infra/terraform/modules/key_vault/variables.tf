variable "name" {
  description = "Name of the vault, unique in all of Azure."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$", var.name))
    error_message = "name: `${var.name}` must be 3 to 24 letters, digits and `-`, beginning with a letter."
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

variable "reader_object_id" {
  description = "Object id of the application AzureDatabricks in your tenant, which reads secrets for the secret scope; bootstrap prints it. Null for nobody."
  type        = string
}

variable "allowed_ips" {
  description = "Addresses or networks from which people keep secrets."
  type        = list(string)

  validation {
    condition     = alltrue([for ip in var.allowed_ips : can(cidrhost(strcontains(ip, "/") ? ip : "${ip}/32", 0)) && ip != "0.0.0.0/0"])
    error_message = "allowed_ips: ${join(", ", var.allowed_ips)} must be public addresses or networks such as 203.0.113.7 or 203.0.113.0/24, and not all of the internet."
  }
}

variable "private" {
  description = "Whether the vault has no public address."
  type        = bool
}
