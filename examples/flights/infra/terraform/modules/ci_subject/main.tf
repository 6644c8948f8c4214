# Who a CI job says it is: the issuer and the subject of the token that the CI system gives it. Databricks compares both, letter by letter.
#
# GitHub       the deployment environment is in the subject, so the approval of the environment guards the sign-in itself
# Azure DevOps the pipeline is in the subject, not the environment: each environment needs a pipeline of its own
# GitLab       branch or tag is in the subject, not the environment: protected branches and tags guard the sign-in; Terraform's jobs are in a
#              project of their own, with a branch for each environment
#
# Sources: https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
#          https://docs.databricks.com/aws/en/dev-tools/auth/provider-azure-devops
#          https://docs.gitlab.com/ci/secrets/id_token_authentication

locals {
  # Without a prefix of its own, a repository has the older form, with names alone.
  github_prefix = coalesce(var.github_subject_prefix, "repo:${var.repository}")

  parts = split("/", var.repository)

  # Trunk and tags: `main` deploys to dev, tags deploy to staging and prod. Branches: `dev` deploys to dev, `main` to the others.
  gitlab_ref = {
    tags     = "${var.environment == "dev" ? "ref_type:branch" : "ref_type:tag"}${var.gitlab_ref_protected ? ":ref_protected:true" : ""}"
    branches = "ref_type:branch:ref:${var.environment == "dev" ? "dev" : "main"}"
  }

  subjects = {
    github       = "${local.github_prefix}:environment:${var.environment}"
    azure_devops = "p://${local.parts[0]}/${try(local.parts[1], "")}/${coalesce(var.azure_devops_pipeline, "deploy-${var.environment}")}"
    gitlab       = "project_path:${var.repository}:${var.gitlab_branch == null ? local.gitlab_ref[var.branching] : "ref_type:branch:ref:${var.gitlab_branch}"}"
  }

  issuers = {
    github       = "https://token.actions.githubusercontent.com"
    azure_devops = "https://vstoken.dev.azure.com/${var.azure_devops_organization_id}"
    gitlab       = var.gitlab_address
  }
}
