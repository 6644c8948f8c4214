"""The plan of prod, made once."""

import pytest
from infrastructure.planned import Planned, plan


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    return plan(tmp_path_factory.mktemp("prod"), "prod")
