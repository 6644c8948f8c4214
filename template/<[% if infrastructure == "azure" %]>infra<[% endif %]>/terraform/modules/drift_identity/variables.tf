variable "name" {
  description = "Name of the application in Entra."
  type        = string
}

variable "federation" {
  description = "Whose tokens are accepted: issuer and subject, letter by letter."
  type = object({
    issuer  = string
    subject = string
  })

  validation {
    condition     = !strcontains(var.federation.subject, "*")
    error_message = "federation: the subject `${var.federation.subject}` has a `*`; Entra compares letter by letter, so no token would ever match."
  }
}

variable "resource_group_id" {
  description = "The environment's resource group, which the identity reads."
  type        = string
}

variable "state_container_id" {
  description = "The container with the state of the environment, which the identity reads."
  type        = string
}
