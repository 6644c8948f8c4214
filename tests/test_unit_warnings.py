"""A warning fails a unit test, and no other test."""

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.unit

WARNS = "def test_it(): warnings.warn('old', DeprecationWarning)"


@pytest.fixture
def outcomes(pytester):
    """Run a module of tests under the plugin; give the numbers of its outcomes."""
    pytester.makeini("[pytest]\nmarkers = unit\n")

    def run(*lines):
        pytester.makepyfile("\n".join(["import warnings, pytest", *lines]))
        found = pytester.runpytest_inprocess("-p", "unit_warnings", "-p", "no:cacheprovider")
        return {kind: count for kind, count in found.parseoutcomes().items() if "warning" not in kind}

    return run


def test_a_warning_fails_a_unit_test(outcomes):
    assert outcomes("@pytest.mark.unit", WARNS) == {"failed": 1}


def test_a_warning_does_not_fail_another_test(outcomes):
    assert outcomes(WARNS) == {"passed": 1}


@pytest.mark.parametrize(
    "lines",
    [
        ["@pytest.mark.unit", "@pytest.mark.filterwarnings('ignore:old')", WARNS],
        ["pytestmark = [pytest.mark.unit, pytest.mark.filterwarnings('ignore:old')]", WARNS],
    ],
    ids=["of the test", "of the module"],
)
def test_a_mark_lets_a_warning_pass(outcomes, lines):
    assert outcomes(*lines) == {"passed": 1}
