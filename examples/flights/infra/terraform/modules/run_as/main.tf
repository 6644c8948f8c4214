# Who may let jobs run as a service principal: the role User on it. Being an admin of the workspace is not enough.
#
# A rule set replaces all rules of a service principal, also the role Manager that its maker gets on its own, so that role is part of it here.
# There is one rule set for each service principal and nowhere a second one: two would take turns in overwriting each other. Account admins
# can change rules in any case, so nobody is locked out.

resource "databricks_access_control_rule_set" "job" {
  for_each = var.jobs

  name = "accounts/${var.account_id}/servicePrincipals/${each.value}/ruleSets/default"

  grant_rules {
    role       = "roles/servicePrincipal.user"
    principals = [var.deployer]
  }

  dynamic "grant_rules" {
    for_each = length(var.managers) > 0 ? [var.managers] : []

    content {
      role       = "roles/servicePrincipal.manager"
      principals = grant_rules.value
    }
  }
}
