# Subjects of each CI system, and what is refused: a subject of another repository would let its jobs deploy here.

variables {
  ci          = "github"
  environment = "prod"
  repository  = "company/flights"
}

run "github_with_numbers" {
  command = plan

  variables {
    github_subject_prefix = "repo:company@1234/flights@567890"
  }

  assert {
    condition     = output.subject == "repo:company@1234/flights@567890:environment:prod"
    error_message = "GitHub writes the numbers of owner and repository into the subject: ${output.subject}"
  }

  assert {
    condition     = output.issuer == "https://token.actions.githubusercontent.com"
    error_message = "tokens of GitHub Actions come from ${output.issuer}"
  }
}

run "github_before_numbers" {
  command = plan

  assert {
    condition     = output.subject == "repo:company/flights:environment:prod"
    error_message = "repositories from before 15 July 2026 have names alone: ${output.subject}"
  }
}

run "github_of_another_repository" {
  command = plan

  variables {
    github_subject_prefix = "repo:company@1234/weather@567890"
  }

  expect_failures = [var.github_subject_prefix]
}

run "github_of_another_owner" {
  command = plan

  variables {
    github_subject_prefix = "repo:stranger@1234/flights@567890"
  }

  expect_failures = [var.github_subject_prefix]
}

run "github_with_a_pattern" {
  command = plan

  variables {
    github_subject_prefix = "repo:company/*"
  }

  expect_failures = [var.github_subject_prefix]
}

run "github_with_a_whole_subject" {
  command = plan

  variables {
    github_subject_prefix = "repo:company@1234/flights@567890:environment:prod"
  }

  expect_failures = [var.github_subject_prefix]
}

run "azure_devops" {
  command = plan

  variables {
    ci                           = "azure_devops"
    repository                   = "company/Data Platform/flights"
    azure_devops_organization_id = "7f1078d6-b20d-4a20-9d88-05a2f0d645a3"
  }

  assert {
    condition     = output.subject == "p://company/Data Platform/deploy-prod"
    error_message = "Azure DevOps names organization, project and pipeline: ${output.subject}"
  }

  assert {
    condition     = output.issuer == "https://vstoken.dev.azure.com/7f1078d6-b20d-4a20-9d88-05a2f0d645a3"
    error_message = "each organization has an issuer of its own: ${output.issuer}"
  }
}

run "azure_devops_with_the_name_of_the_organization" {
  command = plan

  variables {
    ci                           = "azure_devops"
    repository                   = "company/platform/flights"
    azure_devops_organization_id = "company"
  }

  expect_failures = [var.azure_devops_organization_id]
}

run "azure_devops_for_all_pipelines" {
  command = plan

  variables {
    ci                           = "azure_devops"
    repository                   = "company/platform/flights"
    azure_devops_organization_id = "7f1078d6-b20d-4a20-9d88-05a2f0d645a3"
    azure_devops_pipeline        = "*"
  }

  expect_failures = [var.azure_devops_pipeline]
}

run "gitlab_tags" {
  command = plan

  variables {
    ci         = "gitlab"
    repository = "company/data/flights"
  }

  assert {
    condition     = output.subject == "project_path:company/data/flights:ref_type:tag"
    error_message = "a tag deploys to prod: ${output.subject}"
  }
}

run "gitlab_main_to_dev" {
  command = plan

  variables {
    ci          = "gitlab"
    repository  = "company/flights"
    environment = "dev"
  }

  assert {
    condition     = output.subject == "project_path:company/flights:ref_type:branch"
    error_message = "with tags, a branch deploys to dev: ${output.subject}"
  }
}

run "gitlab_branches" {
  command = plan

  variables {
    ci             = "gitlab"
    repository     = "company/flights"
    branching      = "branches"
    gitlab_address = "https://git.example.com"
  }

  assert {
    condition     = output.subject == "project_path:company/flights:ref_type:branch:ref:main"
    error_message = "the branch main deploys to prod: ${output.subject}"
  }

  assert {
    condition     = output.issuer == "https://git.example.com"
    error_message = "the issuer is the instance: ${output.issuer}"
  }
}

run "gitlab_dev_branch" {
  command = plan

  variables {
    ci          = "gitlab"
    repository  = "company/flights"
    branching   = "branches"
    environment = "dev"
  }

  assert {
    condition     = output.subject == "project_path:company/flights:ref_type:branch:ref:dev"
    error_message = "the branch dev deploys to dev: ${output.subject}"
  }
}

run "gitlab_protected_tags_alone" {
  command = plan

  variables {
    ci                   = "gitlab"
    repository           = "company/flights"
    gitlab_ref_protected = true
  }

  assert {
    condition     = output.subject == "project_path:company/flights:ref_type:tag:ref_protected:true"
    error_message = "a tag that anybody may push must not deploy: ${output.subject}"
  }
}

run "gitlab_protected_branches_alone" {
  command = plan

  variables {
    ci                   = "gitlab"
    repository           = "company/flights"
    environment          = "dev"
    gitlab_ref_protected = true
  }

  assert {
    condition     = output.subject == "project_path:company/flights:ref_type:branch:ref_protected:true"
    error_message = "a branch that anybody may push must not deploy: ${output.subject}"
  }
}

run "gitlab_protected_where_the_branch_is_named" {
  command = plan

  variables {
    ci                   = "gitlab"
    repository           = "company/flights"
    branching            = "branches"
    gitlab_ref_protected = true
  }

  expect_failures = [var.gitlab_ref_protected]
}

run "gitlab_branch_of_an_environment" {
  command = plan

  variables {
    ci            = "gitlab"
    repository    = "company/flights-infrastructure"
    gitlab_branch = "prod"
  }

  assert {
    condition     = output.subject == "project_path:company/flights-infrastructure:ref_type:branch:ref:prod"
    error_message = "one branch of one project: ${output.subject}"
  }
}

run "gitlab_every_branch" {
  command = plan

  variables {
    ci            = "gitlab"
    repository    = "company/flights-infrastructure"
    gitlab_branch = "*"
  }

  expect_failures = [var.gitlab_branch]
}

run "gitlab_group_as_issuer" {
  command = plan

  variables {
    ci             = "gitlab"
    repository     = "company/flights"
    gitlab_address = "https://gitlab.com/company"
  }

  expect_failures = [var.gitlab_address]
}

run "another_system" {
  command = plan

  variables {
    ci = "jenkins"
  }

  expect_failures = [var.ci]
}
