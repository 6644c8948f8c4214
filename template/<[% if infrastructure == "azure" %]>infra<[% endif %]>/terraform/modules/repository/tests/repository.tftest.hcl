# Names as they are in the address of a repository, and what is refused: with a wrong one no token would match, or another's.

variables {
  ci         = "github"
  repository = "company/flights"
}

run "github" {
  command = plan

  variables {
    ci         = "github"
    repository = "company/flights"
  }

  assert {
    condition     = output.name == var.repository
    error_message = "a right name stays as it is: ${output.name}"
  }
}

run "azure_devops" {
  command = plan

  variables {
    ci         = "azure_devops"
    repository = "company/Data Platform/flights"
  }

  assert {
    condition     = output.name == var.repository
    error_message = "a right name stays as it is: ${output.name}"
  }
}

run "gitlab_group_in_a_group" {
  command = plan

  variables {
    ci         = "gitlab"
    repository = "company/data/flights"
  }

  assert {
    condition     = output.name == var.repository
    error_message = "a right name stays as it is: ${output.name}"
  }
}

run "github_with_an_address" {
  command = plan

  variables {
    repository = "https://github.com/company/flights"
  }

  expect_failures = [var.repository]
}

run "github_to_clone_from" {
  command = plan

  variables {
    ci         = "github"
    repository = "company/flights.git"
  }

  expect_failures = [var.repository]
}

run "github_folder" {
  command = plan

  variables {
    ci         = "github"
    repository = "company/.."
  }

  expect_failures = [var.repository]
}

run "github_owner_with_two_dashes" {
  command = plan

  variables {
    ci         = "github"
    repository = "a--b/flights"
  }

  expect_failures = [var.repository]
}

run "azure_devops_to_clone_from" {
  command = plan

  variables {
    ci         = "azure_devops"
    repository = "company/platform/flights.git"
  }

  expect_failures = [var.repository]
}

run "gitlab_to_clone_from" {
  command = plan

  variables {
    ci         = "gitlab"
    repository = "company/data/flights.git"
  }

  expect_failures = [var.repository]
}

run "azure_devops_without_a_project" {
  command = plan

  variables {
    ci         = "azure_devops"
    repository = "company/flights"
  }

  expect_failures = [var.repository]
}
