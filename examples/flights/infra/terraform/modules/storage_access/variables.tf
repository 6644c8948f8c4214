variable "name" {
  description = "Name of the storage credential, and the first part of the names of the locations: <project>-<environment>."
  type        = string
}

variable "access_connector_id" {
  description = "Id of the access connector in Azure."
  type        = string

  validation {
    condition     = can(regex("(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Databricks/accessConnectors/[^/]+$", var.access_connector_id))
    error_message = "access_connector_id: `${var.access_connector_id}` must be the id of an access connector: `az databricks access-connector show --query id` prints it."
  }
}

variable "workspace_ids" {
  description = "Ids of the workspaces that may use the storage, as texts."
  type        = set(string)

  validation {
    condition     = length(var.workspace_ids) > 0 && alltrue([for id in var.workspace_ids : can(regex("^[0-9]+$", id))])
    error_message = "workspace_ids: ${join(", ", var.workspace_ids)}: write at least one id of a workspace, the digits after `adb-` in its address."
  }
}

variable "locations" {
  description = <<-EOT
    External locations by name. `grants` has privileges by principal: the name of a group, or a key of `principals`. A bundle needs none for managed
    tables and volumes; CREATE_MANAGED_STORAGE lets a schema keep its tables in a container of its own.
  EOT
  type = map(object({
    url       = string
    comment   = optional(string, "")
    read_only = optional(bool, false)
    grants    = optional(map(set(string)), {})
  }))

  validation {
    condition     = alltrue([for each in values(var.locations) : can(regex("^abfss://[a-z0-9][a-z0-9-]{1,61}[a-z0-9]@[a-z0-9]{3,24}\\.dfs\\.core\\.[a-z.]+(/.*)?$", each.url))])
    error_message = "locations: write abfss://<container>@<storage account>.dfs.core.windows.net/<folder>; wrong: ${join(", ", [for each in values(var.locations) : each.url if !can(regex("^abfss://[a-z0-9][a-z0-9-]{1,61}[a-z0-9]@[a-z0-9]{3,24}\\.dfs\\.core\\.[a-z.]+(/.*)?$", each.url))])}."
  }

  validation {
    condition = alltrue(flatten([
      for each in values(var.locations) : [
        for privileges in values(each.grants) : [
          for privilege in privileges : contains(["BROWSE", "READ_FILES", "CREATE_MANAGED_STORAGE", "CREATE_EXTERNAL_VOLUME"], privilege)
        ]
      ]
    ]))
    error_message = "locations: grants here are BROWSE, READ_FILES, CREATE_MANAGED_STORAGE and CREATE_EXTERNAL_VOLUME. WRITE_FILES and CREATE_EXTERNAL_TABLE would let somebody change the files of tables without a right on the tables: grant on the catalog, a schema or a volume instead."
  }
}

variable "principals" {
  description = "Names by which Unity Catalog knows principals, for `grants`: {deployer = <application id>}."
  type        = map(string)
  default     = {}
}
