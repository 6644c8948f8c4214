variable "account_id" {
  description = "Id of the Databricks account."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.account_id))
    error_message = "account_id: `${var.account_id}` must be the id of the Databricks account, which accounts.azuredatabricks.net shows in the menu of the user; it is no id of Azure."
  }
}

variable "workspace_host" {
  description = "Address of the workspace."
  type        = string

  validation {
    condition     = can(regex("^https://[A-Za-z0-9.-]+$", var.workspace_host))
    error_message = "workspace_host: `${var.workspace_host}` must be https:// and the name of a workspace, without a path."
  }
}

variable "deployer" {
  description = "Id of the service principal that deploys; the number, not the application id."
  type        = number
}

variable "issuer" {
  description = "Who signs the tokens, from the module `ci_subject`."
  type        = string
}

variable "subjects" {
  description = "What the tokens of jobs say that sign in as the deployer, by the name of their policy; from the module `ci_subject`."
  type        = map(string)

  validation {
    condition     = alltrue([for subject in values(var.subjects) : can(regex("^(repo:[^/:*]+/[^/:*]+:environment:[^:*]+|p://[^/*]+/[^/*]+/[^/*]+|project_path:[^:*]+:ref_type:(branch|tag)(:ref_protected:true|:ref:[^*]+)?)$", subject))])
    error_message = "subjects: ${join(", ", values(var.subjects))}: each must name one repository and what in it may deploy, without `*`: subjects are compared letter by letter. Take the output `subject` of the module `ci_subject`."
  }

  validation {
    condition     = alltrue([for name in keys(var.subjects) : can(regex("^[a-z0-9-]+$", name))])
    error_message = "subjects: ${join(", ", keys(var.subjects))}: names of policies are lower-case letters, digits and `-`."
  }
}

variable "description" {
  description = "What is deployed, for the list of policies: `flights to prod`."
  type        = string
}
