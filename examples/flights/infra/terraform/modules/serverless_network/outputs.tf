output "endpoints" {
  description = "The private endpoints that Databricks makes: the storage account, and the name of the endpoint by which its owner recognizes it."
  value = {
    for name, rule in databricks_mws_ncc_private_endpoint_rule.storage : name => { resource_id = rule.resource_id, endpoint = rule.endpoint_name }
  }
}
