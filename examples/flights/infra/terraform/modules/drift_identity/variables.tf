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
  description = "The environment's resource group, which the identity reads."
  type        = string
}

variable "subscription_id" {
  description = "The subscription, whose budgets the identity reads."
  type        = string
}

variable "budgets_role_id" {
  description = "The role that allows that, and nothing else."
  type        = string
}

variable "state_container_id" {
  description = "The container with the state of the environment, which the identity reads."
  type        = string
}
