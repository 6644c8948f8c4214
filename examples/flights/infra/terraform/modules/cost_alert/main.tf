# A mail when a month becomes expensive: at half, at four fifths, at all of the amount, and when the forecast exceeds it. Nothing is stopped.
#
# The resource group with the nodes is Databricks's, which denies nearly all changes in it. Its budget is one of the subscription that counts
# this group alone.

locals {
  thresholds = [
    { percent = 50, of = "Actual" },
    { percent = 80, of = "Actual" },
    { percent = 100, of = "Actual" },
    { percent = 100, of = "Forecasted" },
  ]
}

resource "azurerm_consumption_budget_resource_group" "services" {
  name              = "budget-${var.prefix}-services"
  resource_group_id = var.resource_group_id
  amount            = var.monthly_amount
  time_grain        = "Monthly"

  time_period {
    start_date = "${var.start_month}T00:00:00Z"
  }

  dynamic "notification" {
    for_each = local.thresholds

    content {
      enabled        = true
      operator       = "GreaterThanOrEqualTo"
      threshold      = notification.value.percent
      threshold_type = notification.value.of
      contact_emails = var.emails
    }
  }

  lifecycle {
    ignore_changes = [time_period] # the start is a month that has passed by then, and cannot be changed
  }
}

resource "azurerm_consumption_budget_subscription" "nodes" {
  name            = "budget-${var.prefix}-nodes"
  subscription_id = "/subscriptions/${var.subscription_id}"
  amount          = var.monthly_amount
  time_grain      = "Monthly"

  filter {
    dimension {
      name   = "ResourceGroupName"
      values = [var.nodes_resource_group]
    }
  }

  time_period {
    start_date = "${var.start_month}T00:00:00Z"
  }

  dynamic "notification" {
    for_each = local.thresholds

    content {
      enabled        = true
      operator       = "GreaterThanOrEqualTo"
      threshold      = notification.value.percent
      threshold_type = notification.value.of
      contact_emails = var.emails
    }
  }

  lifecycle {
    ignore_changes = [time_period]
  }
}
