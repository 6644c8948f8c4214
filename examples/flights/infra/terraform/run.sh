#!/usr/bin/env bash
# What CI runs for the infrastructure, and what a laptop can run too. The version of Terraform is in .terraform-version.
#   infra/terraform/run.sh check [FOLDER ...]                   form, types and tests of all roots and modules, or of these; no sign-in, no cloud
#   infra/terraform/run.sh plan ROOT ENVIRONMENT                what would change; the last line is the sum of these changes
#   infra/terraform/run.sh apply ROOT ENVIRONMENT SUM           makes these changes, and no others
#   infra/terraform/run.sh approve ENVIRONMENT                  private = true: approves the private endpoints that only the storage's owner may
#   infra/terraform/run.sh drift ROOT ENVIRONMENT               fails if anything differs; takes no lock, so a right to read is enough
# TERRAFORM=tofu takes OpenTofu.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
terraform="${TERRAFORM:-terraform}"
export TF_IN_AUTOMATION=1 TF_INPUT=0

check() { # FOLDER ...
  "$terraform" fmt -check -recursive "$here"
  export TF_PLUGIN_CACHE_DIR="${TF_PLUGIN_CACHE_DIR:-$here/.plugins}" # each provider is loaded once, not once for each module
  mkdir -p "$TF_PLUGIN_CACHE_DIR"
  for folder in "$@"; do
    echo "== $folder"
    "$terraform" -chdir="$here/$folder" init -backend=false -no-color > "$here/.init" 2>&1 || { cat "$here/.init" && exit 1; }
    # A module that is given its providers is valid as a part of a root alone.
    [[ "$folder" = modules/* ]] || "$terraform" -chdir="$here/$folder" validate -no-color
    "$terraform" -chdir="$here/$folder" test -no-color
  done
  rm -f "$here/.init"
}

initialized() { # ROOT ENVIRONMENT
  case "$1" in azure | databricks) ;; *) echo "error: no root $1; fix: azure or databricks" >&2 && exit 2 ;; esac
  [ -f "$here/$1/environments/$2.tfvars" ] || { echo "error: no environment $2; fix: dev, staging or prod" >&2 && exit 2; }
  "$terraform" -chdir="$here/$1" init -reconfigure -no-color -backend-config="environments/$2.tfbackend" >&2
}

# Terraform's own file of a plan is not handed from one job to the next: it keeps the sign-in of the job that planned, which has ended by
# then (https://github.com/hashicorp/terraform/issues/34322), and whoever may read the repository could read the state in it.
planned() { # ROOT ENVIRONMENT; prints the sum of what the plan changes
  "$terraform" -chdir="$here/$1" plan -no-color -lock-timeout=5m -var-file="environments/$2.tfvars" -out=plan >&2
  "$terraform" -chdir="$here/$1" show -json plan |
    python3 -c 'import hashlib, json, sys
plan = json.load(sys.stdin)
what = [sorted(plan.get("resource_changes", []), key=lambda each: each["address"]), plan.get("output_changes", {})]
print(hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest())'
}

# Databricks and Terraform ask the owner of a storage account for these connections. Approved is what our own states name, and nothing else that
# may be pending there: somebody else's endpoint would be a way to the data.
approve() { # ENVIRONMENT
  local root wanted resource endpoint found connection state left=0
  for root in azure databricks; do
    initialized "$root" "$1"
    wanted="$("$terraform" -chdir="$here/$root" output -no-color -raw endpoints_to_approve)"
    while read -r resource endpoint; do
      [ -n "$resource" ] || continue
      found="$(az network private-endpoint-connection list --id "$resource" --output tsv --query \
        "[?ends_with(properties.privateEndpoint.id, '/$endpoint')].[id, properties.privateLinkServiceConnectionState.status]")"
      read -r connection state <<< "$found" || true
      [ "$(wc -l <<< "$found")" -eq 1 ] || state=several
      case "${state:-none}" in
        Approved) echo "approved before: $endpoint" ;;
        Pending)
          az network private-endpoint-connection approve --id "$connection" --description "infra/terraform of $1" --output none
          echo "approved: $endpoint"
          ;;
        none)
          printf 'error: no connection of %s at %s\n  fix: it takes some minutes after apply; approve again\n' "$endpoint" "$resource" >&2
          left=1
          ;;
        several)
          printf 'error: several endpoints at %s are called %s\n  fix: somebody took this name; look at them, and reject those that are not yours\n' "$resource" "$endpoint" >&2
          left=1
          ;;
        *)
          printf 'error: the connection of %s is %s\n  fix: apply %s with -replace= and the address of this endpoint, then approve again\n' "$endpoint" "$state" "$root" >&2
          left=1
          ;;
      esac
    done <<< "$wanted"
  done
  return "$left"
}

case "${1:-}" in
  check)
    shift
    [ $# -gt 0 ] || set -- bootstrap azure databricks $(cd "$here" && echo modules/*)
    check "$@"
    ;;
  plan)
    initialized "$2" "$3"
    sum="$(planned "$2" "$3")"
    "$terraform" -chdir="$here/$2" show -no-color plan
    rm "$here/$2/plan"
    echo "$sum"
    ;;
  apply)
    approved="${4:?the sum that plan has printed}"
    initialized "$2" "$3"
    sum="$(planned "$2" "$3")"
    if [ "$sum" != "$approved" ]; then
      rm "$here/$2/plan"
      printf 'error: the changes are not those that were approved\n  %s now, %s approved\n  fix: plan again, read it, and approve that\n' "$sum" "$approved" >&2
      exit 1
    fi
    "$terraform" -chdir="$here/$2" apply -no-color -lock-timeout=5m plan
    rm "$here/$2/plan"
    ;;
  approve) approve "$2" ;;
  drift)
    initialized "$2" "$3"
    "$terraform" -chdir="$here/$2" plan -no-color -lock=false -detailed-exitcode -var-file="environments/$3.tfvars"
    ;;
  *) sed -n '2,8s/^# //p' "$0" >&2 && exit 2 ;;
esac
