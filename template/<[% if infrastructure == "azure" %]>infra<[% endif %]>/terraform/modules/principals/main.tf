# The groups and service principals that databricks.yml names for a target, and who is in which group.
#
# They belong to the account: Unity Catalog does not know groups of a workspace alone. The service principals are managed by Databricks, not by
# Entra: they need no right in Azure, and a federation policy signs them in without a secret.

locals {
  prefix   = "${var.project}-${var.environment}"
  deployer = "${local.prefix}-deployer"
  groups   = toset([for role in var.roles : "${local.prefix}-${role}"])
  jobs     = toset([for job in var.jobs : "${local.prefix}-${job}-job"])

  # Every pair of `principals.users` in config/<environment>.yaml: who, and a group that it is in.
  pairs = merge([
    for member, groups in var.memberships : { for group in groups : "${member} in ${group}" => { member = member, group = group } }
  ]...)

  ids = merge(
    { for name, group in databricks_group.role : name => group.id },
    { for name, job in databricks_service_principal.job : name => job.id },
  )

  # People and groups of the company, which an identity provider keeps, by the role that they get.
  company_pairs = merge([
    for role, names in var.members : { for name in names : "${name} in ${local.prefix}-${role}" => { member = name, role = role } }
  ]...)
}

resource "databricks_group" "role" {
  for_each = local.groups

  display_name = each.value
}

resource "databricks_service_principal" "job" {
  for_each = local.jobs

  display_name = each.value
}

resource "databricks_service_principal" "deployer" {
  display_name = local.deployer
}

resource "databricks_group_member" "inside" {
  for_each = local.pairs

  group_id  = databricks_group.role[each.value.group].id
  member_id = local.ids[each.value.member]
}

data "databricks_group" "company" {
  for_each = toset(flatten(values(var.members)))

  display_name = each.value
}

resource "databricks_group_member" "company" {
  for_each = local.company_pairs

  group_id  = databricks_group.role["${local.prefix}-${each.value.role}"].id
  member_id = data.databricks_group.company[each.value.member].id
}
