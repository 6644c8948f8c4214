"""The case of `make soak` that makes every test of which a run of CI makes only some."""

import sys

from group_list import FLIGHTS, GROUPS, ROOT
from soak_commands import call, run_tests

_COMMANDS, _CATALOG = "packages/lakewright", "packages/lakewright/tests/catalog"
# Each in a process of its own: an engine of the library and tests that open classic sessions cannot share one.
_APART = (("packages/databricks-utils",), (_CATALOG,), (_COMMANDS, "--ignore", _CATALOG), ("tests",))
_BACKWARDS = {"LAKEWRIGHT_DRAW": "backwards"}  # because a draw may leave out any earlier test


def run_drawn() -> str:
    """Run the marked tests, the longest tests of each group, and the groups that take turns; return how many tests passed.

    Raises:
        CaseFailedError: One failed, or there was none.
    """
    marked = [run_tests(sys.executable, "-m", "drawn", *part, environment=_BACKWARDS) for part in _APART]
    longest = [
        run_tests(sys.executable, "-m", "not unit and not drawn", *(test for test in group.long))
        for group in GROUPS
        if group.folder == ROOT and group.long
    ]
    call(sys.executable, "-m", "pytest", "-q", "--no-cov", "tests/integration", "tests/steps", folder=FLIGHTS)
    turns = [run_tests(sys.executable, *group.arguments) for group in GROUPS if group.in_turn]
    return f"{_sum(marked)} marked, {_sum(longest)} of the longest, {_sum(turns)} in turn, and the walks and steps of the example project"


def _sum(tests: list[str]) -> str:
    """Return the sum of what `run_tests` returned: `4 tests`."""
    return f"{sum(int(text.split()[0]) for text in tests)} tests"
