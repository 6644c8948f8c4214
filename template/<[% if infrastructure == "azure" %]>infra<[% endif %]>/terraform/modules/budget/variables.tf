variable "account_id" {
  description = "Id of the Databricks account."
  type        = string
}

variable "name" {
  description = "Name of the budget and of the budget policy: <project>-<environment>."
  type        = string
}

variable "workspace_id" {
  description = "Id of the workspace that is counted."
  type        = number
}

variable "tags" {
  description = "Tags of serverless compute; `project` also says what the budget counts."
  type        = map(string)

  validation {
    condition     = lookup(var.tags, "project", "") != "" && length(var.tags) <= 20
    error_message = "tags: `project` must have a value, since the budget counts by it, and a budget policy takes 20 tags at most; here are ${length(var.tags)}."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : !contains(["budget-policy-name", "budget-policy-id", "budget-policy-resolution-result"], key)])
    error_message = "tags: budget-policy-name, budget-policy-id and budget-policy-resolution-result belong to Databricks; give the tag another name."
  }
}

variable "users" {
  description = "Who may bill jobs to the budget policy, as rules name them: groups/<name>, servicePrincipals/<application id>."
  type        = set(string)

  validation {
    condition     = length(var.users) > 0 && alltrue([for each in var.users : can(regex("^(groups|users|servicePrincipals)/.+$", each))])
    error_message = "users: write at least one of groups/<name>, users/<name>, servicePrincipals/<application id>."
  }
}

variable "monthly_usd" {
  description = "What a month may cost at list price, in US dollars; null for no budget."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_usd == null || coalesce(var.monthly_usd, 1) >= 1
    error_message = "monthly_usd: ${coalesce(var.monthly_usd, 0)} must be at least 1 US dollar; null makes no budget."
  }

  validation {
    condition     = var.monthly_usd == null || length(var.alert_emails) > 0
    error_message = "monthly_usd: a budget that nobody hears of is none; write who gets the mail into alert_emails, or null for no budget."
  }
}

variable "alert_at_percent" {
  description = "At which shares of the budget a mail is sent, in percent."
  type        = set(number)
  default     = [50, 80, 100]

  validation {
    condition     = length(var.alert_at_percent) > 0 && alltrue([for each in var.alert_at_percent : each > 0 && each <= 200])
    error_message = "alert_at_percent: write numbers above 0 and up to 200."
  }
}

variable "alert_emails" {
  description = "Who gets the mails."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for each in var.alert_emails : can(regex("^[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+$", each))])
    error_message = "alert_emails: ${join(", ", [for each in var.alert_emails : "`${each}`" if !can(regex("^[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+$", each))])} is no e-mail address."
  }
}
