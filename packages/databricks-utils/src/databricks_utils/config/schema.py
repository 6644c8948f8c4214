"""The JSON Schema of a configuration file, for completion, hover texts and checks in an editor.

A file is one of several layers: the schema requires no key, and allows `${NAME}` and an empty value for every key.
"""

import json
from pathlib import Path
from typing import TypeAlias

from databricks_utils.config.model.environment_config import EnvironmentConfig
from databricks_utils.config.tree import Data

SCHEMA_FILE = Path(__file__).parent / "config.schema.json"

Schema: TypeAlias = dict[str, Data]

_REFERENCE: Schema = {"type": "string", "pattern": r"\$\{"}
_EMPTY: Schema = {"type": "null"}
_SPARK_VALUE: Schema = {"type": ["string", "number", "boolean", "null"]}


def config_schema() -> Schema:
    """Return the schema, built from the model."""
    schema = EnvironmentConfig.model_json_schema(by_alias=True)
    schema["properties"].pop("environment")
    sections = {name: _section(section) for name, section in schema.pop("$defs").items()}
    sections["SparkSection"]["properties"]["config"]["additionalProperties"] = _SPARK_VALUE
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_section(schema),
        "title": "Configuration of one environment (config/*.yaml)",
        "$defs": sections,
    }


def schema_text() -> str:
    """Return the schema as it is committed in `config.schema.json`."""
    return json.dumps(config_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _section(section: Schema) -> Schema:
    properties = {name: _property(value) for name, value in section["properties"].items()}
    kept: Schema = {
        key: section[key] for key in ("type", "description", "additionalProperties") if key in section
    }
    return {**kept, "properties": properties}


def _property(value: Schema) -> Schema:
    """Return the schema of a key, extended so that a reference and an empty value are valid too."""
    inner = {key: item for key, item in value.items() if key not in {"title", "description", "default"}}
    outside = {
        key: value[key] for key in ("description", "default") if value.get(key) not in (None, "", {}, [])
    }
    if inner.get("type") == "object":
        return {
            **outside,
            "type": ["object", "null"],
            "additionalProperties": inner.get("additionalProperties", True),
        }
    if set(inner) == {"type"} and inner["type"] == "string":
        return {**outside, "type": ["string", "null"]}
    options = inner.pop("anyOf", [inner])
    if any("$ref" in option for option in options):
        return {**outside, "anyOf": [*options, _EMPTY]}
    return {**outside, "anyOf": [*(o for o in options if o != _EMPTY), _REFERENCE, _EMPTY]}


if __name__ == "__main__":  # python -m databricks_utils.config.schema writes the committed file again
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
