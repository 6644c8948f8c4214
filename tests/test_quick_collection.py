"""The search for garbage pauses while tests are collected, and looks at nothing that was collected."""

import gc

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.unit

while_collecting = gc.isenabled()


def test_it_was_off_while_this_module_was_collected_and_is_on_now() -> None:
    assert not while_collecting
    assert gc.isenabled()
    assert gc.get_freeze_count() > 10_000


def test_it_is_on_after_a_collection_that_fails_too(pytester) -> None:
    pytester.makepyfile("raise KeyError")
    pytester.runpytest_inprocess("-p", "quick_collection").assert_outcomes(errors=1)
    assert gc.isenabled()
