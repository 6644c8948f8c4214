# dev. No secret belongs here: the file is committed. Names: <project>-dev-…, the catalog is that of config/dev.yaml.
project     = "flights"
environment = "dev"
owner       = "data-team"
location    = "westeurope"

subscription_id = "00000000-0000-0000-0000-000000000000" # az account show --query id -o tsv
# azure_databricks_object_id = "…" # bootstrap prints it

address_space = "10.20.0.0/20"
private       = false
nat_gateway   = false # clusters need it, serverless compute does not

storage_replication = "LRS"
deleted_days        = 7
log_retention_days  = 30

# monthly_amount     = 200
# budget_start_month = "2027-01-01"
# alert_emails       = ["…"]
