variable "name" {
  description = "Name of the application in Entra."
  type        = string
}

variable "description" {
  description = "What the application is for, as Entra shows it."
  type        = string
}

variable "federation" {
  description = "Whose tokens are accepted: issuer and subject, letter by letter. Null: nobody's yet."
  type = object({
    issuer  = string
    subject = string
  })

  validation {
    condition     = var.federation == null || !strcontains(try(var.federation.subject, ""), "*")
    error_message = "federation: the subject `${try(var.federation.subject, "")}` has a `*`; Entra compares letter by letter, so no token would ever match."
  }
}
