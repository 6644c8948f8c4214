variable "name" {
  description = "Name of the network connectivity configuration in the account."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-zA-Z_-]{3,30}$", var.name))
    error_message = "name: `${var.name}` must be 3 to 30 letters, digits, `_` and `-`."
  }
}

variable "region" {
  description = "Region of the workspace; the configuration holds in it alone."
  type        = string
}

variable "workspace_id" {
  description = "Id of the workspace: the digits after `adb-` in its address."
  type        = number
}

variable "storage_accounts" {
  description = "Ids in Azure of the storage accounts that serverless compute reaches, by a short name."
  type        = map(string)

  validation {
    condition     = length(var.storage_accounts) > 0 && alltrue([for id in values(var.storage_accounts) : can(regex("(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Storage/storageAccounts/[a-z0-9]{3,24}$", id))])
    error_message = "storage_accounts: ${join(", ", [for id in values(var.storage_accounts) : "`${id}`"])}: write at least one, each by its id in Azure: `az storage account show --name NAME --query id -o tsv` prints it."
  }
}
