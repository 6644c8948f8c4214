"""The JSON Schema for editors says the same as the loader."""

import json

import jsonschema
import pytest
import yaml

from databricks_utils.config.schema import SCHEMA_FILE, config_schema
from databricks_utils.testing import example_config_folder

pytestmark = [pytest.mark.unit, pytest.mark.contract]


def test_the_committed_schema_is_the_models():
    committed = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    assert committed == config_schema(), "write it again: python -m databricks_utils.config.schema"


def test_the_schema_is_a_valid_json_schema():
    jsonschema.Draft202012Validator.check_schema(config_schema())


def test_every_key_has_a_description():
    schema = config_schema()
    holders = [schema, *schema["$defs"].values()]
    keys = {name: key for holder in holders for name, key in holder["properties"].items()}
    assert [name for name, key in keys.items() if "description" not in key and "$ref" not in str(key)] == []
    assert [name for name, section in schema["$defs"].items() if not section.get("description")] == []


@pytest.mark.parametrize("file", sorted(example_config_folder().glob("*.yaml")), ids=lambda file: file.stem)
def test_the_example_configuration_is_valid(file):
    jsonschema.validate(yaml.safe_load(file.read_text()), config_schema())


@pytest.mark.parametrize(
    "text",
    [
        "spark: {engine: {idle_minutes: '${MINUTES:-5}'}}",
        "spark:",
        "spark: {config: {a.b: 1, a.c: true}}",
        "extra: {anything: [1]}",
        "monte_carlo: {enabled: '${ON}'}",
    ],
)
def test_what_the_loader_accepts_is_valid(text):
    jsonschema.validate(yaml.safe_load(text), config_schema())


@pytest.mark.parametrize(
    "text",
    [
        "sprak: {}",
        "spark: {mode: conect}",
        "catalog: {nmae: x}",
        "monitoring: {windows: many}",
        "owner: 7",
        "spark: 3",
    ],
)
def test_what_the_loader_refuses_is_invalid(text):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text), config_schema())
