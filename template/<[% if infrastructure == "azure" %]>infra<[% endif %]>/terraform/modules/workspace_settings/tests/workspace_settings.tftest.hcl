# No way around Unity Catalog, and no tokens that live for years.

mock_provider "databricks" {}

variables {
  default_catalog = "prod_analytics"
}

run "settings" {
  command = plan

  assert {
    condition     = databricks_workspace_conf.workspace.custom_config == tomap({ enableTokensConfig = "false", maxTokenLifetimeDays = "30" })
    error_message = "personal access tokens are off"
  }

  assert {
    condition     = databricks_restrict_workspace_admins_setting.workspace.restrict_workspace_admins[0].status == "RESTRICT_TOKENS_AND_JOB_RUN_AS"
    error_message = "admins of the workspace do not act as service principals"
  }

  assert {
    condition     = length(databricks_system_schema.metastore) == 0
    error_message = "system tables belong to the metastore: one environment asks for them"
  }
}

run "audit_log" {
  command = plan

  variables {
    system_schemas = ["access"]
  }

  assert {
    condition     = databricks_system_schema.metastore["access"].schema == "access"
    error_message = "the audit log is a table"
  }
}

run "schema_that_is_always_there" {
  command = plan

  variables {
    system_schemas = ["billing"]
  }

  expect_failures = [var.system_schemas]
}

run "tokens_for_two_years" {
  command = plan

  variables {
    max_token_days = 730
  }

  expect_failures = [var.max_token_days]
}

run "names_without_catalog_in_the_hive_metastore" {
  command = plan

  variables {
    default_catalog = "hive_metastore"
  }

  expect_failures = [var.default_catalog]
}
