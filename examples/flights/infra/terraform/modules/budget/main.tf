# What the project costs: tags for serverless compute, and a mail when the month gets expensive.
#
# A budget reports, it stops nothing. It counts DBUs at list price, not the virtual machines of Azure: their budget is in the root `azure`.
# Serverless compute has no cluster whose tags could be set; a budget policy puts them on the bill. Both are in public preview.
# Sources: https://docs.databricks.com/aws/en/admin/account-settings/budgets
#          https://docs.databricks.com/aws/en/admin/usage/budget-policies

resource "databricks_budget_policy" "serverless" {
  policy_name           = var.name
  binding_workspace_ids = [var.workspace_id]
  custom_tags           = [for key in sort(keys(var.tags)) : { key = key, value = var.tags[key] }]
}

# A rule set replaces all rules of the policy; this is the only one for it.
resource "databricks_access_control_rule_set" "budget_policy" {
  name = "accounts/${var.account_id}/budgetPolicies/${databricks_budget_policy.serverless.policy_id}/ruleSets/default"

  grant_rules {
    role       = "roles/budgetPolicy.user"
    principals = var.users
  }
}

resource "databricks_budget" "month" {
  count = var.monthly_usd == null ? 0 : 1

  display_name = var.name

  filter {
    workspace_id {
      operator = "IN"
      values   = [var.workspace_id]
    }

    tags {
      key = "project"

      value {
        operator = "IN"
        values   = [var.tags.project]
      }
    }
  }

  dynamic "alert_configurations" {
    for_each = var.alert_at_percent

    content {
      time_period        = "MONTH"
      trigger_type       = "CUMULATIVE_SPENDING_EXCEEDED"
      quantity_type      = "LIST_PRICE_DOLLARS_USD"
      quantity_threshold = tostring(floor(coalesce(var.monthly_usd, 0) * alert_configurations.value / 100))

      dynamic "action_configurations" {
        for_each = var.alert_emails

        content {
          action_type = "EMAIL_NOTIFICATION"
          target      = action_configurations.value
        }
      }
    }
  }
}
