"""What each reader of YAML makes of the values on which YAML 1.1, YAML 1.2 and Go's yaml.v3 differ.

`databricks.yml` is read as the Databricks CLI reads it (Go's yaml.v3), `config/*.yaml` by the core rules of YAML 1.2.
The overlay of a local run takes its values from `config/local.yaml` and reads them as every other configuration.
"""

import pytest

from databricks_utils.config import ConfigLoader
from lakewright.bundle import load_bundle, load_local_overlay

pytestmark = pytest.mark.unit

SAME_IN_BOTH = {
    "NO": "NO",
    "on": "on",
    "yes": "yes",
    "1:30": "1:30",
    "0o17": 15,
    "0x1F": 31,
    "2013-01-01": "2013-01-01",
    "2013-01-01T10:00:00Z": "2013-01-01T10:00:00Z",
    "True": True,
    "tRUE": "tRUE",
    "~": None,
    "1e3": 1000.0,
    ".5": 0.5,
    "'017'": "017",
}
# value → (in databricks.yml, in config/*.yaml). A configuration does not guess what a number with a leading zero is, and
# has no use for the `_` of Go; Go also reads binary numbers.
DIFFERENT = {"017": (17, "017"), "1_000": (1000, "1_000"), "0b11": (3, "0b11"), "1_0.5": (10.5, "1_0.5")}


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def in_bundle(project, text):
    (project / "databricks.yml").write_text(
        "bundle: {name: x}\ntargets: {dev: {default: true}}\n"
        f"variables:\n  v:\n    type: complex\n    default:\n      inner: {text}\n"
    )
    bundle = load_bundle(project, environ={})
    return bundle.resolved["variables"]["v"]["value"]["inner"]


def in_configuration(project, text):
    (project / "config" / "local.yaml").write_text(
        f"catalog: {{name: local_x, schema: x}}\nextra:\n  inner: {text}\nbundle_variables:\n  inner: {text}\n"
    )
    return ConfigLoader.load("local", project / "config").extra["inner"]


def in_overlay(project, text):
    (project / "config" / "local.yaml").write_text(f"bundle_variables:\n  inner: {text}\n")
    return load_local_overlay(project).variables["inner"]


@pytest.mark.parametrize(
    ("text", "bundle", "configuration"),
    [
        *((text, value, value) for text, value in SAME_IN_BOTH.items()),
        *((text, *values) for text, values in DIFFERENT.items()),
    ],
)
def test_all_readers_give_the_same_value_except_for_numbers_that_only_go_reads(
    project, text, bundle, configuration
):
    for read, expected in (
        (in_bundle, bundle),
        (in_configuration, configuration),
        (in_overlay, configuration),
    ):
        value = read(project, text)
        assert value == expected, read.__name__
        assert type(value) is type(expected), read.__name__
