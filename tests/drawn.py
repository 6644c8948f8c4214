"""Draws some of the long tests for each run of CI, from a seed: `@pytest.mark.drawn(4)` on a module's tests runs four of them.
`@pytest.mark.drawn(3, by="answers")` draws three values of the parameter `answers` instead, and runs all tests that have one of them: for
tests that share a project or a folder which is made for each value. `@pytest.mark.drawn(1, among="ends of an engine")` draws one of all
tests that name the same group, in whichever module they stand.

A draw is made only if `LAKEWRIGHT_DRAW` is set, as `scripts/groups.py` does; pytest alone runs every test, and so does
`make soak PART=drawn`. `LAKEWRIGHT_SEED=7` repeats a draw.

A drawn test runs without those that stand before it, so it must not need them. `LAKEWRIGHT_DRAW=backwards` runs all tests of each module in
the opposite order, which finds one that does.
"""

import os
import random
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pytest

_MARK = "drawn"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line(
        "markers",
        "drawn(count, by=None, among=None): a run of CI draws so many of the module's tests with this mark, of the values of a parameter, "
        "or of the tests of all modules that name the same group",
    )


@pytest.hookimpl(trylast=True)  # what was deselected by its marks is not drawn from
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that were not drawn, and print the seed."""
    chosen = os.environ.get("LAKEWRIGHT_DRAW")
    if not chosen or config.option.collectonly:  # who lists tests wants all of them
        return
    if chosen == "backwards":
        items[:] = backwards(items)
        return
    seed = int(os.environ.get("LAKEWRIGHT_SEED") or random.SystemRandom().randrange(10_000))
    left = set(left_out(items, seed))
    if left:
        print(f"{len(left)} long tests were not drawn: LAKEWRIGHT_SEED={seed}")
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]


def left_out(items: Sequence[pytest.Item], seed: int) -> list[pytest.Item]:
    """Return the marked tests that a seed does not choose; each module, or named group, is drawn from alone."""
    drawn: dict[tuple[Path, int, str], dict[object, list[pytest.Item]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for item in items:
        if mark := item.get_closest_marker(_MARK):
            by = mark.kwargs.get("by", "")
            value = _value(item, by) if by else item.nodeid
            if value is not None:
                place = Path(mark.kwargs.get("among", item.path))
                drawn[place, int(mark.args[0]), by][value].append(item)
    left: list[pytest.Item] = []
    for (path, count, by), tests in drawn.items():
        chosen = random.Random(f"{seed} {path.name} {count} {by}".rstrip()).sample(
            list(tests), min(count, len(tests))
        )
        left += [item for value, of_value in tests.items() if value not in chosen for item in of_value]
    return left


def _value(item: pytest.Item, parameter: str) -> object:
    """Return a test's value of a parameter; None if it does not have this parameter."""
    callspec = getattr(item, "callspec", None)
    return callspec.params.get(parameter) if callspec else None


def backwards(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Return the tests of each module in the opposite order; the modules keep theirs."""
    modules = [list(tests) for _, tests in groupby(items, key=lambda item: item.path)]
    return [item for tests in modules for item in reversed(tests)]
