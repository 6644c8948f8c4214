# One identity for each environment, so that a job for dev cannot change prod.

module "repository" {
  source = "../modules/repository"
  count  = var.ci == "none" ? 0 : 1

  ci         = var.ci
  repository = var.repository
}

module "gitlab_project" {
  source = "../modules/repository"
  count  = var.ci == "gitlab" ? 1 : 0

  ci         = var.ci
  repository = coalesce(var.gitlab_infrastructure_project, "${var.repository}-infrastructure")
}

locals {
  with_subjects = contains(["github", "gitlab"], var.ci) ? var.environments : []
  repository    = var.ci == "gitlab" ? module.gitlab_project[0].name : one(module.repository[*].name)
}

# A job that deploys the bundle must not be able to sign in as Terraform. GitHub: Terraform's jobs run in an environment of their own,
# `<environment>-infrastructure`. GitLab, whose tokens name project and branch alone: in a project of their own, in the branch of the environment.
module "subject" {
  source   = "../modules/ci_subject"
  for_each = local.with_subjects

  ci                    = var.ci
  environment           = "${each.value}-infrastructure"
  repository            = local.repository
  github_subject_prefix = var.github_subject_prefix
  gitlab_address        = var.gitlab_address
  gitlab_branch         = each.value
}

# The nightly comparison has no approval, so it has to be told from the jobs that change something. GitHub: by its environment,
# `<environment>-drift`. GitLab: by the branch, which is that of no environment.
module "drift_subject" {
  source   = "../modules/ci_subject"
  for_each = local.with_subjects

  ci                    = var.ci
  environment           = "${each.value}-drift"
  repository            = local.repository
  github_subject_prefix = var.github_subject_prefix
  gitlab_address        = var.gitlab_address
  gitlab_branch         = "main"
}

locals {
  from_subjects = { for name, each in module.subject : name => { issuer = each.issuer, subject = each.subject } }
  from_drift    = { for name, each in module.drift_subject : name => { issuer = each.issuer, subject = each.subject } }

  # Azure DevOps: a service connection of its own for each; their subjects are known once they are made.
  federations       = { for name in var.environments : name => lookup(merge(var.service_connections, local.from_subjects), name, null) }
  drift_federations = { for name in var.environments : name => lookup(merge(var.drift_service_connections, local.from_drift), name, null) }
}

resource "azurerm_role_definition" "managed_group" {
  name        = "${var.project}-managed-resource-groups"
  scope       = "/subscriptions/${var.subscription_id}"
  description = "Makes the resource group in which Databricks keeps the nodes of a workspace, and the budget of the subscription that watches it."

  permissions {
    actions = [
      "Microsoft.Consumption/budgets/delete",
      "Microsoft.Consumption/budgets/read",
      "Microsoft.Consumption/budgets/write",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
      "Microsoft.Resources/subscriptions/resourceGroups/write",
    ]
  }

  assignable_scopes = ["/subscriptions/${var.subscription_id}"]
}

module "identity" {
  source   = "../modules/terraform_identity"
  for_each = var.environments

  name                  = "${var.project}-${each.value}-terraform"
  federation            = local.federations[each.value]
  resource_group_id     = azurerm_resource_group.environment[each.value].id
  subscription_id       = var.subscription_id
  managed_group_role_id = azurerm_role_definition.managed_group.role_definition_resource_id
  state_container_id    = module.states.container_ids[each.value]
}

# What the nightly comparison reads outside its resource group, and nothing else: `Cost Management Reader` would also show what everything in the
# subscription costs.
# Source: https://learn.microsoft.com/azure/role-based-access-control/permissions/management-and-governance
resource "azurerm_role_definition" "budgets_reader" {
  name        = "${var.project}-budgets-reader"
  scope       = "/subscriptions/${var.subscription_id}"
  description = "Reads budgets of the subscription."

  permissions {
    actions = ["Microsoft.Consumption/budgets/read"]
  }

  assignable_scopes = ["/subscriptions/${var.subscription_id}"]
}

module "drift_identity" {
  source   = "../modules/drift_identity"
  for_each = var.ci == "none" ? [] : var.environments

  name               = "${var.project}-${each.key}-drift"
  federation         = local.drift_federations[each.key]
  resource_group_id  = azurerm_resource_group.environment[each.key].id
  subscription_id    = var.subscription_id
  budgets_role_id    = azurerm_role_definition.budgets_reader.role_definition_resource_id
  state_container_id = module.states.container_ids[each.key]
}

# The application with which Databricks reads secrets of a key vault: the same one in each tenant.
# Source: https://learn.microsoft.com/azure/databricks/security/secrets/secret-scopes
data "azuread_service_principal" "azure_databricks" {
  client_id = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"
}
