# Whose CI jobs may sign in.

variable "ci" {
  description = "The CI system: github, azure_devops, gitlab; none: nobody signs in but people."
  type        = string

  validation {
    condition     = contains(["github", "azure_devops", "gitlab", "none"], var.ci)
    error_message = "ci: `${var.ci}` is none of github, azure_devops, gitlab, none. Write one of them into bootstrap.tfvars; none: only people sign in."
  }
}

variable "repository" {
  description = "GitHub owner/name, Azure DevOps organization/project/repository, GitLab group/project; modules/repository checks it."
  type        = string
}

variable "branching" {
  description = "What deploys to which environment: tags or branches. Only GitLab's subjects depend on it."
  type        = string
  default     = "tags"

  validation {
    condition     = contains(["tags", "branches"], var.branching)
    error_message = "branching: `${var.branching}` is neither `tags` nor `branches`. Write one of them into bootstrap.tfvars."
  }
}

variable "github_subject_prefix" {
  description = "How subjects of the GitHub repository begin, where it has the newer form with numbers: see modules/ci_subject."
  type        = string
  default     = null
}

variable "gitlab_address" {
  description = "Address of the GitLab instance."
  type        = string
  default     = "https://gitlab.com"
}

variable "service_connections" {
  description = <<-EOT
    With Azure DevOps: issuer and subject of the service connection of each environment, which Azure DevOps shows when it is made (Azure
    Resource Manager, workload identity federation, manual). They are known only then, so a second apply of bootstrap brings them.
  EOT
  type = map(object({
    issuer  = string
    subject = string
  }))
  default = {}

  validation {
    condition = alltrue([
      for each in values(var.service_connections) : !startswith(each.subject, "sc://") ||
      startswith(lower(each.subject), lower("sc://${join("/", slice(split("/", var.repository), 0, min(2, length(split("/", var.repository)))))}/"))
    ])
    error_message = "service_connections: ${join(", ", [for each in values(var.service_connections) : "`${each.subject}`"])} must begin with sc://${join("/", slice(split("/", var.repository), 0, min(2, length(split("/", var.repository)))))}/: a service connection of another organization or project could change this infrastructure."
  }
}
