"""The groups of tests that `make test` and CI run; `groups.py` runs them."""

import sys
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLIGHTS = ROOT / "examples" / "flights"
_PYTEST = (sys.executable, "-m", "pytest")
_QUARANTINE = "packages/lakewright/tests/test_quarantine_command.py"


@dataclass(frozen=True)
class Group:
    """A group of tests that runs as one process.

    Attributes:
        name: Its name in the table.
        command: The program and its arguments.
        folder: Its working folder.
        in_ci: Whether it runs only in CI.
        long: Those of its tests, or modules of tests, that take longest. Of all groups' together a run makes `LONG_IN_A_RUN`.
        in_turn: Whether it takes turns with the other groups that have this mark: a run makes one of them.
    """

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT
    in_ci: bool = False
    long: tuple[str, ...] = ()
    in_turn: bool = False

    @property
    def arguments(self) -> tuple[str, ...]:
        """What a group of tests gives to pytest."""
        return self.command[len(_PYTEST) :]

    def with_long(self, chosen: Container[str]) -> tuple[str, ...]:
        """Return the command for a run that leaves out the long tests which are not chosen."""
        return (*self.command, *(f"--deselect={test}" for test in self.long if test not in chosen))


def _pytest(*arguments: str) -> tuple[str, ...]:
    return (*_PYTEST, "-q", "-p", "no:cacheprovider", "--durations=12", *arguments)


# A run leaves its engine running for the next one; a group leaves nothing.
_DEMO = "scripts/demo.sh demo/flights && cd demo/flights && .venv/bin/lakewright engine stop"

# What takes longest in a group. Each run makes so many of all groups', drawn from a seed, and `make soak PART=drawn` makes all.
LONG_IN_A_RUN = 2
_OF_LIBRARY = "packages/databricks-utils/tests"
_LONG_OF_LIBRARY = (
    f"{_OF_LIBRARY}/catalog/test_maintenance.py",
    f"{_OF_LIBRARY}/features/test_by_window.py::test_only_the_changed_windows_and_later_ones_are_made_and_the_table_equals_a_full_one",
    f"{_OF_LIBRARY}/medallion/test_changes.py",
    f"{_OF_LIBRARY}/medallion/test_contracts.py::test_a_raw_drop_that_drifts_is_refused_or_quarantined_and_comes_back_once_when_the_contract_follows",
    f"{_OF_LIBRARY}/medallion/test_crashes.py",
    f"{_OF_LIBRARY}/medallion/test_derivation.py",
    f"{_OF_LIBRARY}/medallion/test_nothing_to_do.py",
    f"{_OF_LIBRARY}/medallion/test_readme.py",
    f"{_OF_LIBRARY}/medallion/test_redelivery.py",
    f"{_OF_LIBRARY}/medallion/test_standing.py",
    f"{_OF_LIBRARY}/medallion/test_walk.py",
    f"{_OF_LIBRARY}/medallion/test_whole_tables.py",
    f"{_OF_LIBRARY}/mlops/test_monitoring_on_spark.py",
    f"{_OF_LIBRARY}/mlops/test_readme.py",
    f"{_OF_LIBRARY}/mlops/test_walk.py::test_a_changed_feature_set_is_reported_and_retraining_gets_out_of_it",
    f"{_OF_LIBRARY}/mlops/test_walk.py::test_the_whole_walk_and_the_same_walk_again",
    f"{_OF_LIBRARY}/testing/test_tiny_rows.py",
)
_LONG_OF_FLIGHTS = (
    "tests/integration/test_records.py::test_the_samples_of_every_source_reach_silver_and_a_bad_record_goes_to_quarantine",
    "tests/integration/test_pipeline.py::test_the_test_job_runs_in_its_own_schemas_and_leaves_none",
    "tests/integration/test_pipeline.py::test_the_pipeline_accounts_for_every_record_and_without_new_data_no_model_is_registered",
    "tests/steps/test_model_steps.py",
    "tests/steps/test_records.py",
)
_OF_COMMANDS = "packages/lakewright/tests"
_LONG_OF_COMMANDS = (
    f"{_OF_COMMANDS}/runner/process/test_fork_safety.py",
    f"{_OF_COMMANDS}/runner/test_python_defined_jobs.py",
    f"{_OF_COMMANDS}/runner/test_rights_in_a_task.py",
    f"{_OF_COMMANDS}/test_contract_data_commands.py",
    f"{_OF_COMMANDS}/test_exploring.py::test_a_notebook_in_a_subfolder_uses_the_project_and_works_after_its_engine_stops",
    f"{_OF_COMMANDS}/test_quality_in_a_job.py",
)

# The longest first, so that the lanes end together.
GROUPS = (
    Group("unit", _pytest("-m", "unit")),
    Group(
        "library on an engine",
        _pytest("-m", "not unit", "packages/databricks-utils"),
        long=_LONG_OF_LIBRARY,
    ),
    Group("catalog plugin", _pytest("-m", "not unit", "packages/lakewright/tests/catalog")),
    Group("kills", _pytest("-s", "tests/test_kills.py")),
    Group("flights project", _pytest("--no-cov"), FLIGHTS, long=_LONG_OF_FLIGHTS),
    Group(
        "engine, runner, commands",
        _pytest(
            *("-m", "not unit", "packages/lakewright", "--ignore", "packages/lakewright/tests/catalog"),
            *("--ignore", _QUARANTINE),
        ),
        long=_LONG_OF_COMMANDS,
    ),
    # An engine and a session of its own.
    Group("quarantine commands", _pytest("-m", "not unit", _QUARANTINE), in_turn=True),
    Group("demo again", ("bash", "-c", _DEMO), in_ci=True),
    Group("full disk", _pytest("tests/test_full_disk.py"), in_turn=True),
    Group("pages that need an engine", _pytest("tests/test_executed_pages.py"), in_turn=True),
    Group("static types", (sys.executable, "-m", "mypy")),
    Group(
        "documentation",
        (
            sys.executable,
            "-m",
            "sphinx",
            "-q",
            "-W",
            "--keep-going",
            "-b",
            "html",
            "docs",
            "docs/_build/html",
        ),
    ),
)
