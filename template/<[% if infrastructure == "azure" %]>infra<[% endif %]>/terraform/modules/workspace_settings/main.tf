# Settings of a workspace that an administrator expects: no way around Unity Catalog, no tokens that live for years.
#
# They hold for everybody in the workspace. In one that other projects use, `workspace_settings = false` in the root leaves them to its owner.
# Setting them needs an account admin that is an admin of the workspace too.

# Databricks Runtime before 13.3, the Hive metastore and clusters without isolation are refused: they know no grants of Unity Catalog.
resource "databricks_disable_legacy_access_setting" "workspace" {
  disable_legacy_access {
    value = true
  }

  depends_on = [databricks_default_namespace_setting.workspace] # it must not be `hive_metastore` by then
}

# Files of the DBFS root and of mounts are open to everybody in the workspace. /Volumes and the artifacts of MLflow are not concerned.
# Source: https://learn.microsoft.com/azure/databricks/dbfs/disable-dbfs-root-mounts
resource "databricks_disable_legacy_dbfs_setting" "workspace" {
  disable_legacy_dbfs {
    value = true
  }
}

resource "databricks_default_namespace_setting" "workspace" {
  namespace {
    value = var.default_catalog
  }
}

# Admins of the workspace make tokens for a service principal, and let jobs run as it, only where they have the role User on it.
resource "databricks_restrict_workspace_admins_setting" "workspace" {
  restrict_workspace_admins {
    status = "RESTRICT_TOKENS_AND_JOB_RUN_AS"
  }
}

# One resource for all settings of this kind: of two, each would set back what the other has set.
resource "databricks_workspace_conf" "workspace" {
  custom_config = {
    enableTokensConfig   = tostring(var.personal_access_tokens)
    maxTokenLifetimeDays = tostring(var.max_token_days)
  }
}

# Tables about the whole metastore, such as `access`, which has the audit log. One environment of a region makes them, not each.
# `billing` is always there. Deleting one does not delete what Databricks has recorded.
resource "databricks_system_schema" "metastore" {
  for_each = var.system_schemas

  schema = each.value
}
