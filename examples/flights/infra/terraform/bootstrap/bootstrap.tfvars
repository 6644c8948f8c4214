# No secret belongs here: the file is committed.
project    = "flights"
owner      = "data-team"
location   = "westeurope"
ci         = "github"
repository = ""

subscription_id = "00000000-0000-0000-0000-000000000000" # az account show --query id -o tsv

# Repositories made since 15 July 2026 need it: gh api repos/OWNER/NAME/actions/oidc/customization/sub --jq .sub_claim_prefix
# github_subject_prefix = "repo:owner@1/name@2"
