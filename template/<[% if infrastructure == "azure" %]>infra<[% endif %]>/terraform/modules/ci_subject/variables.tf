variable "ci" {
  description = "The CI system, as in the answer `ci` of `lakewright init`."
  type        = string

  validation {
    condition     = contains(["github", "azure_devops", "gitlab"], var.ci)
    error_message = "ci: `${var.ci}` is none of github, azure_devops, gitlab. With another system, leave the module out and sign in with a secret from a vault."
  }
}

variable "environment" {
  description = "The environment that the CI job deploys to."
  type        = string
}

variable "branching" {
  description = "What deploys to which environment, as in the answer `branching`: `tags` or `branches`. Only GitLab's subjects depend on it."
  type        = string
  default     = "tags"

  validation {
    condition     = contains(["tags", "branches"], var.branching)
    error_message = "branching: `${var.branching}` is neither `tags` nor `branches`."
  }
}

variable "repository" {
  description = "GitHub owner/name, Azure DevOps organization/project/repository, GitLab group/project; the output of `modules/repository`, which checks it."
  type        = string
}

variable "github_subject_prefix" {
  description = <<-EOT
    How subjects of the GitHub repository begin: `repo:owner@1/name@2` with the numbers of the owner and of the repository. Repositories that
    were made, renamed or moved since 15 July 2026 have this form; null takes the form of older ones, `repo:owner/name`. This prints it:
    gh api repos/OWNER/NAME/actions/oidc/customization/sub --jq .sub_claim_prefix
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.github_subject_prefix == null || can(regex("^repo:[^/@:*]+(@[0-9]+)?/[^/@:*]+(@[0-9]+)?$", var.github_subject_prefix))
    error_message = "github_subject_prefix: `${coalesce(var.github_subject_prefix, "-")}` must be repo:owner@1/name@2 or repo:owner/name. Take what this prints: gh api repos/${var.repository}/actions/oidc/customization/sub --jq .sub_claim_prefix"
  }

  validation {
    condition     = var.github_subject_prefix == null || replace(coalesce(var.github_subject_prefix, "-"), "/@[0-9]+/", "") == "repo:${var.repository}"
    error_message = "github_subject_prefix: `${coalesce(var.github_subject_prefix, "-")}` belongs to another repository than `${var.repository}`, whose jobs could then deploy. Take what this prints: gh api repos/${var.repository}/actions/oidc/customization/sub --jq .sub_claim_prefix"
  }
}

variable "azure_devops_organization_id" {
  description = "The id of the Azure DevOps organization: `System.CollectionId` in a pipeline prints it. Needed for `ci = \"azure_devops\"` only."
  type        = string
  default     = ""

  validation {
    condition     = var.ci != "azure_devops" || can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.azure_devops_organization_id))
    error_message = "azure_devops_organization_id: `${var.azure_devops_organization_id}` must be the id of the organization in lower case; this step of a pipeline prints it: `script: echo $(System.CollectionId)`."
  }
}

variable "azure_devops_pipeline" {
  description = "Name of the pipeline that deploys to this environment, and to no other; by default deploy-<environment>."
  type        = string
  default     = null

  validation {
    condition     = var.azure_devops_pipeline == null || can(regex("^[^/*]+$", coalesce(var.azure_devops_pipeline, "-")))
    error_message = "azure_devops_pipeline: `${coalesce(var.azure_devops_pipeline, "-")}` must be the name of one pipeline, without its folder and without `*`."
  }
}

variable "gitlab_ref_protected" {
  description = "Whether the subjects of the GitLab project also say that a branch or tag is protected (GitLab 18.7 and newer); for `branching = \"tags\"` only."
  type        = bool
  default     = false

  validation {
    condition     = !var.gitlab_ref_protected || var.branching == "tags"
    error_message = "gitlab_ref_protected: with branching = \"branches\" the subject names the branch, and GitLab keeps its own form of it. Leave it out."
  }
}

variable "gitlab_branch" {
  description = "The protected branch of the GitLab project whose jobs sign in; null takes what `branching` says."
  type        = string
  default     = null

  validation {
    condition     = var.gitlab_branch == null || can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*$", coalesce(var.gitlab_branch, "-")))
    error_message = "gitlab_branch: `${coalesce(var.gitlab_branch, "-")}` must be the name of one branch, without `*`: subjects are compared letter by letter."
  }
}

variable "gitlab_address" {
  description = "Address of the GitLab instance, which is the issuer of its tokens."
  type        = string
  default     = "https://gitlab.com"

  validation {
    condition     = can(regex("^https://[^/?#]+$", var.gitlab_address))
    error_message = "gitlab_address: `${var.gitlab_address}` must be https:// and a host, without a path: the issuer is the instance, not the group."
  }
}
