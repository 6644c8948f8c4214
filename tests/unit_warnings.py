"""A pytest plugin: in a unit test each warning is an error, unless a mark of the test or its module lets it pass.

A call that Python, pandas or Spark has deprecated is so found before it is removed. Files that are closed only when Python
collects them are left out: the collection may happen in another test.
"""

import pytest

_STRICT = ("error", "default::ResourceWarning", "default::pytest.PytestUnraisableExceptionWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("unit"):
            own = [text for mark in item.iter_markers("filterwarnings") for text in mark.args]
            item.add_marker(pytest.mark.filterwarnings(*_STRICT, *own), append=False)
