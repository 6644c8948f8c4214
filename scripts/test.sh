#!/usr/bin/env bash
# All tests with coverage: the packages', then those of the flights project, as its developer would run them.
# Each group is a process of its own: a Python process is either attached to an engine or has a JVM inside, never both.
# Thread counts are set here: on few cores, more threads only get into each other's way.
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE
python="$PWD/.venv/bin/python"

group() { # title, pytest arguments
  printf '── tests: %s\n' "$1" >&2
  shift
  "$python" -m pytest -q --durations=5 --cov --cov-append --cov-report= "$@"
}

rm -f .coverage
group "everything that needs no JVM" -m unit
group "the shared library on an engine" -m "not unit" packages/databricks-utils
group "the catalog plugin" -m "not unit" packages/lakewright/tests/catalog
group "engine, runner and commands" -m "not unit" packages/lakewright --ignore packages/lakewright/tests/catalog
group "kills and full disks" -m "not unit" tests
"$python" -m coverage report --skip-covered --format=total | sed 's/^/coverage, percent: /'
printf '── tests: the flights project\n' >&2
cd examples/flights
exec "$python" -m pytest -q -p no:cacheprovider --durations=5
