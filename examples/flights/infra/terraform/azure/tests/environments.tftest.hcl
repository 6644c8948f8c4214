# The whole root, with the variables of each environment, and what they must not be.

mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = { tenant_id = "33333333-3333-3333-3333-333333333333" }
  }

  mock_resource "azurerm_databricks_access_connector" {
    defaults = { identity = { principal_id = "44444444-4444-4444-4444-444444444444", tenant_id = "t" } }
  }
}

variables {
  project         = "flights"
  environment     = "dev"
  owner           = "team"
  location        = "westeurope"
  subscription_id = "11111111-1111-1111-1111-111111111111"
  address_space   = "10.20.0.0/20"
  nat_gateway     = false
}

run "smallest" {
  command = plan

  assert {
    condition     = length(module.endpoint) == 0 && length(module.cost_alert) == 0
    error_message = "what costs money must be asked for"
  }

  assert {
    condition     = alltrue([for layer in ["landing", "bronze", "silver", "gold", "quarantine", "features", "models", "ops"] : can(output.containers[layer])])
    error_message = "each layer must have a container"
  }
}

run "private_with_all_options" {
  command = plan

  variables {
    environment        = "prod"
    private            = true
    nat_gateway        = true
    storage_logs       = true
    monthly_amount     = 1000
    budget_start_month = "2027-01-01"
    alert_emails       = ["data@example.com"]
  }

  assert {
    condition     = toset(keys(module.endpoint)) == toset(["blob", "dfs", "workspace-blob", "workspace-dfs", "workspace", "sign-in", "vault"])
    error_message = "each part that is asked must have an endpoint"
  }

  assert {
    condition = toset(split("\n", output.endpoints_to_approve)) == toset([
      for kind in ["blob", "dfs"] : "${module.names.workspace_storage_account_id} pe-flights-prod-workspace-${kind}"
    ])
    error_message = "those to Databricks's storage are approved by somebody else, and no others: ${output.endpoints_to_approve}"
  }
}

run "without_key_vault_and_logs" {
  command = plan

  variables {
    key_vault = false
    logs      = false
    private   = true
  }

  assert {
    condition     = output.key_vault_uri == null && !contains(keys(module.endpoint), "vault")
    error_message = "without a vault there must be no endpoint for it"
  }
}

run "address_that_azure_would_ignore" {
  command         = plan
  expect_failures = [var.key_vault_allowed_ips]

  variables {
    private               = true
    key_vault_allowed_ips = ["203.0.113.7"]
  }
}

run "placeholder_of_the_subscription" {
  command         = plan
  expect_failures = [var.subscription_id]

  variables {
    subscription_id = "00000000-0000-0000-0000-000000000000"
  }
}

run "budget_without_its_first_month" {
  command         = plan
  expect_failures = [var.budget_start_month]

  variables {
    monthly_amount = 200
    alert_emails   = ["data@example.com"]
  }
}
