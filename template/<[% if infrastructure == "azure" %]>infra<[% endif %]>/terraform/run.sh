#!/usr/bin/env bash
# What CI runs for the infrastructure, and what a laptop can run too. The version of Terraform is in .terraform-version.
#   infra/terraform/run.sh check [FOLDER ...]                   form, types and tests of all roots and modules, or of these; no sign-in, no cloud
#   infra/terraform/run.sh plan ROOT ENVIRONMENT                what would change; the last line is the sum of these changes
#   infra/terraform/run.sh apply ROOT ENVIRONMENT SUM           makes these changes, and no others
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
  drift)
    initialized "$2" "$3"
    "$terraform" -chdir="$here/$2" plan -no-color -lock=false -detailed-exitcode -var-file="environments/$3.tfvars"
    ;;
  *) sed -n '2,7s/^# //p' "$0" >&2 && exit 2 ;;
esac
