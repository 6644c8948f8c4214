# Databricks in staging. Ids stay empty until an administrator knows them; a plan says which one is missing.
project     = "flights"
environment = "staging"
owner       = "data-team"

subscription_id = "" # az account show --query id
account_id      = "" # accounts.azuredatabricks.net, in the menu of the user
metastore_id    = "" # databricks account metastores list; that of westeurope

# Who signs in.
ci         = "github"
repository = ""
branching  = "tags"

github_subject_prefix = null # gh api repos/OWNER/NAME/actions/oidc/customization/sub --jq .sub_claim_prefix

# People: groups of the account by role, such as {readers = ["data-analysts"], operators = ["data-engineers"]}.
members = {}

# Money: what a month may cost at list price, and who gets a mail at 50, 80 and 100 percent.
monthly_usd  = null
alert_emails = []
