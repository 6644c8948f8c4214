"""The fixture `workspace`: a fake workspace of the test's own. pytest loads it everywhere (`addopts` in pyproject.toml)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from workspace_fake.workspace import FakeWorkspace


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch) -> "Iterator[FakeWorkspace]":
    """A workspace that holds one administrator and nothing else."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")  # a proxy of the machine does not know it
    from workspace_fake.workspace import FakeWorkspace  # only here: the SDK's services take seconds to import

    with FakeWorkspace() as started:
        yield started
