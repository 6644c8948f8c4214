"""The small bundle, and the flights project with its wheels, made once."""

import shutil
from pathlib import Path

import pytest
from deploying.shop import Shop
from flights_on_workspace import copy_flights


@pytest.fixture
def shop(tmp_path: Path, workspace) -> Shop:
    """A bundle with a resource of each kind, and a workspace that is ready for it."""
    return Shop(tmp_path / "shop", workspace)


@pytest.fixture(scope="session")
def flights_with_wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_flights(tmp_path_factory.mktemp("with_wheels"))


@pytest.fixture
def flights(flights_with_wheels: Path, tmp_path: Path) -> Path:
    """The flights project in a folder of the test's own."""
    project = tmp_path / "flights"
    shutil.copytree(flights_with_wheels, project)
    return project
