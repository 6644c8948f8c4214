"""A step that has nothing to do ends at once; so it must name everything that it depends on."""

from typing import Any

import pytest
from databricks_utils.catalog import CatalogHelper
from databricks_utils.context import Context

from flights.features.job import features_step

pytestmark = [pytest.mark.contract, pytest.mark.unit]
NO_SESSION: Any = None  # what a step depends on is known without one


def test_the_features_are_built_again_if_their_code_or_a_threshold_changes(config):
    def definition(**extra):
        own = config.model_copy(update={"extra": {**config.extra, **extra}})
        return features_step(NO_SESSION, Context(own, CatalogHelper(own))).definition

    assert any("features.build.build_features" in part for part in definition())
    assert any("features.history.outcomes" in part for part in definition())
    assert definition() == definition() != definition(late_after_minutes=99)
