#!/usr/bin/env bash
# Resolves the dependencies again and writes the locks: exact versions with sha256, without index addresses, so that
# they also work with a company's mirror (see docs/decisions/0002-hash-locks.md).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/tools.sh
uv="$(find_uv "$(find_python)")"

options=(--quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header)
"$uv" pip compile "${options[@]}" "$@" --no-emit-package databricks-utils --no-emit-package lakewright \
  --group bench --group dev --group docs --extra ml --extra testing \
  packages/databricks-utils/pyproject.toml packages/lakewright/pyproject.toml -o requirements/dev.lock
"$uv" pip compile "${options[@]}" "$@" requirements/java.in -o requirements/java.lock
