"""Run the tests that take too long for each change, case by case, and record the result of each case.

    make soak                       every case of every part
    make soak PART=kills            one part
    make soak PART=python/3.13      one case
    make soak PART=list             the cases, with their last results

The record is `tests/soak/last.json`, and `docs/reference/soak.md` shows it; both are committed. A case keeps its last result
until it runs again; a case that never ran is marked. A case fails if one of its tests is skipped. `LAKEWRIGHT_SEED=7` sets the seed
of the first kill case; the others count on from it.
"""

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from mutation_list import read_mutations
from mutations import MUTATIONS, run_mutations, verdict
from mutations import read_record as read_results
from soak_commands import (
    BUILD_TOOLS,
    TEST_TOOLS,
    CaseFailedError,
    call,
    install_build_tools,
    install_ours,
    java,
    make_environment,
    python_version,
    run_tests,
    uv,
)
from soak_drawn import run_drawn
from soak_infrastructure import INFRASTRUCTURE
from soak_record import Case, page, read_record, run, write_record
from soak_release import RELEASE

from lakewright.runtimes import DEFAULT_RUNTIME, LISTS, find_runtime, known_runtimes

PYTHONS = ("3.11", "3.12", "3.13")
KILL_CASES = 5
KILL_ROUNDS = 2
KILLS = 3  # in each round
_LIBRARY_ON_SPARK = ("-m", "not unit", "packages/databricks-utils")


def cases() -> Iterator[Case]:
    """List every case, the parts in the order in which they run."""
    yield from _with_this_environment()
    yield from _with_other_versions()
    yield from _of_whole_projects()


def _with_this_environment() -> Iterator[Case]:
    for number, seed in enumerate(kill_seeds(), start=1):
        yield Case(
            f"kills/{number}",
            f"{KILLS * KILL_ROUNDS} kills drawn from a seed lose and double no row",
            lambda _, it=seed: _kills(it),
        )
    yield Case(
        "crashes/medallion",
        "a crash before or after any write of the medallion loses and doubles no row",
        _crashes,
    )
    yield Case("drawn/tests", "every test that a run of CI draws some of", lambda _: run_drawn())
    yield Case(
        "comparisons/delta",
        "every writer and statement leaves in our catalog what it leaves in Delta's own",
        _comparisons,
    )
    yield Case(
        "walks/access",
        "after each of some ten thousand random statements on access the engine and the rules agree",
        _walks,
    )
    yield Case(
        "mutations/flights",
        "the quick tests of the example project notice nine in ten breaks, and each other one has its reason",
        _mutations,
    )
    yield Case("pipelines/all", "every pipeline passes every check, and its jobs are executed", _pipelines)
    yield Case("disks/full", "a full disk refuses what does not fit and harms nothing else", _full_disk)
    yield Case("pages/executed", "every command of the pages prints what the pages show", _pages)


def _with_other_versions() -> Iterator[Case]:
    for python in PYTHONS:
        yield Case(
            f"python/{python}",
            f"the locked versions on Python {python}",
            lambda folder, it=python: _python(folder, it),
        )
    yield Case("lowest/direct", "the lowest versions that our packages allow", _lowest)
    for runtime in known_runtimes():
        yield Case(
            f"runtimes/{runtime}",
            f"the library with the versions of {runtime}",
            lambda folder, it=runtime: _runtime(folder, it),
        )


def _of_whole_projects() -> Iterator[Case]:
    yield Case(
        f"flights/{DEFAULT_RUNTIME}",
        f"the flights project with the locked versions of {DEFAULT_RUNTIME}",
        _flights,
    )
    yield Case(
        "clusters/standalone",
        "the flights project on a cluster of two workers leaves what it leaves in one process",
        _cluster,
    )
    yield INFRASTRUCTURE
    yield Case("modes/classic", "the library on a classic session", _classic)
    yield Case(
        "demos/cold", "the demo twice from an empty machine, the second time without a download", _demos
    )
    yield RELEASE


