# prod. No secret belongs here: the file is committed. Names: <project>-prod-…, the catalog is that of config/prod.yaml.
project     = "flights"
environment = "prod"
owner       = "data-team"
location    = "westeurope"

subscription_id = "00000000-0000-0000-0000-000000000000" # az account show --query id -o tsv
# azure_databricks_object_id = "…" # bootstrap prints it

address_space = "10.20.32.0/20"
private       = false
nat_gateway   = false # clusters need it, serverless compute does not

storage_replication = "ZRS"
deleted_days        = 30
log_retention_days  = 90

# monthly_amount     = 1000
# budget_start_month = "2027-01-01"
# alert_emails       = ["…"]
