# A scope beside that of the bundle, which the jobs alone read.

mock_provider "databricks" {}

variables {
  name          = "flights-prod-vault"
  bundle_scope  = "flights-prod"
  key_vault_id  = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-flights-prod/providers/Microsoft.KeyVault/vaults/kv-flights-prod-0a1b2c"
  key_vault_uri = "https://kv-flights-prod-0a1b2c.vault.azure.net/"
  readers       = ["flights-prod-jobs"]
}

run "jobs_read" {
  command = plan

  assert {
    condition     = databricks_secret_acl.reader["flights-prod-jobs"].permission == "READ" && length(databricks_secret_acl.reader) == 1
    error_message = "the jobs read, nobody writes through Databricks"
  }
}

run "name_of_the_bundles_scope" {
  command = plan

  variables {
    name = "flights-prod"
  }

  expect_failures = [databricks_secret_scope.vault]
}

run "everybody_reads" {
  command = plan

  variables {
    readers = ["users"]
  }

  expect_failures = [var.readers]
}

run "vault_by_its_name" {
  command = plan

  variables {
    key_vault_id = "kv-flights-prod-0a1b2c"
  }

  expect_failures = [var.key_vault_id]
}

run "address_without_scheme" {
  command = plan

  variables {
    key_vault_uri = "kv-flights-prod-0a1b2c.vault.azure.net"
  }

  expect_failures = [var.key_vault_uri]
}

run "name_with_a_slash" {
  command = plan

  variables {
    name = "flights/prod"
  }

  expect_failures = [var.name]
}
