"""`tmp_path` in constant time: pytest looks for a free number among the folders of all tests before, which is slow for thousands.

The folder is what pytest makes: empty, for this user alone, kept after the test, and named after it.
"""

import re
from itertools import count
from pathlib import Path

import pytest

_LONGEST = 30  # characters of a test's name, as pytest has it: a path must stay short enough for a socket
_numbers = count()


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of the test's own."""
    parent = tmp_path_factory.getbasetemp() / "own"
    parent.mkdir(mode=0o700, exist_ok=True)
    name = re.sub(r"\W", "_", request.node.name)[:_LONGEST]
    folder = parent / f"{name}{next(_numbers)}"
    folder.mkdir(mode=0o700)
    return folder
