"""Each test has a folder of its own."""

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.unit

seen = set()


@pytest.mark.parametrize("value", ["a/b c" * 20, "a/b.c" * 20])
def test_a_folder_is_empty_private_short_and_nobody_elses(tmp_path, value):
    assert not list(tmp_path.iterdir())
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert tmp_path.name.startswith("test_a_folder_is_empty_private")
    assert len(tmp_path.name) < 40
    assert tmp_path.parent.name == "own"  # not the one of pytest
    assert tmp_path not in seen
    seen.add(tmp_path)


def test_it_is_below_the_base_that_was_given(pytester):
    pytester.makepyfile("def test_one(tmp_path): print(tmp_path)")
    result = pytester.runpytest("-p", "quick_folders", f"--basetemp={pytester.path / 'base'}", "-s")
    result.assert_outcomes(passed=1)
    (made,) = (pytester.path / "base").rglob("test_one*")
    assert str(made) in result.stdout.str()
