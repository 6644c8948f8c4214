# The whole of an environment, with the configuration of the project itself: config/<environment>.yaml.

mock_provider "azurerm" {
  mock_data "azurerm_databricks_workspace" {
    defaults = {
      id            = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbw"
      workspace_id  = "1234567890123456"
      workspace_url = "adb-1234567890123456.7.azuredatabricks.net"
      location      = "westeurope"
    }
  }
  mock_data "azurerm_databricks_access_connector" {
    defaults = { id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Databricks/accessConnectors/dbac" }
  }
  mock_data "azurerm_key_vault" {
    defaults = {
      id        = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"
      vault_uri = "https://kv.vault.azure.net/"
    }
  }
}

mock_provider "databricks" {
  alias = "account"

  mock_resource "databricks_mws_ncc_private_endpoint_rule" {
    defaults = { connection_state = "ESTABLISHED", endpoint_name = "databricks-pe-1" }
  }

  mock_resource "databricks_group" {
    defaults = { id = "1001" }
  }
  mock_resource "databricks_service_principal" {
    defaults = {
      id               = "2001"
      application_id   = "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"
      acl_principal_id = "servicePrincipals/0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"
    }
  }
}

mock_provider "databricks" {
  alias = "workspace"
}

variables {
  project         = "flights"
  owner           = "data-team"
  location        = "westeurope"
  subscription_id = "1b2c3d4e-0000-4000-8000-000000000001"
  account_id      = "7a99b43c-b46c-432b-b0a7-814217701909"
  metastore_id    = "2c1f3f1e-60d5-4d6a-8f0b-6b1a7f4a9b11"
  ci              = "github"
  repository      = "company/flights"
  developers      = ["developers"]

  github_subject_prefix = "repo:company@1234/flights@567890"
}

run "prod" {
  command = plan

  variables {
    environment = "prod"
  }

  assert {
    condition     = module.catalog.name == "prod_analytics" && output.workspace_host == "https://adb-1234567890123456.7.azuredatabricks.net"
    error_message = "the catalog is that of config/prod.yaml: ${module.catalog.name}"
  }

  assert {
    condition = output.sign_in.subjects == {
      deploy = "repo:company@1234/flights@567890:environment:prod"
      drift  = "repo:company@1234/flights@567890:environment:prod-drift"
    }
    error_message = "CI signs in from the environments prod and prod-drift: ${jsonencode(output.sign_in.subjects)}"
  }

  assert {
    condition     = length(module.principals.groups) == length(var.roles) && !contains(keys(module.principals.groups), "developers")
    error_message = "developers have no part in prod"
  }

  assert {
    condition     = length(module.sql_warehouse) == 0 && length(module.key_vault_scope) == 0
    error_message = "the bundle makes the warehouse and the secret scope of prod"
  }
}

run "staging" {
  command = plan

  variables {
    environment = "staging"
  }

  assert {
    condition     = module.catalog.name == "staging_analytics" && output.groups["readers"] == "flights-staging-readers"
    error_message = "staging has names of its own"
  }
}

run "dev" {
  command = plan

  variables {
    environment = "dev"
  }

  assert {
    condition     = length(module.principals.groups) == 0 && output.deployer.name == "flights-dev-deployer"
    error_message = "in dev whoever deploys stands for all groups"
  }

  assert {
    condition     = keys(output.sign_in.subjects) == ["deploy"]
    error_message = "dev is deployed from one environment: ${jsonencode(output.sign_in.subjects)}"
  }

  assert {
    condition     = length(module.sql_warehouse) == 1
    error_message = "developers share a warehouse"
  }
}

run "a_layer_has_a_container_of_its_own" {
  command = plan

  variables {
    environment = "prod"
  }

  assert {
    condition     = output.bundle_variables.layer_storage["gold"] == "abfss://gold@${module.names.storage_account}.dfs.core.windows.net" && length(output.bundle_variables.layer_storage) == 8
    error_message = "the bundle keeps the tables of a layer there: ${jsonencode(output.bundle_variables.layer_storage)}"
  }
}

run "secrets_in_the_key_vault" {
  command = plan

  variables {
    environment     = "prod"
    key_vault_scope = true
  }

  assert {
    condition     = output.secret_scope == "flights-prod-vault" # pragma: allowlist secret
    error_message = "the scope has another name than that of the bundle: ${output.secret_scope}"
  }
}

run "open_to_serverless_compute" {
  command = plan

  variables {
    environment = "prod"
  }

  assert {
    condition     = length(module.serverless_network) == 0 && output.endpoints_to_approve == ""
    error_message = "storage with a public address needs no endpoints"
  }
}

run "private" {
  command = plan

  variables {
    environment = "prod"
    private     = true
  }

  assert {
    condition = toset([for each in module.serverless_network[0].endpoints : each.resource_id]) == toset([
      module.names.storage_account_id, module.names.workspace_storage_account_id
    ])
    error_message = "serverless compute reaches the data and the workspace's own storage: ${jsonencode(module.serverless_network[0].endpoints)}"
  }
}

run "no_repository_yet" {
  command = plan

  variables {
    environment           = "prod"
    repository            = ""
    github_subject_prefix = null
  }

  assert {
    condition     = output.sign_in == null
    error_message = "without a repository nobody signs in"
  }
}

run "placeholders" {
  command = plan

  variables {
    environment     = "prod"
    subscription_id = "00000000-0000-0000-0000-000000000000"
    account_id      = "00000000-0000-0000-0000-000000000000"
    metastore_id    = "00000000-0000-0000-0000-000000000000"
  }

  expect_failures = [var.subscription_id, var.account_id, var.metastore_id]
}

run "account_of_azure" {
  command = plan

  variables {
    environment = "prod"
    account_id  = "company.onmicrosoft.com"
  }

  expect_failures = [var.account_id]
}
