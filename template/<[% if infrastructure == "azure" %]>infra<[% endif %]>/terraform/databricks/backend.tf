# The state is a blob in the storage that bootstrap made; its lease is the lock. environments/<environment>.tfbackend says where.

terraform {
  backend "azurerm" {
    use_azuread_auth = true
  }
}
