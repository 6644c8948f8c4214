# The regions with Azure Databricks and Unity Catalog; copier.yml of the template has the same list.
# Source: https://learn.microsoft.com/azure/databricks/resources/feature-region-support

locals {
  regions = [
    "australiacentral", "australiacentral2", "australiaeast", "australiasoutheast", "brazilsouth", "canadacentral",
    "canadaeast", "centralindia", "centralus", "eastasia", "eastus", "eastus2", "francecentral", "germanywestcentral", "japaneast",
    "japanwest", "koreacentral", "mexicocentral", "northcentralus", "northeurope", "norwayeast", "qatarcentral", "southafricanorth",
    "southcentralus", "southeastasia", "southindia", "swedencentral", "switzerlandnorth", "switzerlandwest", "uaenorth", "uksouth",
    "ukwest", "westcentralus", "westeurope", "westindia", "westus", "westus2", "westus3",
  ]
}

variable "location" {
  description = "Azure region; null where only names are asked for."
  type        = string
  default     = null

  validation {
    condition = var.location == null || contains(local.regions, coalesce(var.location, "-"))
    # What was probably meant: the regions that share groups of three letters with it.
    error_message = "location: `${coalesce(var.location, "-")}` is no region with Azure Databricks. Near it: ${coalesce(join(" or ", [
      for region in local.regions : region if length([
        for start in range(length(replace(lower(coalesce(var.location, "-")), "/[^a-z0-9]/", ""))) : start
        if try(strcontains(region, regex("^...", substr(replace(lower(coalesce(var.location, "-")), "/[^a-z0-9]/", ""), start, 3))), false)
      ]) * 3 > (length(replace(lower(coalesce(var.location, "-")), "/[^a-z0-9]/", "")) - 2) * 2
    ]), "none")}; all are in modules/naming/regions.tf."
  }
}
