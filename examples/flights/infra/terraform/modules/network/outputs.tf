output "id" {
  description = "The virtual network."
  value       = azurerm_virtual_network.this.id
}

output "subnets" {
  description = "Names of the subnets for clusters, and the ids of their security group's associations."
  value = {
    for name, subnet in azurerm_subnet.clusters : name => {
      name           = subnet.name
      association_id = azurerm_subnet_network_security_group_association.clusters[name].id
    }
  }
}

output "endpoints" {
  description = "Where private endpoints are made: their subnet, and a DNS zone for each kind. Null without private endpoints."
  value = var.private_endpoints ? {
    subnet_id = azurerm_subnet.endpoints[0].id
    zones     = { for kind, zone in azurerm_private_dns_zone.this : kind => zone.id }
  } : null
}
