# A small warehouse that stops by itself.

mock_provider "databricks" {}

variables {
  name  = "flights-dev"
  tags  = { project = "flights" }
  users = ["developers"]
}

run "small" {
  assert {
    condition     = databricks_sql_endpoint.shared.cluster_size == "2X-Small" && databricks_sql_endpoint.shared.auto_stop_mins == 10 && databricks_sql_endpoint.shared.max_num_clusters == 1
    error_message = "the smallest warehouse, for ten minutes"
  }
}

run "never_stops" {
  command = plan

  variables {
    auto_stop_minutes = 0
  }

  expect_failures = [var.auto_stop_minutes]
}

run "for_nobody" {
  command = plan

  variables {
    users = []
  }

  expect_failures = [var.users]
}
