# Everybody becomes a user of the workspace, nobody an admin, and the deployer alone may make clusters.

mock_provider "databricks" {
  alias = "account"
}

mock_provider "databricks" {
  alias = "workspace"
}

variables {
  workspace_id = 1234567890123456
  groups       = { flights-prod-readers = "11", flights-prod-jobs = "12" }
  jobs         = { flights-prod-ingestion-job = "21" }
  deployer     = "31"
}

run "users_of_the_workspace" {
  assert {
    condition = alltrue([
      for each in concat(values(databricks_mws_permission_assignment.group), values(databricks_mws_permission_assignment.job), [databricks_mws_permission_assignment.deployer]) :
      each.permissions == toset(["USER"]) && each.workspace_id == 1234567890123456
    ])
    error_message = "nobody is an admin of the workspace"
  }

  assert {
    condition     = databricks_mws_permission_assignment.job["flights-prod-ingestion-job"].principal_id == 21
    error_message = "a service principal is assigned by its number"
  }
}

run "entitlements" {
  assert {
    condition     = databricks_entitlements.deployer.allow_cluster_create == true && databricks_entitlements.deployer.workspace_access == true
    error_message = "the deployer makes the SQL warehouse"
  }

  assert {
    condition     = alltrue([for each in concat(values(databricks_entitlements.group), values(databricks_entitlements.job)) : each.allow_cluster_create != true && each.workspace_access == true && each.databricks_sql_access == true])
    error_message = "others use the workspace and its SQL, and make no cluster without a policy"
  }
}
