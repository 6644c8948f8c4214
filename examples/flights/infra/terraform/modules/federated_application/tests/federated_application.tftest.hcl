mock_provider "azuread" {}

variables {
  name        = "flights-dev-terraform"
  description = "Changes dev."
  federation  = { issuer = "https://token.actions.githubusercontent.com", subject = "repo:company/flights:environment:dev-infrastructure" }
}

run "signs_in_without_a_secret" {
  command = plan

  assert {
    condition     = azuread_application_federated_identity_credential.ci[0].subject == "repo:company/flights:environment:dev-infrastructure" && azuread_application_federated_identity_credential.ci[0].audiences[0] == "api://AzureADTokenExchange"
    error_message = "the subject must be the environment of the repository"
  }

  assert {
    condition     = azuread_application.this.sign_in_audience == "AzureADMyOrg" && azuread_application.this.prevent_duplicate_names
    error_message = "only this tenant signs in, and a name stands for one application"
  }
}

run "nobody_yet" {
  command = plan

  variables {
    federation = null
  }

  assert {
    condition     = output.subjects == []
    error_message = "without CI nobody may sign in"
  }
}

run "subject_with_a_wildcard" {
  command         = plan
  expect_failures = [var.federation]

  variables {
    federation = { issuer = "https://token.actions.githubusercontent.com", subject = "repo:company/flights:*" }
  }
}
