mock_provider "azurerm" {}

variables {
  prefix              = "my_flights-dev"
  resource_group_name = "rg-flights-dev"
  location            = "westeurope"
  tags                = { project = "flights" }
  retention_days      = 30
  daily_gb            = 1
  sources = {
    workspace = { id = "/workspace", categories = ["jobs", "clusters"] }
    secrets   = { id = "/vault", categories = ["AuditEvent"] }
  }
}

run "each_source_is_logged" {
  command = plan

  assert {
    condition     = azurerm_log_analytics_workspace.this.name == "log-my-flights-dev" && !azurerm_log_analytics_workspace.this.local_authentication_enabled
    error_message = "the name must have no underscore, and there must be no shared key"
  }

  assert {
    condition     = toset([for log in azurerm_monitor_diagnostic_setting.this["workspace"].enabled_log : log.category]) == toset(["jobs", "clusters"])
    error_message = "each category must be logged"
  }
}

run "kept_for_too_short" {
  command         = plan
  expect_failures = [var.retention_days]

  variables {
    retention_days = 7
  }
}

run "no_logs_at_all" {
  command         = plan
  expect_failures = [var.daily_gb]

  variables {
    daily_gb = 0
  }
}
