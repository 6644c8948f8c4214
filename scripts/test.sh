#!/usr/bin/env bash
# All tests with coverage: the packages', then those of the flights project, as its developer would run them.
# Thread counts are set here: on few cores, more threads only get into each other's way.
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE
python="$PWD/.venv/bin/python"
"$python" -m pytest --cov --cov-report=term:skip-covered --durations=15 "$@"
cd examples/flights
exec "$python" -m pytest -p no:cacheprovider --durations=5
