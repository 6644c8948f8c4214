#!/usr/bin/env bash
# All tests, in groups that run side by side; at the end a table of the minutes that each group took.
# Thread counts are set here: on few cores, more threads only slow each other down.
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE
exec .venv/bin/python scripts/groups.py "$@"
