variable "prefix" {
  description = "Beginning of all names: <project>-<environment>."
  type        = string
}

variable "resource_group_id" {
  description = "The environment's resource group."
  type        = string
}

variable "subscription_id" {
  description = "The subscription, which has the budget on the nodes."
  type        = string
}

variable "nodes_resource_group" {
  description = "Name of the resource group in which Databricks keeps the nodes of clusters."
  type        = string
}

variable "monthly_amount" {
  description = "What each of them may cost in a month, in the currency of the subscription."
  type        = number

  validation {
    condition     = var.monthly_amount > 0
    error_message = "monthly_amount: ${var.monthly_amount} must be greater than 0; leave the budget out where none is wanted."
  }
}

variable "start_month" {
  description = "The first month, such as 2026-12-01; Azure refuses months that have passed when the budget is made."
  type        = string

  validation {
    condition     = can(regex("^20[0-9]{2}-(0[1-9]|1[0-2])-01$", var.start_month))
    error_message = "start_month: `${var.start_month}` must be the first day of a month, such as 2026-12-01."
  }
}

variable "emails" {
  description = "Who gets a mail."
  type        = list(string)

  validation {
    condition     = length(var.emails) > 0 && alltrue([for email in var.emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", email))])
    error_message = "emails: `${join(", ", var.emails)}` must be one e-mail address or several; a budget that nobody hears of stops nothing."
  }
}
