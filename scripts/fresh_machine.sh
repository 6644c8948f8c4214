#!/usr/bin/env bash
# Checks that python3, make, git and a network to the package registries are enough: in a fresh clone, with an empty
# HOME, empty caches, and a PATH without java, uv and other unusual tools.
# The first target may download. The later targets run without a network except the loopback device, if the kernel allows
# that (`unshare`), and every registry's address is a closed port: a target that passes has downloaded nothing.
#   scripts/fresh_machine.sh [make target ...]      (default: demo ci)
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/tools.sh

work="$(mktemp -d)"
remove() { rm -rf "$work" || { sleep 2; rm -rf "$work"; }; }
trap remove EXIT
mkdir -p "$work/home" "$work/bin" "$work/tmp"

python="$(find_python)"
ln -s "$python" "$work/bin/python3"
for tool in make git bash sh env awk sed grep cat cp mv rm ln ls mkdir mktemp head tail sort tr cut wc dirname basename \
  readlink realpath sha256sum touch chmod date sleep uname id find xargs tee printf true false stty tput expr test kill ps tar diff cmp timeout unshare mount; do
  path="$(type -P "$tool" || true)"
  [ -z "$path" ] || ln -s "$path" "$work/bin/$tool"
done
for hidden in java uv; do
  if PATH="$work/bin" type -P "$hidden" >/dev/null; then fail "$hidden is still on PATH" "fix this script"; fi
done

# Keep only the variables with which a company's machine reaches its registries.
kept=()
while IFS= read -r name; do
  kept+=("$name=${!name}")
done < <(compgen -e | grep -iE '^(https?_proxy|no_proxy|all_proxy|ssl_cert_(file|dir)|requests_ca_bundle|curl_ca_bundle|pip_(index_url|extra_index_url|cert|trusted_host|default_timeout)|uv_(index|default_index|index_url|native_tls)|lakewright_(maven_url|seed|infrastructure)|ci)$' || true)

closed="http://127.0.0.1:9"
without_network=(
  {http,https,all}_proxy="$closed" {HTTP,HTTPS,ALL}_PROXY="$closed" {no_proxy,NO_PROXY}=localhost,127.0.0.1
  {PIP,UV}_INDEX_URL="$closed" {PIP,UV}_EXTRA_INDEX_URL= UV_DEFAULT_INDEX="$closed" UV_INDEX= LAKEWRIGHT_MAVEN_URL="$closed"
)
alone=() closed_how="every registry closed"
if unshare --map-root-user --net true 2>/dev/null; then
  alone=(unshare --map-root-user --net "$python" "$PWD/scripts/only_loopback.py") closed_how="without a network"
fi

git clone --quiet --no-hardlinks . "$work/clone"
cd "$work/clone"
[ $# -gt 0 ] || set -- demo ci
bare() { env -i ${kept[@]+"${kept[@]}"} HOME="$work/home" TMPDIR="$work/tmp" PATH="$work/bin" LANG=C.UTF-8 "$@"; }

stop_demo() { # the engine of the demo outlives its run; a step without a network cannot reach the one of the step before
  [ ! -x "$work/clone/demo/flights/.venv/bin/lakewright" ] || (cd "$work/clone/demo/flights" && bare .venv/bin/lakewright engine stop)
}
trap 'stop_demo || true; remove' EXIT

step() { # target, where, what stands before `make`
  local target="$1" where="$2" started=$SECONDS
  say "make $target, on a bare machine$where"
  bare "${@:3}" make "$target"
  say "make $target took $((SECONDS - started)) s"
}

step "$1" ""
for target in "${@:2}"; do
  stop_demo
  step "$target" ", $closed_how" "${without_network[@]}" ${alone[@]+"${alone[@]}"}
done
