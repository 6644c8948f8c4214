# dev. No secret belongs here: the file is committed. Catalog and memberships are those of config/dev.yaml.
project     = "flights"
environment = "dev"
owner       = "data-team"
location    = "westeurope"

subscription_id = "00000000-0000-0000-0000-000000000000" # az account show --query id -o tsv
account_id      = "00000000-0000-0000-0000-000000000000" # accounts.azuredatabricks.net shows it in the menu of the user
metastore_id    = "00000000-0000-0000-0000-000000000000" # databricks account metastores list: that of westeurope
# metastore_creator = "…" # ARM_CLIENT_ID of this environment, if an apply says that it does not have CREATE CATALOG

# As in ../azure: it closes what this file opens to serverless compute.
private = false

# Who signs in.
ci         = "github"
repository = ""
branching  = "tags"

# Repositories made since 15 July 2026 need it: gh api repos/OWNER/NAME/actions/oidc/customization/sub --jq .sub_claim_prefix
# github_subject_prefix = "repo:owner@1/name@2"

# People: groups of the account that deploy to dev as themselves.
developers             = []
personal_access_tokens = true

# Money: what a month may cost at list price, and who gets a mail at 50, 80 and 100 percent.
# monthly_usd  = 500
# alert_emails = ["…"]
