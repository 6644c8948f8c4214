variable "account_id" {
  description = "Id of the Databricks account."
  type        = string
}

variable "jobs" {
  description = "Application ids of the service principals that jobs run as, by name."
  type        = map(string)
}

variable "deployer" {
  description = "The service principal that deploys, as rules name it: servicePrincipals/<application id>."
  type        = string

  validation {
    condition     = startswith(var.deployer, "servicePrincipals/")
    error_message = "deployer: `${var.deployer}` must be servicePrincipals/<application id>, the output `principal` of the module `principals`."
  }
}

variable "managers" {
  description = "Who may give others the role User, as rules name them: groups/<name>, users/<name>, servicePrincipals/<application id>."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for each in var.managers : can(regex("^(groups|users|servicePrincipals)/.+$", each))])
    error_message = "managers: ${join(", ", var.managers)}: write groups/<name>, users/<name> or servicePrincipals/<application id>."
  }
}
