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

variable "gitlab_infrastructure_project" {
  description = "With GitLab: the project whose pipelines sign in as Terraform; null takes <repository>-infrastructure."
  type        = string
  default     = null

  validation {
    condition     = lower(coalesce(var.gitlab_infrastructure_project, "-")) != lower(var.repository)
    error_message = "gitlab_infrastructure_project: `${coalesce(var.gitlab_infrastructure_project, "-")}` is the project that deploys the bundle, whose jobs could then sign in as Terraform. Write the name of a project of its own."
  }
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

variable "drift_service_connections" {
  description = <<-EOT
    With Azure DevOps: the same of the service connection <project>-<environment>-drift, with which the nightly comparison reads.
  EOT
  type = map(object({
    issuer  = string
    subject = string
  }))
  default = {}

  validation {
    condition = alltrue([
      for each in values(var.drift_service_connections) : !startswith(each.subject, "sc://") ||
      startswith(lower(each.subject), lower("sc://${join("/", slice(split("/", var.repository), 0, min(2, length(split("/", var.repository)))))}/"))
    ])
    error_message = "drift_service_connections: ${join(", ", [for each in values(var.drift_service_connections) : "`${each.subject}`"])} must begin with sc://${join("/", slice(split("/", var.repository), 0, min(2, length(split("/", var.repository)))))}/: a service connection of another organization or project could read this infrastructure."
  }
}
