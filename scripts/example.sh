#!/usr/bin/env bash
# examples/flights is the template rendered with its default answers, without the wheels of our packages: those are built
# from this workspace, and no binary is committed here (`lakewright wheels update` in examples/flights makes them).
# Without options: render it again.
# With --check: render it to another folder and fail on any difference.
set -euo pipefail
cd "$(dirname "$0")/.."
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
.venv/bin/python -c 'import pathlib, sys; from lakewright.scaffold import render_project
render_project(pathlib.Path(sys.argv[1]), answers={}, ask=False)' "$work/flights"

if [ "${1:-}" != "--check" ]; then
  git ls-files -z --cached --others --exclude-standard examples/flights | xargs -0 -r rm -f
  cp -R "$work/flights/." examples/flights/
  exit 0
fi

# Compare only files that git would track: local runs write files to the example's folder too.
mkdir "$work/committed"
git ls-files -z --cached --others --exclude-standard examples/flights |
  while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "${file#examples/flights/}"; done |
  tar -C examples/flights --null -T - -cf - | tar -C "$work/committed" -xf -
if ! diff -r "$work/committed" "$work/flights"; then
  printf 'error: examples/flights differs from the rendered template\n  fix: make example, then commit\n' >&2
  exit 1
fi
