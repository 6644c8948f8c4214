"""Which windows have changed, from their digests; the digests themselves are tested with the features that use them."""

import pytest

from databricks_utils.window_digests import changed_windows

pytestmark = pytest.mark.unit


def test_windows_that_are_new_gone_or_changed_come_in_the_order_of_time():
    then = {"2024-01-01": "1", "2024-02-01": "1", "2024-03-01": "1"}
    now = {"2024-04-01": "1", "2024-02-01": "2", "2024-03-01": "1"}
    assert changed_windows(now, then) == ["2024-01-01", "2024-02-01", "2024-04-01"]
    assert changed_windows(then, dict(then)) == []
