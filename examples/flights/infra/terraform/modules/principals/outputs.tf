output "groups" {
  description = "Ids of the groups by name."
  value       = { for name, group in databricks_group.role : name => group.id }
}

output "group_of" {
  description = "Names of the groups by role."
  value       = { for role in var.roles : role => databricks_group.role["${local.prefix}-${role}"].display_name }
}

output "jobs" {
  description = "The service principals that jobs run as, by name: their ids, and the application ids that grants and `run_as` name them by."
  value = {
    for name, job in databricks_service_principal.job :
    name => { id = job.id, application_id = job.application_id, principal = job.acl_principal_id }
  }
}

output "deployer" {
  description = "The service principal that CI signs in as."
  value = {
    name           = databricks_service_principal.deployer.display_name
    id             = databricks_service_principal.deployer.id
    application_id = databricks_service_principal.deployer.application_id
    principal      = databricks_service_principal.deployer.acl_principal_id
  }
}
