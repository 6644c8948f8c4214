#!/usr/bin/env bash
# Makes a project's folder a git repository of its own, with its files committed on the branch `main` that the bundle's targets require.
set -euo pipefail
target="$1"

[ -e "$target/.git" ] || git init --quiet "$target"
if ! git -C "$target" rev-parse --quiet --verify HEAD >/dev/null; then
  git -C "$target" symbolic-ref HEAD refs/heads/main
  git -C "$target" add --all
  git -C "$target" -c user.name=demo -c user.email=demo@localhost -c commit.gpgSign=false \
    commit --quiet --no-verify --message "Add the project from its template"
fi
