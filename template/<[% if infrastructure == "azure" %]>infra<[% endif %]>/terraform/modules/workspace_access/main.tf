# Groups and service principals of the account become members of the workspace, and get what they need to use it.
#
# Without the assignment no job can run as a service principal, and no list of permissions can name a group. Entitlements are set for each of
# them, not for the group `users`: `databricks_entitlements` sets all entitlements of whom it names, and `users` holds everybody.
# A workspace that was just made may answer "Principal … not in workspace" for some minutes; apply again then.
# Source: https://github.com/databricks/terraform-provider-databricks/issues/5367

resource "databricks_mws_permission_assignment" "group" {
  for_each = var.groups
  provider = databricks.account

  workspace_id = var.workspace_id
  principal_id = each.value
  permissions  = ["USER"]
}

resource "databricks_mws_permission_assignment" "job" {
  for_each = var.jobs
  provider = databricks.account

  workspace_id = var.workspace_id
  principal_id = each.value
  permissions  = ["USER"]
}

# The deployer is a user as well: it owns what it deploys, and nobody who takes it over can change the workspace.
resource "databricks_mws_permission_assignment" "deployer" {
  provider = databricks.account

  workspace_id = var.workspace_id
  principal_id = var.deployer
  permissions  = ["USER"]
}

resource "databricks_entitlements" "group" {
  for_each = var.groups
  provider = databricks.workspace

  group_id              = each.value
  workspace_access      = true
  databricks_sql_access = true

  depends_on = [databricks_mws_permission_assignment.group]
}

resource "databricks_entitlements" "job" {
  for_each = var.jobs
  provider = databricks.workspace

  service_principal_id  = each.value
  workspace_access      = true
  databricks_sql_access = true

  depends_on = [databricks_mws_permission_assignment.job]
}

resource "databricks_entitlements" "deployer" {
  provider = databricks.workspace

  service_principal_id  = var.deployer
  workspace_access      = true
  databricks_sql_access = true
  allow_cluster_create  = true # making the SQL warehouse of staging and prod needs it

  depends_on = [databricks_mws_permission_assignment.deployer]
}
