"""The fixture `workspace`: a fake workspace of the test's own. Import it into a test module or its conftest."""

from collections.abc import Iterator

import pytest

from workspace_fake.workspace import FakeWorkspace


@pytest.fixture
def workspace() -> Iterator[FakeWorkspace]:
    """A workspace that holds one administrator and nothing else."""
    with FakeWorkspace() as started:
        yield started
