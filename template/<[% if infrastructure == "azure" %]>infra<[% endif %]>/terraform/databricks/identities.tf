# Who deploys, whom jobs run as, and how CI signs in.

module "principals" {
  source    = "../modules/principals"
  providers = { databricks = databricks.account }

  project     = var.project
  environment = var.environment
  roles       = local.roles
  jobs        = local.is_shared ? var.jobs : []
  memberships = local.memberships
  members     = var.members
}

module "workspace_access" {
  source    = "../modules/workspace_access"
  providers = { databricks.account = databricks.account, databricks.workspace = databricks.workspace }

  workspace_id = local.workspace_id
  groups       = module.principals.groups
  jobs         = { for name, job in module.principals.jobs : name => job.id }
  deployer     = module.principals.deployer.id

  depends_on = [module.metastore] # a workspace without a metastore takes no groups of the account
}

module "run_as" {
  source    = "../modules/run_as"
  providers = { databricks = databricks.account }

  account_id = var.account_id
  jobs       = { for name, job in module.principals.jobs : name => job.application_id }
  deployer   = module.principals.deployer.principal
  managers   = var.managers
}

locals {
  # GitHub: the comparison of each night signs in from an environment of its own, since nobody approves it at night. It needs the rights of the
  # deployer to see what is deployed and granted, so `<environment>-drift` has to be limited to the branch main. Elsewhere it is the same job
  # of CI for both, as far as a token says.
  has_drift = var.ci == "github" && local.is_shared && var.drift
  deploying = var.ci == "none" || var.repository == "" ? {} : merge(
    { deploy = var.environment },
    { for name in ["drift"] : name => "${var.environment}-drift" if local.has_drift },
  )
}

module "repository" {
  source = "../modules/repository"
  count  = length(local.deploying) > 0 ? 1 : 0

  ci         = var.ci
  repository = var.repository
}

module "ci_subject" {
  source   = "../modules/ci_subject"
  for_each = local.deploying

  ci                           = var.ci
  environment                  = each.value
  branching                    = var.branching
  repository                   = module.repository[0].name
  github_subject_prefix        = var.github_subject_prefix
  azure_devops_organization_id = var.azure_devops_organization_id
  azure_devops_pipeline        = var.azure_devops_pipeline
  gitlab_address               = var.gitlab_address
  gitlab_ref_protected         = var.gitlab_ref_protected
}

module "federation" {
  source    = "../modules/federation"
  providers = { databricks = databricks.account }
  count     = length(local.deploying) > 0 ? 1 : 0

  account_id     = var.account_id
  workspace_host = local.workspace_host
  deployer       = module.principals.deployer.id
  issuer         = module.ci_subject["deploy"].issuer
  subjects       = { for name, job in module.ci_subject : name => job.subject }
  description    = "${var.project} to ${var.environment}"
}
