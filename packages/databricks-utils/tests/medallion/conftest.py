"""The shop as a fixture."""

import pytest
from shop import Shop


@pytest.fixture
def shop(spark, context):
    return Shop(spark, context)
