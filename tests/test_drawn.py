"""A run of CI draws some of the marked tests; each other run makes all of them."""

import pytest
from drawn import left_out

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.unit
MODULE = """
import pytest

@pytest.mark.drawn(2)
@pytest.mark.parametrize("number", range(9))
def test_long(number):
    pass

def test_short():
    pass
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Run the module with some variables; return the names of the tests that ran, and the printed seed."""

    def ran(*arguments: str, **variables: str) -> tuple[list[str], str]:
        for name in ("LAKEWRIGHT_DRAW", "LAKEWRIGHT_SEED"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        pytester.makepyfile(test_module=MODULE)
        result = pytester.runpytest("-p", "drawn", "-v", "-p", "no:cacheprovider", *arguments)
        lines = result.outlines
        names = [line.split("::")[1].split()[0] for line in lines if "PASSED" in line]
        seeds = [line.split("LAKEWRIGHT_SEED=")[1].split()[0] for line in lines if "LAKEWRIGHT_SEED=" in line]
        return names, "".join(seeds)

    return ran


def test_without_a_draw_every_test_runs(run) -> None:
    names, seed = run()
    assert (len(names), seed) == (10, "")


def test_a_draw_runs_so_many_of_the_marked_tests_and_all_others(run) -> None:
    names, seed = run(LAKEWRIGHT_DRAW="1")
    assert len(names) == 3
    assert "test_short" in names
    assert run(LAKEWRIGHT_DRAW="1", LAKEWRIGHT_SEED=seed) == (names, seed)


def drawn_from(items: list[pytest.Item], seed: int) -> tuple[str, ...]:
    left = left_out(items, seed)
    return tuple(item.name for item in items if item not in left)


def test_another_seed_draws_other_tests(run, pytester) -> None:
    items = pytester.getitems(MODULE)  # collected once: a run takes a quarter of a second
    drawn = {drawn_from(items, seed) for seed in range(100)}
    assert len(drawn) > 5
    assert {name for names in drawn for name in names} == {
        "test_short",
        *(f"test_long[{n}]" for n in range(9)),
    }
    first, second = (run(LAKEWRIGHT_DRAW="1", LAKEWRIGHT_SEED=seed)[0] for seed in ("0", "1"))
    assert first != second


BY_VALUE = """
import pytest

pytestmark = pytest.mark.drawn(2, by="folder")

@pytest.fixture(scope="module", params=["a", "b", "c", "d"])
def folder(request):
    return request.param

@pytest.mark.parametrize("number", range(3))
def test_in_a_folder(folder, number):
    pass

def test_without():
    pass
"""


def test_values_of_a_parameter_are_drawn_and_all_tests_with_them_run(pytester, monkeypatch) -> None:
    items = pytester.getitems(BY_VALUE)
    drawn = set()
    for seed in range(30):
        names = drawn_from(items, seed)
        assert len(names) == 7
        of_folder = [one for one in "abcd" if f"test_in_a_folder[{one}-0]" in names]
        assert len(of_folder) == 2
        drawn.add("".join(of_folder))
    assert len(drawn) > 1
    assert set("".join(drawn)) == set("abcd")
    monkeypatch.setenv("LAKEWRIGHT_DRAW", "1")
    result = pytester.runpytest("-p", "drawn", "-v", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=7, deselected=6)


def test_of_a_named_group_one_test_of_all_modules_is_drawn(pytester, monkeypatch) -> None:
    text = "import pytest\n@pytest.mark.drawn(1, among='ends')\n@pytest.mark.parametrize('n', range(2))\ndef test_it(n): pass"
    pytester.makepyfile(test_one=text, test_two=f"{text}\ndef test_short(): pass")
    monkeypatch.setenv("LAKEWRIGHT_DRAW", "1")
    modules = set()
    for seed in range(9):
        monkeypatch.setenv("LAKEWRIGHT_SEED", str(seed))
        result = pytester.runpytest("-p", "drawn", "-v", "-p", "no:cacheprovider")
        result.assert_outcomes(passed=2, deselected=3)
        (chosen,) = (line for line in result.outlines if "::test_it[" in line)
        modules.add(chosen.partition("::")[0])
    assert modules == {"test_one.py", "test_two.py"}


def test_only_selected_tests_are_drawn_from(run) -> None:
    assert len(run("-k", "test_long", LAKEWRIGHT_DRAW="1")[0]) == 2


def test_backwards_runs_every_test_in_the_opposite_order(run) -> None:
    names, _ = run()
    assert run(LAKEWRIGHT_DRAW="backwards") == (names[::-1], "")


def test_a_test_that_needs_an_earlier_one_fails_backwards(pytester, monkeypatch) -> None:
    pytester.makepyfile(
        test_two="seen = []\ndef test_first(): seen.append(1)\ndef test_second(): assert seen"
    )
    for order, failed in (("", 0), ("backwards", 1)):
        monkeypatch.setenv("LAKEWRIGHT_DRAW", order)
        result = pytester.runpytest("-p", "drawn", "-p", "no:cacheprovider")
        result.assert_outcomes(passed=2 - failed, failed=failed)
