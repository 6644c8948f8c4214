variable "name" {
  description = "The first part of the names of the policies: <project>-<environment>."
  type        = string
}

variable "jobs_name" {
  description = "Name of the policy of job clusters, the answer `cluster_policy` of `lakewright init`; by default <name>-jobs."
  type        = string
  default     = null
}

variable "spark_versions" {
  description = "Runtimes that clusters may have; the first is the default. The bundle's is in `variables.job_cluster` of databricks.yml."
  type        = list(string)
  default     = ["17.3.x-scala2.13"]

  validation {
    condition     = length(var.spark_versions) > 0 && alltrue([for each in var.spark_versions : can(regex("^[0-9]+\\.[0-9x]+\\.[a-z0-9-]*x?-(?:photon-|aarch64-|cpu-ml-|gpu-ml-)*scala2\\.1[23]$", each))])
    error_message = "spark_versions: ${join(", ", var.spark_versions)}: write ids of runtimes, such as 17.3.x-scala2.13; `databricks clusters spark-versions` shows them."
  }
}

variable "node_types" {
  description = "Node types that clusters may have; the first is the default."
  type        = list(string)
  default     = ["Standard_D4ds_v5", "Standard_D8ds_v5", "Standard_E4ds_v5", "Standard_E8ds_v5"]

  validation {
    condition     = length(var.node_types) > 0 && alltrue([for each in var.node_types : can(regex("^Standard_[A-Z]+[0-9]+[a-z]*(_[A-Za-z0-9]+)*$", each))])
    error_message = "node_types: ${join(", ", [for each in var.node_types : "`${each}`" if !can(regex("^Standard_[A-Z]+[0-9]+[a-z]*(_[A-Za-z0-9]+)*$", each))])} is no node type of Azure, such as Standard_D4ds_v5; `databricks clusters list-node-types` shows those of the workspace."
  }
}

variable "access_modes" {
  description = "Access modes that clusters may have; the first is the default."
  type        = list(string)
  default     = ["DATA_SECURITY_MODE_STANDARD", "USER_ISOLATION"]

  validation {
    condition     = length(var.access_modes) > 0 && alltrue([for each in var.access_modes : contains(["DATA_SECURITY_MODE_STANDARD", "USER_ISOLATION", "DATA_SECURITY_MODE_DEDICATED", "SINGLE_USER"], each)])
    error_message = "access_modes: ${join(", ", var.access_modes)}: write DATA_SECURITY_MODE_STANDARD (or its older name USER_ISOLATION) or DATA_SECURITY_MODE_DEDICATED (SINGLE_USER). Others do not enforce Unity Catalog."
  }
}

variable "max_workers" {
  description = "How many workers a cluster may grow to."
  type        = number
  default     = 8

  validation {
    condition     = var.max_workers >= 1 && var.max_workers <= 100 && floor(var.max_workers) == var.max_workers
    error_message = "max_workers: ${var.max_workers} must be a whole number from 1 to 100."
  }
}

variable "max_idle_minutes" {
  description = "After how many minutes without work a cluster of a person stops, at most."
  type        = number
  default     = 60

  validation {
    condition     = var.max_idle_minutes >= 10 && var.max_idle_minutes <= 240
    error_message = "max_idle_minutes: ${var.max_idle_minutes} must be from 10, the least that Databricks takes, to 240; 0 would never stop a cluster."
  }
}

variable "tags" {
  description = "Tags of every cluster, which the bill is split by."
  type        = map(string)

  validation {
    condition     = alltrue([for key in ["project", "environment", "owner"] : lookup(var.tags, key, "") != ""])
    error_message = "tags: project, environment and owner must have values; without them the bill cannot be split."
  }
}

variable "deployer" {
  description = "Application id of the service principal that deploys."
  type        = string
}

variable "job_groups" {
  description = "Groups whose members jobs run as: they use the policy of jobs."
  type        = set(string)
  default     = []
}

variable "interactive_groups" {
  description = "Groups of people who may make a cluster; empty for none."
  type        = set(string)
  default     = []
}
