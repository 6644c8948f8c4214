# Network and storage.

variable "address_space" {
  description = "Addresses of the network; those of environments must not overlap if they are ever connected."
  type        = string
}

variable "private" {
  description = <<-EOT
    Whether workspace, storage and key vault have no public address. People and CI then need a way into the network (VPN, a runner in it), and
    `private` in ../databricks has to be true too: it makes the endpoints of serverless compute. What else it needs is in lakewright's docs,
    "A private network".
  EOT
  type        = bool
  default     = false
}

variable "browser_endpoint" {
  description = "Whether the endpoint for signing in with a browser is made here: one for a region and a DNS zone, so false where another workspace has it."
  type        = bool
  default     = true
}

variable "nat_gateway" {
  description = "Whether clusters reach the internet. Serverless compute does not need it."
  type        = bool
}

variable "storage_replication" {
  description = "Copies of the data: LRS, ZRS, GRS, RAGRS, GZRS, RAGZRS."
  type        = string
  default     = "ZRS"
}

variable "deleted_days" {
  description = "For how many days deleted files can be brought back. Those that VACUUM deletes count too, and are paid for."
  type        = number
  default     = 7
}

variable "landing" {
  description = "After how many days files in landing move to cooler storage, and are deleted."
  type = object({
    cool_after_days   = optional(number)
    delete_after_days = optional(number)
  })
  default = { cool_after_days = 30 }
}
