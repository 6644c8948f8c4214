"""Which values of a plan are printed: names and places of resources, and no other."""

import pytest

from lakewright.deploy.plan.shown_values import shown_value

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("catalog_name", "prod_shop", "prod_shop"),
        ("pg_version", 16, "16"),
        (
            "storage_root",
            "abfss://raw@lake.dfs.core.windows.net/a",
            "abfss://raw@lake.dfs.core.windows.net/a",
        ),
        (
            "storage_root",
            "https://lake.blob.core.windows.net/a?sig=abc%3D&se=1",
            "https://lake.blob.core.windows.net/a",
        ),
        ("storage_location", "https://user:hunter2@host/a", None),
        ("name", "dapi0123456789abcdef0123456789abcdef", None),
        ("name", "x" * 300, "x" * 160 + "…"),
        ("name", None, None),
        ("name", True, None),
        ("name", {"a": 1}, None),
        ("value", "hunter2", None),
        ("description", "hunter2", None),
        ("spark_env_vars['TOKEN']", "hunter2", None),
        ("config.name", "hunter2", None),
        ("url", "https://hooks.example.com/T0/secret", None),
    ],
)
def test_a_value_is_shown_only_if_it_is_a_name_or_a_place(field, value, shown):
    assert shown_value(field, value) == shown
