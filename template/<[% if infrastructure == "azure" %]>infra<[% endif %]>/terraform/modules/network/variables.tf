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

variable "address_space" {
  description = "Addresses of the network, between /16 and /23: a quarter is for the hosts of clusters, a quarter for their containers."
  type        = string

  validation {
    condition     = can(cidrhost(var.address_space, 0)) && try(tonumber(split("/", var.address_space)[1]), 0) >= 16 && try(tonumber(split("/", var.address_space)[1]), 0) <= 23
    error_message = "address_space: `${var.address_space}` must be a network between /16 and /23, such as 10.20.0.0/20. Databricks needs subnets of /26 or larger, and the endpoints one more."
  }

  validation {
    condition     = try(cidrsubnet(var.address_space, 0, 0) == var.address_space, true)
    error_message = "address_space: `${var.address_space}` is an address in a network and not the network. Write `${try(cidrsubnet(var.address_space, 0, 0), "10.20.0.0/20")}`."
  }
}

variable "private_endpoints" {
  description = "Whether storage, key vault and workspace are reached through addresses of this network alone."
  type        = bool
}

variable "nat_gateway" {
  description = "Whether clusters reach the internet (package indexes) through a NAT gateway; without it they reach Azure alone."
  type        = bool
}
