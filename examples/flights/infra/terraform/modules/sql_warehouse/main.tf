# A SQL warehouse for people in dev. In staging and prod the bundle makes one (resources/main.sql_warehouse.yml), so this is for dev alone:
# there each developer would need the right to make one, and each would pay for it.

resource "databricks_sql_endpoint" "shared" {
  name                      = var.name
  cluster_size              = "2X-Small"
  min_num_clusters          = 1
  max_num_clusters          = 1
  auto_stop_mins            = var.auto_stop_minutes
  enable_serverless_compute = true
  warehouse_type            = "PRO"

  tags {
    dynamic "custom_tags" {
      for_each = var.tags

      content {
        key   = custom_tags.key
        value = custom_tags.value
      }
    }
  }
}

resource "databricks_permissions" "users" {
  sql_endpoint_id = databricks_sql_endpoint.shared.id

  dynamic "access_control" {
    for_each = var.users

    content {
      group_name       = access_control.value
      permission_level = "CAN_USE"
    }
  }
}
