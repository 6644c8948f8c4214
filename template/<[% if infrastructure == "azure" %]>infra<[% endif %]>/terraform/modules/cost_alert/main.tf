# A mail when a month becomes expensive: at half, at four fifths, at all of the amount, and when the forecast exceeds it. Nothing is stopped.

locals {
  thresholds = [
    { percent = 50, of = "Actual" },
    { percent = 80, of = "Actual" },
    { percent = 100, of = "Actual" },
    { percent = 100, of = "Forecasted" },
  ]
}

resource "azurerm_consumption_budget_resource_group" "this" {
  for_each = var.resource_groups

  name              = "budget-${var.prefix}-${each.key}"
  resource_group_id = each.value
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
