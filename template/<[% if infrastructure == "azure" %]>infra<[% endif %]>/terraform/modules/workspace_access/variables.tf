variable "workspace_id" {
  description = "Id of the workspace: the digits after `adb-` in its address."
  type        = number
}

variable "groups" {
  description = "Ids of the groups by name."
  type        = map(string)
}

variable "jobs" {
  description = "Ids of the service principals that jobs run as, by name."
  type        = map(string)
}

variable "deployer" {
  description = "Id of the service principal that deploys."
  type        = string
}