def kill_seeds() -> range:
    """Return the first seed of each kill case; each case uses it and the next ones, so that no two cases share a seed."""
    first = int(os.environ.get("LAKEWRIGHT_SEED") or random.SystemRandom().randrange(10_000))
    return range(first, first + KILL_CASES * KILL_ROUNDS, KILL_ROUNDS)


def _kills(seed: int) -> str:
    seeds = f"seeds {seed} to {seed + KILL_ROUNDS - 1}"
    given = {
        "LAKEWRIGHT_SEED": str(seed),
        "LAKEWRIGHT_KILLS": str(KILLS),
        "LAKEWRIGHT_KILL_ROUNDS": str(KILL_ROUNDS),
    }
    try:
        return f"{seeds}, {run_tests(sys.executable, '-s', 'tests/test_kills.py', environment=given)}"
    except CaseFailedError as error:
        raise CaseFailedError(f"{seeds}: {error}") from error


def _crashes(_: Path) -> str:
    tests = "packages/databricks-utils/tests/medallion/test_crashes.py"
    return run_tests(sys.executable, tests, environment={"LAKEWRIGHT_EVERY_CRASH": "1"})


def _comparisons(_: Path) -> str:
    tests = "packages/lakewright/tests/catalog/like_delta"
    return run_tests(sys.executable, tests, environment={"LAKEWRIGHT_EVERY_COMPARISON": "1"})


def _walks(_: Path) -> str:
    folder = "packages/lakewright/tests/catalog"
    tests = [f"{folder}/{name}" for name in ("test_access_walks.py", "test_access_operations.py")]
    # All walks are examples of one test.
    return run_tests(sys.executable, "--timeout=7200", *tests, environment={"LAKEWRIGHT_WALKS": "400"})


def _mutations(folder: Path) -> str:
    run_mutations(folder)
    return verdict(read_mutations(MUTATIONS), read_results())


def _pipelines(_: Path) -> str:
    # Builds actionlint, once, into the user's cache.
    tests = ("tests/test_pipelines.py", "tests/test_pipeline_steps.py", "tests/test_project_types.py")
    return run_tests(sys.executable, *tests, environment={"LAKEWRIGHT_BUILD_TOOLS": "1"})


def _full_disk(_: Path) -> str:
    return run_tests(sys.executable, "tests/test_full_disk.py")


def _pages(_: Path) -> str:
    return run_tests(
        sys.executable, "tests/test_executed_pages.py", environment={"LAKEWRIGHT_SLOW_PAGES": "1"}
    )


def _cluster(_: Path) -> str:
    return run_tests(sys.executable, "tests/test_standalone_cluster.py")


def _classic(_: Path) -> str:
    return run_tests(sys.executable, *_LIBRARY_ON_SPARK, environment={"DBX_SPARK__MODE": "classic"})


def _demos(_: Path) -> str:
    call("scripts/fresh_machine.sh", "demo", "demo")
    alone = subprocess.run(["unshare", "--map-root-user", "--net", "true"], check=False).returncode == 0
    return f"the second time {'without a network' if alone else 'with every registry closed'}"


def _python(folder: Path, version: str) -> str:
    locked = ("--require-hashes", "-r", "requirements/dev.lock", *java())
    python = make_environment(folder, version, *locked)
    install_ours(python, "databricks-utils", "lakewright")
    return _unit_and_spark(python)


def _lowest(folder: Path) -> str:
    lock, also = folder / "lowest.txt", folder / "also.in"
    also.write_text("mlflow>=3.9\n")  # the stores of the local engine need it; a project brings its own
    packages = ("packages/databricks-utils/pyproject.toml", "packages/lakewright/pyproject.toml")
    lowest = ("--resolution", "lowest-direct", "--python-version", "3.11")
    extras = ("--no-emit-package", "databricks-utils", "--extra", "ml")
    call(uv(), "pip", "compile", "--quiet", *lowest, *extras, *packages, str(also), "-o", str(lock))
    python = make_environment(folder, "3.11", "-r", str(lock), "--group", "dev", *java())
    install_ours(python, "databricks-utils", "lakewright")
    # The index of these tests serves the build tools of their environment, which are too old here to build a project together.
    return _unit_and_spark(python, "--ignore", "tests/test_foreign_packages.py")


