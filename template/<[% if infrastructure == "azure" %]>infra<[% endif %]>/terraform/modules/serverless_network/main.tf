# How serverless compute reaches storage that has no public address: Databricks makes private endpoints of its own, in its subscription, and
# asks the owner of the storage for each of them. They work once somebody has approved them: `run.sh approve`.
#
# The binding cannot be taken back, only changed to another configuration; the provider does not read it either, so a workspace that somebody
# bound elsewhere is not noticed here.
# Sources: https://learn.microsoft.com/azure/databricks/security/network/serverless-network-security/serverless-private-link
#          https://github.com/databricks/terraform-provider-databricks/blob/main/mws/resource_mws_ncc_binding.go

locals {
  # Drivers ask `blob` for some requests even where the address has `dfs`.
  rules = merge([
    for name, id in var.storage_accounts : { for kind in ["blob", "dfs"] : "${name}-${kind}" => { resource_id = id, kind = kind } }
  ]...)
}

resource "databricks_mws_network_connectivity_config" "this" {
  name   = var.name
  region = var.region
}

resource "databricks_mws_ncc_private_endpoint_rule" "storage" {
  for_each = local.rules

  network_connectivity_config_id = databricks_mws_network_connectivity_config.this.network_connectivity_config_id
  resource_id                    = each.value.resource_id
  group_id                       = each.value.kind
}

resource "databricks_mws_ncc_binding" "workspace" {
  network_connectivity_config_id = databricks_mws_network_connectivity_config.this.network_connectivity_config_id
  workspace_id                   = var.workspace_id

  depends_on = [databricks_mws_ncc_private_endpoint_rule.storage]
}

check "approved" {
  assert {
    condition     = alltrue([for rule in databricks_mws_ncc_private_endpoint_rule.storage : rule.connection_state == "ESTABLISHED"])
    error_message = "Serverless compute does not reach the storage yet: ${join(", ", [for name, rule in databricks_mws_ncc_private_endpoint_rule.storage : "${name} is ${rule.connection_state}" if rule.connection_state != "ESTABLISHED"])}. PENDING: an owner of the subscription runs `infra/terraform/run.sh approve ENVIRONMENT`, within 14 days. EXPIRED, REJECTED or DISCONNECTED: apply with `-replace=` and the address of the rule, then approve."
  }
}
