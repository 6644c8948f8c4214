variable "ci" {
  description = "The CI system that the repository is written for: github, azure_devops or gitlab."
  type        = string
}

variable "repository" {
  description = "GitHub owner/name, Azure DevOps organization/project/repository, GitLab group/project."
  type        = string

  validation {
    condition     = var.ci != "github" || can(regex("^[A-Za-z0-9]+(-[A-Za-z0-9]+)*/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository: `${var.repository}` must be owner/name, as in the address on github.com."
  }

  validation {
    condition     = var.ci != "azure_devops" || can(regex("^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_][A-Za-z0-9 ._-]*/[A-Za-z0-9_][A-Za-z0-9 ._-]*$", var.repository))
    error_message = "repository: `${var.repository}` must be organization/project/repository, as in the address on dev.azure.com, without _git."
  }

  validation {
    condition     = var.ci != "gitlab" || can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$", var.repository))
    error_message = "repository: `${var.repository}` must be group/project, as in the address on GitLab."
  }

  validation {
    condition     = !endswith(lower(var.repository), ".git")
    error_message = "repository: `${var.repository}` must end without `.git`: only the address to clone from has it, and no token of CI."
  }

  validation {
    condition     = !anytrue([for part in split("/", var.repository) : contains([".", ".."], part)])
    error_message = "repository: `${var.repository}`: `.` and `..` are no names. Write it as in the address of the repository in a browser."
  }
}
