# One identity for each environment, so that a job for dev cannot change prod.

module "repository" {
  source = "../modules/repository"
  count  = var.ci == "none" ? 0 : 1

  ci         = var.ci
  repository = var.repository
}

# GitHub: the jobs of Terraform run in an environment of their own, `<environment>-infrastructure`. With the one that the bundle is deployed
# from, each job that deploys the bundle could also sign in as Terraform.
module "subject" {
  source   = "../modules/ci_subject"
  for_each = contains(["github", "gitlab"], var.ci) ? var.environments : []

  ci                    = var.ci
  environment           = var.ci == "github" ? "${each.value}-infrastructure" : each.value
  branching             = var.branching
  repository            = module.repository[0].name
  github_subject_prefix = var.github_subject_prefix
  gitlab_address        = var.gitlab_address
}

locals {
  federations = {
    for environment in var.environments : environment =>
    contains(keys(module.subject), environment)
    ? { issuer = module.subject[environment].issuer, subject = module.subject[environment].subject }
    : var.ci == "azure_devops" ? lookup(var.service_connections, environment, null) : null
  }
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

# GitHub: the nightly comparison runs in the environment `<environment>-drift`, which has no reviewers.
module "drift_subject" {
  source   = "../modules/ci_subject"
  for_each = var.ci == "github" ? var.environments : []

  ci                    = var.ci
  environment           = "${each.value}-drift"
  repository            = module.repository[0].name
  github_subject_prefix = var.github_subject_prefix
}

module "drift_identity" {
  source   = "../modules/drift_identity"
  for_each = module.drift_subject

  name               = "${var.project}-${each.key}-drift"
  federation         = { issuer = each.value.issuer, subject = each.value.subject }
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
