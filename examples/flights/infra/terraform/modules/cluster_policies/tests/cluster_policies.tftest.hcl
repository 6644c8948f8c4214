# Limits of clusters, and who may use the policies.

mock_provider "databricks" {}

variables {
  name       = "flights-prod"
  tags       = { project = "flights", environment = "prod", owner = "data-team" }
  deployer   = "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"
  job_groups = ["flights-prod-jobs"]
}

run "jobs" {
  assert {
    condition     = jsondecode(databricks_cluster_policy.jobs.definition)["autoscale.max_workers"].maxValue == 8 && jsondecode(databricks_cluster_policy.jobs.definition).num_workers.type == "forbidden"
    error_message = "clusters grow up to max_workers, and shrink"
  }

  assert {
    condition     = jsondecode(databricks_cluster_policy.jobs.definition)["custom_tags.project"] == { type = "fixed", value = "flights" }
    error_message = "the bill is split by tags"
  }

  assert {
    condition     = !contains(keys(jsondecode(databricks_cluster_policy.jobs.definition)), "autotermination_minutes")
    error_message = "job clusters end with their job; the field is refused for them"
  }

  assert {
    condition     = length(databricks_permissions.jobs.access_control) == 2 && length(databricks_permissions.interactive) == 0
    error_message = "the deployer and the group of the jobs use the policy; nobody makes clusters by hand in prod"
  }
}

run "interactive" {
  variables {
    interactive_groups = ["data-engineers"]
    max_idle_minutes   = 20
  }

  assert {
    condition     = jsondecode(databricks_cluster_policy.interactive.definition).autotermination_minutes == { type = "range", minValue = 10, maxValue = 20, defaultValue = 20 }
    error_message = "clusters of people stop by themselves: ${databricks_cluster_policy.interactive.definition}"
  }

  assert {
    condition     = databricks_cluster_policy.interactive.max_clusters_per_user == 1 && length(databricks_permissions.interactive) == 1
    error_message = "each person has one cluster"
  }
}

run "answer_of_init" {
  command = plan

  variables {
    jobs_name = "Job Compute"
  }

  assert {
    condition     = databricks_cluster_policy.jobs.name == "Job Compute"
    error_message = "databricks.yml looks the policy up by this name"
  }
}

run "clusters_that_never_stop" {
  command = plan

  variables {
    max_idle_minutes = 0
  }

  expect_failures = [var.max_idle_minutes]
}

run "node_type_misspelt" {
  command = plan

  variables {
    node_types = ["Standart_D4ds_v5"]
  }

  expect_failures = [var.node_types]
}

run "node_type_of_another_cloud" {
  command = plan

  variables {
    node_types = ["m6id.xlarge"]
  }

  expect_failures = [var.node_types]
}

run "runtime_by_its_title" {
  command = plan

  variables {
    spark_versions = ["17.3 LTS"]
  }

  expect_failures = [var.spark_versions]
}

run "access_mode_without_unity_catalog" {
  command = plan

  variables {
    access_modes = ["NONE"]
  }

  expect_failures = [var.access_modes]
}

run "no_limit" {
  command = plan

  variables {
    max_workers = 1000
  }

  expect_failures = [var.max_workers]
}

run "no_owner_on_the_bill" {
  command = plan

  variables {
    tags = { project = "flights", environment = "prod" }
  }

  expect_failures = [var.tags]
}