def _runtime(folder: Path, name: str) -> str:
    libraries = (
        "mlflow-skinny",
        "pandas",
        "numpy",
        "scikit-learn",
        "matplotlib",
        "lightgbm",
        "pyarrow",
        "sqlalchemy",
    )
    # The runtime's own versions, also of the test tools: projects test with them there.
    wanted = ("pydantic", "PyYAML", *BUILD_TOOLS, *TEST_TOOLS, *libraries)
    constraints = ("-c", str(LISTS / f"{name}.txt"))
    python = make_environment(folder, find_runtime(name).python, *constraints, *wanted)
    install_ours(python, "databricks-utils")
    # Before 8.4 pytest loads plugins before it adds the `pythonpath` of its settings.
    plugins = {"PYTHONPATH": "tests"}
    tested = run_tests(python, "-m", "unit", "packages/databricks-utils", environment=plugins)
    return f"{python_version(python)}, {tested}"


def _flights(folder: Path) -> str:
    locked = ("--require-hashes", "-r", "requirements/flights.lock", *java())
    python = make_environment(folder, find_runtime(DEFAULT_RUNTIME).python, *locked)
    install_build_tools(python)
    install_ours(python, "databricks-utils", "lakewright")
    project = folder / "flights"
    call(python, "-m", "lakewright", "init", str(project), "--defaults")
    compared = prove_same_libraries(python, project)
    call(python, "-m", "lakewright", "run", "main_pipeline", folder=project)
    return f"{python_version(python)}, {compared}"


def prove_same_libraries(python: str, project: Path) -> str:
    """Return what `lakewright doctor` says about the libraries of a project's runtime.

    Raises:
        CaseFailedError: It names a difference, or compares nothing.
    """
    doctor = (python, "-m", "lakewright", "doctor")
    printed = subprocess.run(doctor, cwd=project, capture_output=True, text=True, check=False).stdout
    lines = [line.split(maxsplit=2) for line in printed.splitlines()]
    found = [(line[0], line[2]) for line in lines if line[1:2] == ["runtime"]]
    if differing := [text for level, text in found if level != "ok"]:
        raise CaseFailedError(f"unlike the runtime: {', '.join(differing)}")
    if not found:
        raise CaseFailedError("doctor compared nothing with a runtime")
    return found[0][1]


def _unit_and_spark(python: str, *options: str) -> str:
    unit = run_tests(python, "-m", "unit", *options)
    spark = run_tests(python, *_LIBRARY_ON_SPARK)
    return f"{python_version(python)}, {unit} without and {spark} with Spark"


def chosen(known: Sequence[Case], parts: Sequence[str]) -> list[Case]:
    """Return the cases of the parts that were named, all without a name.

    Raises:
        SystemExit: A name is neither a part's nor a case's.
    """
    for part in parts:
        if not any(part in (case.name, case.name.partition("/")[0]) for case in known):
            sys.exit(f"error: there is no part or case {part}\n  fix: make soak PART=list")
    return [
        case
        for case in known
        if not parts or any(part in (case.name, case.name.partition("/")[0]) for part in parts)
    ]


def main(parts: Sequence[str]) -> int:
    """Run the parts that were named, all without a name; 1 if a case failed."""
    known = list(cases())
    if list(parts) == ["list"]:
        print(page(read_record(), known))
        return 0
    failed = []
    for case in chosen(known, parts):
        print(f"── soak: {case.name}: {case.what}", flush=True)
        entry = run(case)
        write_record({**read_record(), case.name: entry}, known)
        print(f"── soak: {case.name}: {entry['result']}, {entry['minutes']} min {entry['note']}", flush=True)
        failed += [case.name] if entry["result"] == "failed" else []
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
