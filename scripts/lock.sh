#!/usr/bin/env bash
# Resolves the dependencies again and writes the locks: exact versions with sha256, without index addresses, so that
# they also work with a company's mirror (see docs/decisions/0002-hash-locks.md). What our library and the flights project import
# has the versions of a new project's runtime (see docs/decisions/0013-runtimes.md); tools are free.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/tools.sh
uv="$(find_uv "$(find_python)")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
.venv/bin/lakewright runtimes serverless-4 >"$work/constraints.txt"
imported="cloudpickle|joblib|matplotlib|numpy|pandas|pyarrow|pydantic|python-dateutil|pyyaml|scikit-learn|scipy"
grep -E "^($imported)==" "$work/constraints.txt" >"$work/imported.txt"
.venv/bin/python - >"$work/flights.in" <<'PYTHON'
import pathlib, tomllib

project = tomllib.loads(pathlib.Path("examples/flights/pyproject.toml").read_text(encoding="utf-8"))
lines = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
print(*(line for line in lines if not line.startswith(("databricks-utils", "lakewright"))), sep="\n")
PYTHON

lock() { # the lock and what it is made from
  local lock="$1"
  shift
  "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --no-header --no-emit-package databricks-utils --no-emit-package lakewright "$@" -o "requirements/$lock"
}

ours=(--extra ml --extra testing packages/databricks-utils/pyproject.toml packages/lakewright/pyproject.toml)
lock dev.lock "$@" -c "$work/imported.txt" --group bench --group dev --group docs "${ours[@]}"
cp requirements/dev.lock requirements/flights.lock # where both have a choice, they have the same versions
lock flights.lock "$@" -c "$work/constraints.txt" "${ours[@]}" "$work/flights.in"
lock java.lock "$@" requirements/java.in
lock release.lock "$@" -c requirements/dev.lock --group release
