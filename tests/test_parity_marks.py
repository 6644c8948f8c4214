"""The marks of tests that show a difference between a laptop and a workspace."""

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.unit

FIELDS = {
    "where": ("connect", "classic"),
    "area": "Files",
    "what": "a thing",
    "fails": "NO_SUCH_THING",
    "reason": "nobody has done it",
    "link": "https://docs.databricks.com/x",
}


def mark(kind="ours", **fields):
    """A mark in source text; a field that is None is left out."""
    fields = {**FIELDS, **fields}
    if kind in {"never", "unverified"}:
        fields["instead"] = fields.pop("fails")
    given = ", ".join(f"{name}={value!r}" for name, value in fields.items() if value is not None)
    return f"@pytest.mark.{kind}({given})"


@pytest.fixture
def outcomes(pytester):
    """Run a module of tests under the plugin; give its outcomes."""
    pytester.makeini("[pytest]\naddopts = --strict-markers\n")

    def run(*lines):
        pytester.makepyfile(
            "\n".join(["import pytest", "FAIL = AssertionError('[NO_SUCH_THING] at 1')", *lines])
        )
        result = pytester.runpytest_inprocess("-p", "parity_marks", "-p", "no:cacheprovider")
        return result, result.parseoutcomes()

    return run


@pytest.mark.parametrize("kind", ["ours", "upstream"])
def test_a_marked_test_that_fails_as_expected_is_an_expected_failure(outcomes, kind):
    assert outcomes(mark(kind), "def test_it(): raise FAIL")[1] == {"xfailed": 1}


@pytest.mark.parametrize("kind", ["ours", "upstream"])
def test_a_marked_test_that_passes_is_a_failure(outcomes, kind):
    result, found = outcomes(mark(kind), "def test_it(): pass")
    assert found == {"failed": 1}
    result.stdout.fnmatch_lines([f"*XPASS(strict)*{kind}: nobody has done it*"])


def test_a_marked_test_that_fails_with_another_message_is_a_failure(outcomes):
    assert outcomes(mark(), "def test_it(): raise ValueError('a slip in the test')")[1] == {"failed": 1}


@pytest.mark.parametrize("kind", ["never", "unverified"])
def test_a_test_that_shows_what_a_laptop_does_has_to_pass(outcomes, kind):
    assert outcomes(mark(kind), "def test_it(): pass")[1] == {"passed": 1}
    assert outcomes(mark(kind), "def test_it(): raise FAIL")[1] == {"failed": 1}


def test_a_test_may_show_several_things_that_a_laptop_never_has(outcomes):
    assert outcomes(mark("never"), mark("never", what="another"), "def test_it(): pass")[1] == {"passed": 1}


def test_only_the_named_mode_is_expected_to_fail(outcomes):
    both = "@pytest.mark.parametrize('spark', ['classic', 'connect'])"
    test = "def test_it(spark):\n    if spark == 'connect': raise FAIL"
    assert outcomes(both, mark(where="connect"), test)[1] == {"passed": 1, "xfailed": 1}
    assert outcomes(both, mark(where="classic"), test)[1] == {"failed": 2}


def test_a_mark_on_one_parameter_is_for_that_parameter(outcomes):
    param = mark().removeprefix("@")
    cases = f"@pytest.mark.parametrize('x', [1, pytest.param(2, marks={param})])"
    assert outcomes(cases, "def test_it(x):\n    if x == 2: raise FAIL")[1] == {"passed": 1, "xfailed": 1}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (mark(reason=None), "`ours` has no reason"),
        (mark(reason=" "), "`ours` has no reason"),
        (mark(where=None), "`ours` has no where"),
        (mark(what=None), "`ours` has no what"),
        (mark(fails=None), "`ours` has no fails"),
        (mark("upstream", link=None), "`upstream` has no link"),
        (mark("never", fails=""), "`never` has no instead"),
        (mark("unverified", instead=None, fails=None), "`unverified` has no instead"),
        (mark("unverified", workspace="works"), "`unverified` has no field workspace"),
        (f"{mark('ours')}\n{mark('unverified')}", "marks that exclude each other for classic, connect"),
        (mark("never", where="serverless"), "unknown mode 'serverless'; the modes are connect, classic"),
        (mark(area="Oddities"), "unknown area 'Oddities'; the areas are Sessions"),
        (mark(link="docs/x.md"), "does not begin with https://"),
        (mark(resaon="x"), "`ours` has no field resaon"),
        ("@pytest.mark.ours('no names')", "takes fields by name only, not 'no names'"),
        (mark(where="connect"), "a mark for connect alone, but the test has no parameter `spark`"),
        (f"{mark('ours')}\n{mark('never')}", "marks that exclude each other for classic, connect"),
        (f"{mark('ours')}\n{mark('upstream')}", "marks that exclude each other for classic, connect"),
    ],
)
def test_a_mark_that_is_not_complete_ends_the_collection(outcomes, wrong, words):
    result, found = outcomes(wrong, "def test_it(): raise FAIL")
    assert (found, result.ret) == ({}, pytest.ExitCode.USAGE_ERROR)
    output = result.stderr.str() + result.stdout.str()
    assert "::test_it: " in output
    assert words in output


def test_the_marks_are_registered_with_their_meaning(pytester):
    lines = pytester.runpytest_inprocess("-p", "parity_marks", "--markers").stdout.str()
    for words in (
        "ours(where=",
        "upstream(where=",
        "never(where=",
        "unverified(where=",
        "a strict expected failure",
    ):
        assert words in lines
