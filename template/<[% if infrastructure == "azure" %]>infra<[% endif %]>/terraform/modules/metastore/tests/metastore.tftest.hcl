# A workspace joins the metastore of its own region.

mock_provider "databricks" {
  alias = "account"
}

mock_provider "databricks" {
  alias = "workspace"
}

variables {
  workspace_id = 1234567890123456
  metastore_id = "2c1f3f1e-60d5-4d6a-8f0b-6b1a7f4a9b11"
  region       = "westeurope"
}

run "same_region" {
  command = plan

  variables {
    metastore_region = "westeurope"
  }

  assert {
    condition     = databricks_metastore_assignment.workspace.metastore_id == var.metastore_id
    error_message = "the workspace joins the metastore"
  }
}

run "other_region" {
  command = plan

  variables {
    metastore_region = "northeurope"
  }

  expect_failures = [databricks_metastore_assignment.workspace]
}

run "metastore_by_its_name" {
  command = plan

  variables {
    metastore_id = "metastore_azure_westeurope"
  }

  expect_failures = [var.metastore_id]
}

run "creator" {
  command = plan

  variables {
    creator = "5d2b0f3e-7c1a-4b0e-9a57-0c1b5f0e2a44"
  }

  assert {
    condition     = databricks_grant.creator[0].privileges == toset(["CREATE_CATALOG", "CREATE_EXTERNAL_LOCATION", "CREATE_STORAGE_CREDENTIAL"])
    error_message = "Terraform makes the catalog and its storage, and nothing else in the metastore"
  }
}

run "creator_by_its_name" {
  command = plan

  variables {
    creator = "flights-prod-terraform"
  }

  expect_failures = [var.creator]
}
