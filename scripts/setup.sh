#!/usr/bin/env bash
# Creates .venv with everything for development, tests and the demo; does nothing if it is up to date.
# Needs Python 3.11 or newer (takes 3.12 if it is there) and a package index; installs uv and a Java runtime if they are missing.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/tools.sh

python="$(find_python)"
uv="$(find_uv "$python")"
java_lock=""
has_java || java_lock="requirements/java.lock"

stamp=".venv/.installed"
# shellcheck disable=SC2086 # java_lock is empty or one word
wanted="$(cat requirements/dev.lock $java_lock packages/*/pyproject.toml pyproject.toml | sha256)"
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi

say "installing into .venv (once; from then on nothing is downloaded)"
[ -x .venv/bin/python ] || "$uv" venv --quiet --no-python-downloads --python "$python" .venv
# shellcheck disable=SC2086
"$uv" pip install --quiet --python .venv/bin/python --require-hashes -r requirements/dev.lock ${java_lock:+-r $java_lock}
"$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation \
  -e packages/databricks-utils -e packages/lakewright
echo "$wanted" > "$stamp"
