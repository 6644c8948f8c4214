# What clusters may look like: sizes, node types, access mode, how long they idle, and the tags that the bill is split by.
#
# A policy limits whoever uses it. Whoever has the entitlement `allow-cluster-create` may make clusters without one: of the project's principals
# the deployer alone has it, for the SQL warehouse.
# Source: https://learn.microsoft.com/azure/databricks/admin/clusters/policy-definition

locals {
  # Standard access mode isolates users and enforces Unity Catalog; a cluster without it would run with the rights of whoever made it.
  common = merge(
    {
      spark_version                   = { type = "allowlist", values = var.spark_versions, defaultValue = var.spark_versions[0] }
      node_type_id                    = { type = "allowlist", values = var.node_types, defaultValue = var.node_types[0] }
      driver_node_type_id             = { type = "allowlist", values = var.node_types, isOptional = true }
      data_security_mode              = { type = "allowlist", values = var.access_modes, defaultValue = var.access_modes[0] }
      "azure_attributes.availability" = { type = "allowlist", values = ["ON_DEMAND_AZURE", "SPOT_WITH_FALLBACK_AZURE"], defaultValue = "ON_DEMAND_AZURE" }
      "autoscale.min_workers"         = { type = "range", minValue = 1, maxValue = var.max_workers, defaultValue = 1 }
      "autoscale.max_workers"         = { type = "range", minValue = 1, maxValue = var.max_workers, defaultValue = min(2, var.max_workers) }
      num_workers                     = { type = "forbidden" } # a fixed size does not shrink
    },
    { for key, value in var.tags : "custom_tags.${key}" => { type = "fixed", value = value } },
  )

  definitions = {
    jobs = merge(local.common, {
      cluster_type = { type = "fixed", value = "job" } # ends with its job
    })
    interactive = merge(local.common, {
      cluster_type            = { type = "fixed", value = "all-purpose" }
      autotermination_minutes = { type = "range", minValue = 10, maxValue = var.max_idle_minutes, defaultValue = min(30, var.max_idle_minutes) }
    })
  }
}

resource "databricks_cluster_policy" "jobs" {
  name        = coalesce(var.jobs_name, "${var.name}-jobs")
  description = "Job clusters of ${var.name}"
  definition  = jsonencode(local.definitions.jobs)
}

resource "databricks_cluster_policy" "interactive" {
  name                  = "${var.name}-interactive"
  description           = "Clusters for people who explore the data of ${var.name}"
  definition            = jsonencode(local.definitions.interactive)
  max_clusters_per_user = 1
}

# Lists of permissions replace what is there; admins keep their rights.
resource "databricks_permissions" "jobs" {
  cluster_policy_id = databricks_cluster_policy.jobs.id

  access_control {
    service_principal_name = var.deployer
    permission_level       = "CAN_USE"
  }

  dynamic "access_control" {
    for_each = var.job_groups

    content {
      group_name       = access_control.value
      permission_level = "CAN_USE"
    }
  }
}

resource "databricks_permissions" "interactive" {
  count = length(var.interactive_groups) > 0 ? 1 : 0

  cluster_policy_id = databricks_cluster_policy.interactive.id

  dynamic "access_control" {
    for_each = var.interactive_groups

    content {
      group_name       = access_control.value
      permission_level = "CAN_USE"
    }
  }
}
