# Who may do what, and how CI signs in.

variable "roles" {
  description = "Roles of staging and prod, as in `variables.principals` of databricks.yml; each is a group."
  type        = set(string)
  default = [
    "readers", "jobs", "ingestion", "transformation", "aggregation", "training", "scoring", "maintenance", "bi", "operators", "deployers",
  ]
}

variable "jobs" {
  description = "Kinds of work of staging and prod, as in `variables.run_as` of databricks.yml; each has a service principal."
  type        = set(string)
  default     = ["ingestion", "transformation", "training", "scoring", "maintenance"]
}

variable "members" {
  description = "The company's groups by role: {readers = [\"data-analysts\"], operators = [\"data-engineers\"]}."
  type        = map(set(string))
  default     = {}
}

variable "developers" {
  description = "The company's groups that deploy to dev as themselves; ignored elsewhere."
  type        = set(string)
  default     = []
}

variable "managers" {
  description = "Who may let others use the service principals, beside account admins: groups/<name>."
  type        = set(string)
  default     = []
}

variable "catalog_owner" {
  description = "The group that owns the catalog and grants on it, with Terraform's identity in it; null leaves it to that identity."
  type        = string
  default     = null
}

variable "ci" {
  description = "The CI system: github, azure_devops, gitlab or none."
  type        = string

  validation {
    condition     = contains(["github", "azure_devops", "gitlab", "none"], var.ci)
    error_message = "ci: `${var.ci}` is none of github, azure_devops, gitlab, none. Write one of them into environments/${var.environment}.tfvars; none: only people sign in."
  }
}

variable "branching" {
  description = "What deploys to which environment: tags or branches."
  type        = string
  default     = "tags"

  validation {
    condition     = contains(["tags", "branches"], var.branching)
    error_message = "branching: `${var.branching}` is neither `tags` nor `branches`. Write one of them into environments/${var.environment}.tfvars."
  }
}

variable "repository" {
  description = "Name of the repository on its host; empty makes no sign-in for CI yet."
  type        = string
  default     = ""
}

variable "drift" {
  description = "Whether GitHub's environment <environment>-drift signs in as the deployer, for the comparison of each night; staging and prod."
  type        = bool
  default     = true
}

variable "github_subject_prefix" {
  description = "What `gh api repos/OWNER/NAME/actions/oidc/customization/sub --jq .sub_claim_prefix` prints; null for repositories from before 15 July 2026."
  type        = string
  default     = null
}

variable "azure_devops_organization_id" {
  description = "The id of the Azure DevOps organization, which `System.CollectionId` shows in a pipeline."
  type        = string
  default     = ""
}

variable "azure_devops_pipeline" {
  description = "Name of the Azure DevOps pipeline that deploys here; null takes deploy-<environment>."
  type        = string
  default     = null
}

variable "gitlab_ref_protected" {
  description = "Whether GitLab's subjects also say that a branch or tag is protected: ci_id_token_sub_claim_components with ref_protected (GitLab 18.7 and newer)."
  type        = bool
  default     = false
}

variable "gitlab_address" {
  description = "Address of the GitLab instance."
  type        = string
  default     = "https://gitlab.com"
}
