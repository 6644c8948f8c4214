#!/usr/bin/env bash
# Proves that a machine with python3, make, git and a network to the package registries is enough:
# a fresh clone, an empty HOME, empty caches, and a PATH on which neither java nor uv nor anything else unusual lies.
# The first target may fetch; from the second on every registry is a closed port, so nothing can be fetched any more.
#   scripts/fresh_machine.sh [make target ...]      (default: demo demo test)
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/tools.sh

work="$(mktemp -d)"
trap 'rm -rf "$work" || { sleep 2; rm -rf "$work"; }' EXIT
mkdir -p "$work/home" "$work/bin" "$work/tmp"

python="$(find_python)"
ln -s "$python" "$work/bin/python3"
for tool in make git bash sh env awk sed grep cat cp mv rm ln ls mkdir mktemp head tail sort tr cut wc dirname basename \
  readlink realpath sha256sum touch chmod date sleep uname id find xargs tee printf true false stty tput expr test kill ps tar diff cmp timeout unshare mount; do
  path="$(type -P "$tool" || true)"
  [ -z "$path" ] || ln -s "$path" "$work/bin/$tool"
done
for hidden in java uv; do
  if PATH="$work/bin" type -P "$hidden" >/dev/null; then fail "$hidden is still on PATH" "mend this script"; fi
done

# What a company's machine sets to reach its registries is kept; nothing else is.
kept=()
while IFS= read -r name; do
  kept+=("$name=${!name}")
done < <(compgen -e | grep -iE '^(https?_proxy|no_proxy|all_proxy|ssl_cert_(file|dir)|requests_ca_bundle|curl_ca_bundle|pip_(index_url|extra_index_url|cert|trusted_host|default_timeout)|uv_(index|default_index|index_url|native_tls)|lakewright_maven_url|ci)$' || true)

closed="http://127.0.0.1:9"
without_network=(
  {http,https,all}_proxy="$closed" {HTTP,HTTPS,ALL}_PROXY="$closed" {no_proxy,NO_PROXY}=localhost,127.0.0.1
  PIP_INDEX_URL="$closed" UV_INDEX_URL="$closed" UV_DEFAULT_INDEX="$closed" LAKEWRIGHT_MAVEN_URL="$closed"
)

git clone --quiet --no-hardlinks . "$work/clone"
cd "$work/clone"
[ $# -gt 0 ] || set -- demo demo test
network=()
for target in "$@"; do
  say "make $target, on a bare machine${network[*]:+, every registry closed}"
  started=$SECONDS
  env -i ${kept[@]+"${kept[@]}"} HOME="$work/home" TMPDIR="$work/tmp" PATH="$work/bin" LANG=C.UTF-8 \
    ${network[@]+"${network[@]}"} make "$target"
  say "make $target took $((SECONDS - started)) s"
  network=("${without_network[@]}")
done
