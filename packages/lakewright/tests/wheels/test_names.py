"""No install command in a message asks an index for our packages."""

import doctest

import pytest

from lakewright.wheels import names
from lakewright.wheels.names import install_line

pytestmark = pytest.mark.unit


def test_the_examples():
    assert doctest.testmod(names).failed == 0


@pytest.mark.parametrize(
    "ours", ["databricks-utils", "databricks_utils[ml]>=1", "Lakewright", "databricks-ai-agents==2"]
)
def test_our_packages_come_from_the_project(ours):
    assert install_line([ours]).startswith("pip install --no-deps --require-hashes -r wheels/wheels.lock && ")
    both = install_line([ours, "click"], tool="uv pip").splitlines()
    assert both[0] == "uv pip install click"
    assert both[1].startswith("uv pip install --no-deps --require-hashes -r wheels/wheels.lock && ")
