# Who did what in the workspace, who read which secret, who read and wrote the data: in one place, outside of Databricks.

resource "azurerm_log_analytics_workspace" "this" {
  name                         = "log-${replace(var.prefix, "_", "-")}" # no underscore is allowed here
  resource_group_name          = var.resource_group_name
  location                     = var.location
  sku                          = "PerGB2018"
  retention_in_days            = var.retention_days
  daily_quota_gb               = var.daily_gb
  local_authentication_enabled = false # no shared key; Azure's own services do not need it
  tags                         = var.tags
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  for_each = var.sources

  name                       = "to-log-analytics"
  target_resource_id         = each.value.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id

  dynamic "enabled_log" {
    for_each = each.value.categories

    content {
      category = enabled_log.value
    }
  }
}
