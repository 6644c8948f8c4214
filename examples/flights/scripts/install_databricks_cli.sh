#!/usr/bin/env bash
# Puts the Databricks CLI into a folder: the one version that CI uses, checked by its sha256. A new version: change all three lines, with the
# sums that Databricks publishes: https://github.com/databricks/homebrew-tap/blob/main/Formula/databricks.rb, or the release's SHA256SUMS.
#   scripts/install_databricks_cli.sh FOLDER
set -euo pipefail
version="1.12.1"
case "$(uname -m)" in
  x86_64) arch=amd64 sha256=60833feee22caa98f575c4948ccbbc9473fda0dd80c9b79544dc7b079f6a9815 ;;
  aarch64 | arm64) arch=arm64 sha256=8c2a3acd5f563fd8e3c9e64ee4566e1ec7cef087934fd4fb099d92b709f7e3a2 ;;
  *) echo "error: no sha256 for $(uname -m) is known here" >&2 && exit 2 ;;
esac

folder="${1:?the folder to put it into}"
mkdir -p "$folder"
archive="$folder/databricks_cli.zip"
curl -fsSL --proto =https --retry 3 -o "$archive" \
  "https://github.com/databricks/cli/releases/download/v$version/databricks_cli_${version}_linux_$arch.zip"
echo "$sha256  $archive" | sha256sum --check --quiet -
python3 -m zipfile -e "$archive" "$folder"
rm "$archive"
chmod +x "$folder/databricks"
"$folder/databricks" version
