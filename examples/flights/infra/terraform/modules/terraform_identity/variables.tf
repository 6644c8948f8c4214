variable "name" {
  description = "Name of the application in Entra."
  type        = string
}

variable "federation" {
  description = "Whose tokens are accepted: issuer and subject, letter by letter. Null: nobody's yet."
  type = object({
    issuer  = string
    subject = string
  })
}

variable "resource_group_id" {
  description = "The environment's resource group: all that the identity may change."
  type        = string
}

variable "subscription_id" {
  description = "The subscription, in which Databricks makes the resource group for nodes, and which has the budget on it."
  type        = string
}

variable "managed_group_role_id" {
  description = "The role that allows that."
  type        = string
}

variable "state_container_id" {
  description = "The container with the state of the environment."
  type        = string
}
