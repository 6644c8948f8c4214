variable "environment" {
  description = "The environment that the catalog belongs to."
  type        = string
}

variable "name" {
  description = "The whole name of the catalog: `catalog.name` of config/<environment>.yaml."
  type        = string

  # The rule of `CatalogHelper` and of config/*.yaml: databricks_utils.config.model.rules.
  validation {
    condition     = can(regex("^[A-Za-z_][A-Za-z0-9_]*$", var.name))
    error_message = "name: the catalog `${var.name}` must be letters, digits and `_`, not beginning with a digit; write `${replace(replace(var.name, "/^([0-9])/", "_$1"), "/[^A-Za-z0-9_]/", "_")}` here and in config/${var.environment}.yaml."
  }

  validation {
    condition     = length(var.name) <= 255
    error_message = "name: the catalog's name has ${length(var.name)} characters; Unity Catalog allows 255."
  }

  validation {
    condition     = startswith(var.name, "${var.environment}_")
    error_message = "name: the catalog `${var.name}` must begin with `${var.environment}_`, so that no environment writes into another one's catalog; write `${var.environment}_analytics`, or `${var.environment}_` and another name."
  }
}

variable "comment" {
  description = "What the catalog is for."
  type        = string
  default     = ""
}

variable "storage_root" {
  description = "Where managed tables and volumes are kept, below an external location."
  type        = string

  validation {
    condition     = startswith(var.storage_root, "abfss://")
    error_message = "storage_root: `${var.storage_root}` must be abfss://<container>@<storage account>.dfs.core.windows.net/<folder>. Without one of its own, environments would share the storage of the metastore."
  }
}

variable "owner" {
  description = "The group that owns the catalog and grants on it; Terraform's identity has to be in it. Null leaves it to that identity."
  type        = string
  default     = null
}

variable "properties" {
  description = "Properties of the catalog, such as the project and the cost center."
  type        = map(string)
  default     = {}
}

variable "workspaces" {
  description = "Ids of the workspaces that see the catalog, and how: `write` or `read`."
  type        = map(string)

  validation {
    condition     = length(var.workspaces) > 0 && alltrue([for id, how in var.workspaces : can(regex("^[0-9]+$", id)) && contains(["read", "write"], how)])
    error_message = "workspaces: write {\"<id of the workspace>\" = \"write\"}; the id is the digits after `adb-` in its address. Another workspace gets `read` at most: a catalog belongs to one environment."
  }

  validation {
    condition     = length([for how in values(var.workspaces) : how if how == "write"]) <= 1
    error_message = "workspaces: more than one of ${join(", ", keys(var.workspaces))} has `write`; the catalog of an environment is written by its own workspace alone. Give the others `read`."
  }
}

variable "grants" {
  description = "Privileges on the catalog by principal: the name of a group, or a key of `principals`."
  type        = map(set(string))

  validation {
    condition = alltrue(flatten([
      for privileges in values(var.grants) : [for each in privileges : contains(["USE_CATALOG", "BROWSE", "CREATE_SCHEMA", "APPLY_TAG"], each)]
    ]))
    error_message = "grants: on the catalog, grant USE_CATALOG, BROWSE, CREATE_SCHEMA and APPLY_TAG only. ${join(", ", distinct(flatten([for privileges in values(var.grants) : [for each in privileges : each if !contains(["USE_CATALOG", "BROWSE", "CREATE_SCHEMA", "APPLY_TAG"], each)]])))} would hold for every schema of every project: the bundle grants it, on the schema (resources/*.schema.yml)."
  }

  validation {
    condition     = !contains(keys(var.grants), "account users") || var.environment == "dev"
    error_message = "grants: `account users` are all users of the account. Name a group of ${var.environment}."
  }
}

variable "principals" {
  description = "Names by which Unity Catalog knows principals, for `grants`: {deployer = <application id>}. A service principal is granted to by its application id."
  type        = map(string)
  default     = {}
}
