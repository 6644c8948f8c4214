mock_provider "azuread" {}

mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = { object_id = "55555555-5555-5555-5555-555555555555", tenant_id = "33333333-3333-3333-3333-333333333333" }
  }
}

variables {
  project         = "flights"
  owner           = "team"
  location        = "westeurope"
  subscription_id = "11111111-1111-1111-1111-111111111111"
  ci              = "github"
  repository      = "company/flights"
}

run "an_identity_for_each_environment" {
  command = plan

  assert {
    condition     = toset(keys(module.identity)) == toset(["dev", "staging", "prod"]) && toset(keys(azurerm_resource_group.environment)) == toset(["dev", "staging", "prod"])
    error_message = "each environment must have its own group and identity"
  }

  assert {
    condition     = output.subjects["prod"].subject == "repo:company/flights:environment:prod-infrastructure"
    error_message = "only jobs of the environment for infrastructure may sign in"
  }

  assert {
    condition     = module.drift_subject["prod"].subject == "repo:company/flights:environment:prod-drift" && toset(keys(module.drift_identity)) == toset(["dev", "staging", "prod"])
    error_message = "the nightly comparison must sign in from an environment of its own"
  }
}

run "rights_in_the_subscription" {
  command = plan

  assert {
    condition     = toset(azurerm_role_definition.managed_group.permissions[0].actions) == toset(["Microsoft.Consumption/budgets/delete", "Microsoft.Consumption/budgets/read", "Microsoft.Consumption/budgets/write", "Microsoft.Resources/subscriptions/resourceGroups/read", "Microsoft.Resources/subscriptions/resourceGroups/write"])
    error_message = "Terraform may make the group of nodes and its budget, and nothing else outside its own group"
  }

  assert {
    condition     = toset(azurerm_role_definition.budgets_reader.permissions[0].actions) == toset(["Microsoft.Consumption/budgets/read"])
    error_message = "who compares at night reads the budgets of the subscription, and nothing else of it"
  }
}

run "one_environment_in_a_subscription_of_its_own" {
  command = plan

  variables {
    environments = ["prod"]
  }

  assert {
    condition     = keys(module.identity) == ["prod"]
    error_message = "the others are in other subscriptions"
  }
}

run "repository_with_numbers" {
  command = plan

  variables {
    github_subject_prefix = "repo:company@12/flights@345"
  }

  assert {
    condition     = output.subjects["dev"].subject == "repo:company@12/flights@345:environment:dev-infrastructure"
    error_message = "newer repositories have numbers in their subjects"
  }
}

run "azure_devops_before_its_service_connections" {
  command = plan

  variables {
    ci         = "azure_devops"
    repository = "company/data/flights"
  }

  assert {
    condition     = output.subjects["dev"] == null
    error_message = "the subject is known only when the service connection is made"
  }
}

run "azure_devops" {
  command = plan

  variables {
    ci         = "azure_devops"
    repository = "company/data/flights"
    service_connections = {
      dev = { issuer = "https://vstoken.dev.azure.com/66666666-6666-6666-6666-666666666666", subject = "sc://company/data/flights-dev" }
    }
  }

  assert {
    condition     = output.subjects["dev"].subject == "sc://company/data/flights-dev" && output.subjects["prod"] == null
    error_message = "each environment must have its own service connection"
  }
}

run "service_connection_of_another_project" {
  command         = plan
  expect_failures = [var.service_connections]

  variables {
    ci         = "azure_devops"
    repository = "company/data/flights"
    service_connections = {
      dev = { issuer = "https://vstoken.dev.azure.com/66666666-6666-6666-6666-666666666666", subject = "sc://company/other/flights-dev" }
    }
  }
}

run "azure_devops_at_night" {
  command = plan

  variables {
    ci         = "azure_devops"
    repository = "company/data/flights"
    drift_service_connections = {
      prod = { issuer = "https://vstoken.dev.azure.com/66666666-6666-6666-6666-666666666666", subject = "sc://company/data/flights-prod-drift" }
    }
  }

  assert {
    condition     = output.drift_subjects["prod"].subject == "sc://company/data/flights-prod-drift" && output.drift_subjects["staging"] == null && output.subjects["prod"] == null
    error_message = "what compares at night must not be what changes"
  }
}

run "reading_service_connection_of_another_project" {
  command         = plan
  expect_failures = [var.drift_service_connections]

  variables {
    ci         = "azure_devops"
    repository = "company/data/flights"
    drift_service_connections = {
      prod = { issuer = "https://vstoken.dev.azure.com/66666666-6666-6666-6666-666666666666", subject = "sc://company/other/flights-prod-drift" }
    }
  }
}

run "gitlab" {
  command = plan

  variables {
    ci         = "gitlab"
    repository = "company/flights"
  }

  assert {
    condition     = output.subjects["prod"].issuer == "https://gitlab.com" && output.subjects["prod"].subject == "project_path:company/flights-infrastructure:ref_type:branch:ref:prod"
    error_message = "only the branch of the environment, in a project without the bundle's jobs, may sign in: ${output.subjects["prod"].subject}"
  }

  assert {
    condition     = alltrue([for each in output.drift_subjects : each.subject == "project_path:company/flights-infrastructure:ref_type:branch:ref:main"])
    error_message = "the nightly comparison must sign in from another branch than those that change something"
  }
}

run "gitlab_with_another_project" {
  command = plan

  variables {
    ci                            = "gitlab"
    repository                    = "company/flights"
    gitlab_infrastructure_project = "platform/terraform/flights"
    gitlab_address                = "https://git.example.com"
  }

  assert {
    condition     = output.subjects["dev"].issuer == "https://git.example.com" && output.subjects["dev"].subject == "project_path:platform/terraform/flights:ref_type:branch:ref:dev"
    error_message = "the project that was named: ${output.subjects["dev"].subject}"
  }
}

run "gitlab_beside_the_bundle" {
  command         = plan
  expect_failures = [var.gitlab_infrastructure_project]

  variables {
    ci                            = "gitlab"
    repository                    = "company/flights"
    gitlab_infrastructure_project = "Company/Flights"
  }
}

run "without_ci" {
  command = plan

  variables {
    ci         = "none"
    repository = ""
  }

  assert {
    condition     = output.subjects["prod"] == null && length(module.drift_identity) == 0
    error_message = "people sign in, nobody else"
  }
}

run "placeholder_of_the_subscription" {
  command         = plan
  expect_failures = [var.subscription_id]

  variables {
    subscription_id = "00000000-0000-0000-0000-000000000000"
  }
}
