# What has to exist before Terraform can run for an environment: a place for its state, a resource group, and an identity.

locals {
  tags   = { project = var.project, owner = var.owner }
  hash   = substr(sha256("${var.subscription_id}/${var.project}/state"), 0, 6)
  states = "st${substr(replace(var.project, "_", ""), 0, 8)}state${local.hash}"
}

data "azurerm_client_config" "current" {}

module "names" {
  source   = "../modules/naming"
  for_each = var.environments

  project         = var.project
  environment     = each.value
  catalog         = yamldecode(file("${path.root}/../../../config/${each.value}.yaml")).catalog.name
  subscription_id = var.subscription_id
  location        = var.location
}

module "states" {
  source = "../modules/state_storage"

  name                = local.states
  resource_group_name = "rg-${var.project}-state"
  location            = var.location
  containers          = setunion(var.environments, ["bootstrap"])
  writers             = setunion(var.administrators, [data.azurerm_client_config.current.object_id])
  tags                = local.tags
}

resource "azurerm_resource_group" "environment" {
  for_each = var.environments

  name     = module.names[each.value].resource_group
  location = var.location
  tags     = merge(local.tags, { environment = each.value })

  lifecycle {
    prevent_destroy = true
  }
}
