variable "project" {
  description = "The project's short name, which names begin with."
  type        = string
}

variable "environment" {
  description = "The environment, which is the second part of the names."
  type        = string
}

variable "roles" {
  description = "The roles of `variables.principals` in databricks.yml: each is a group. Empty for dev, where whoever deploys stands for all."
  type        = set(string)
  default = [
    "readers", "jobs", "ingestion", "transformation", "aggregation", "training", "scoring", "maintenance", "bi", "operators", "deployers",
  ]
}

variable "jobs" {
  description = "The kinds of work of `variables.run_as` in databricks.yml: each has a service principal. Empty for dev."
  type        = set(string)
  default     = ["ingestion", "transformation", "training", "scoring", "maintenance"]
}

variable "memberships" {
  description = "`principals.users` of config/<environment>.yaml: the groups that each service principal and each group is in."
  type        = map(set(string))

  validation {
    condition = alltrue([
      for member in keys(var.memberships) : contains(concat(
        [for role in var.roles : "${var.project}-${var.environment}-${role}"],
        [for job in var.jobs : "${var.project}-${var.environment}-${job}-job"],
      ), member)
    ])
    error_message = "memberships: `principals.users` of config/${var.environment}.yaml names a member that databricks.yml does not. Names are ${var.project}-${var.environment}-<role> and ${var.project}-${var.environment}-<job>-job; add a new one to `roles` or `jobs`, or correct: ${join(", ", keys(var.memberships))}."
  }

  validation {
    condition = alltrue([
      for group in flatten([for groups in values(var.memberships) : tolist(groups)]) :
      contains([for role in var.roles : "${var.project}-${var.environment}-${role}"], group)
    ])
    error_message = "memberships: `principals.users` of config/${var.environment}.yaml puts somebody into a group that databricks.yml does not name. Names are ${var.project}-${var.environment}-<role>; add a new one to `roles`, or correct: ${join(", ", distinct(flatten([for groups in values(var.memberships) : tolist(groups)])))}."
  }
}

variable "members" {
  description = "Groups of the account that an identity provider keeps, by role: {readers = [\"data-analysts\"], operators = [\"data-engineers\"]}."
  type        = map(set(string))
  default     = {}

  validation {
    condition     = alltrue([for role in keys(var.members) : contains(var.roles, role)])
    error_message = "members: ${join(", ", [for role in keys(var.members) : "`${role}`" if !contains(var.roles, role)])} is no role here. ${length(var.roles) == 0 ? "This environment has no groups: name who deploys in `developers`." : "Roles are ${join(", ", var.roles)}."}"
  }
}
