#!/usr/bin/env bash
# Uploads the files of a release to the private index of UV_PUBLISH_URL. PUBLISH_WITH says how to sign in; no way needs a stored
# secret but `password`:
#   azure_artifacts  a token of Microsoft Entra, from `az` (signed in already)
#   jfrog            JFROG_USER and JFROG_TOKEN, from JFrog's action
#   trusted          the index exchanges GitHub's token itself, as PyPI does
#   password         UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/tools.sh
python="$(find_python)"
uv="$(find_uv "$python")"
PATH="$(dirname "$uv"):$PATH"

case "${PUBLISH_WITH:-}" in
  azure_artifacts)
    # The id is Azure DevOps, the same in every tenant. Any user name will do.
    UV_PUBLISH_PASSWORD="$(az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 --query accessToken --output tsv)"
    export UV_PUBLISH_USERNAME=entra UV_PUBLISH_PASSWORD UV_TRUSTED_PUBLISHING=never
    ;;
  jfrog)
    export UV_PUBLISH_USERNAME="${JFROG_USER:?}" UV_PUBLISH_PASSWORD="${JFROG_TOKEN:?}" UV_TRUSTED_PUBLISHING=never
    ;;
  trusted) export UV_TRUSTED_PUBLISHING=always ;;
  password)
    : "${UV_PUBLISH_USERNAME:?}" "${UV_PUBLISH_PASSWORD:?}"
    export UV_TRUSTED_PUBLISHING=never
    ;;
  *)
    fail "PUBLISH_WITH is '${PUBLISH_WITH:-}'" \
      "set the variable of the environment release to azure_artifacts, jfrog, trusted or password"
    ;;
esac
exec "$python" scripts/release.py publish "$1"
