# The policy takes the tokens that the SDKs ask for, from one repository and one environment.

mock_provider "databricks" {}

variables {
  account_id     = "7a99b43c-b46c-432b-b0a7-814217701909"
  workspace_host = "https://adb-1234567890123456.7.azuredatabricks.net"
  deployer       = 2001
  issuer         = "https://token.actions.githubusercontent.com"
  subjects       = { deploy = "repo:company@1234/flights@567890:environment:prod" }
  description    = "flights to prod"
}

run "github" {
  assert {
    condition     = databricks_service_principal_federation_policy.ci["deploy"].oidc_policy.subject == var.subjects.deploy && databricks_service_principal_federation_policy.ci["deploy"].oidc_policy.subject_claim == "sub"
    error_message = "the subject is compared, not another claim"
  }

  assert {
    condition = tolist(databricks_service_principal_federation_policy.ci["deploy"].oidc_policy.audiences) == tolist([
      "7a99b43c-b46c-432b-b0a7-814217701909", "https://adb-1234567890123456.7.azuredatabricks.net/oidc/v1/token",
    ])
    error_message = "the SDKs ask for the account id, or for the token address of the workspace"
  }
}

run "azure_devops" {
  variables {
    issuer   = "https://vstoken.dev.azure.com/7f1078d6-b20d-4a20-9d88-05a2f0d645a3"
    subjects = { deploy = "p://company/Data Platform/deploy-prod" }
  }

  assert {
    condition     = tolist(databricks_service_principal_federation_policy.ci["deploy"].oidc_policy.audiences) == tolist(["api://AzureADTokenExchange"])
    error_message = "Azure DevOps writes the same audience always"
  }
}

run "gitlab" {
  variables {
    issuer   = "https://gitlab.com"
    subjects = { deploy = "project_path:company/data/flights:ref_type:tag" }
  }

  assert {
    condition     = output.audiences[0] == "7a99b43c-b46c-432b-b0a7-814217701909"
    error_message = "a job of GitLab asks for the account id"
  }
}

run "gitlab_protected" {
  variables {
    issuer   = "https://gitlab.com"
    subjects = { deploy = "project_path:company/data/flights:ref_type:tag:ref_protected:true" }
  }

  assert {
    condition     = databricks_service_principal_federation_policy.ci["deploy"].oidc_policy.subject == var.subjects["deploy"]
    error_message = "the subject is taken as it is"
  }
}

run "gitlab_not_protected" {
  command = plan

  variables {
    issuer   = "https://gitlab.com"
    subjects = { deploy = "project_path:company/data/flights:ref_type:tag:ref_protected:false" }
  }

  expect_failures = [var.subjects]
}

run "all_environments_of_a_repository" {
  command = plan

  variables {
    subjects = { deploy = "repo:company/flights:*" }
  }

  expect_failures = [var.subjects]
}

run "branch_in_place_of_an_environment" {
  command = plan

  variables {
    subjects = { deploy = "repo:company/flights:ref:refs/heads/main" }
  }

  expect_failures = [var.subjects]
}

run "pull_requests" {
  command = plan

  variables {
    subjects = { deploy = "repo:company/flights:pull_request" }
  }

  expect_failures = [var.subjects]
}

run "host_with_a_path" {
  command = plan

  variables {
    workspace_host = "https://adb-1234567890123456.7.azuredatabricks.net/?o=1"
  }

  expect_failures = [var.workspace_host]
}

run "account_by_its_name" {
  command = plan

  variables {
    account_id = "company"
  }

  expect_failures = [var.account_id]
}

run "deploy_and_drift" {
  command = plan

  variables {
    subjects = {
      deploy = "repo:company@1234/flights@567890:environment:prod"
      drift  = "repo:company@1234/flights@567890:environment:prod-drift"
    }
  }

  assert {
    condition     = length(databricks_service_principal_federation_policy.ci) == 2 && databricks_service_principal_federation_policy.ci["drift"].policy_id == "drift"
    error_message = "each subject has a policy of its own"
  }
}

run "policy_with_a_space" {
  command = plan

  variables {
    subjects = { "Deploy to prod" = "repo:company/flights:environment:prod" }
  }

  expect_failures = [var.subjects]
}
