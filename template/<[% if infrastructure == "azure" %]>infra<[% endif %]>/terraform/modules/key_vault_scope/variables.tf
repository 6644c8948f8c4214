variable "name" {
  description = "Name of the scope, which `secret://<scope>/<key>` in config/*.yaml names."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{1,128}$", var.name))
    error_message = "name: the scope `${var.name}` must be at most 128 letters, digits, `-`, `_` and `.`."
  }
}

variable "bundle_scope" {
  description = "Name of the scope that the bundle makes: <project>-<environment>."
  type        = string
}

variable "key_vault_id" {
  description = "Id of the key vault in Azure."
  type        = string

  validation {
    condition     = can(regex("(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.KeyVault/vaults/[^/]+$", var.key_vault_id))
    error_message = "key_vault_id: `${var.key_vault_id}` must be the id of a key vault: `az keyvault show --query id` prints it."
  }
}

variable "key_vault_uri" {
  description = "Address of the key vault."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9-]+\\.vault\\.[a-z.]+/?$", var.key_vault_uri))
    error_message = "key_vault_uri: `${var.key_vault_uri}` must be https://<vault>.vault.azure.net/: `az keyvault show --query properties.vaultUri` prints it."
  }
}

variable "readers" {
  description = "Groups and application ids that read the secrets: whom jobs run as."
  type        = set(string)

  validation {
    condition     = !contains(var.readers, "users")
    error_message = "readers: `users` are all users of the workspace, who would read every secret. Name the group of the jobs."
  }
}
