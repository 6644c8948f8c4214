"""Nothing that a contract says can change unseen: each key of the standard's classes is compared."""

import pytest
import yaml
from open_data_contract_standard.model import (
    Constraint,
    DataQuality,
    EnumValue,
    OpenDataContractStandard,
    Role,
    SchemaObject,
    SchemaProperty,
    Server,
    ServiceLevelAgreementProperty,
)

from databricks_utils.contracts import load_contract
from databricks_utils.contracts.changes import compare

pytestmark = pytest.mark.unit

# What two texts of one key are, where a word will not do.
VALUES = {
    "tags": (["x"], ["y"]),
    "examples": (["x"], ["y"]),
    "synonyms": ([{"synonym": "x"}], [{"synonym": "y"}]),
    "authoritativeDefinitions": ([{"url": "x", "type": "y"}], [{"url": "y", "type": "y"}]),
    "customProperties": ([{"property": "x", "value": 1}], [{"property": "x", "value": 2}]),
    "relationships": ([{"to": "x.y"}], [{"to": "x.z"}]),
    "quality": ([{"metric": "rowCount", "mustBe": 1}], [{"metric": "rowCount", "mustBe": 2}]),
    "enum": ([{"value": "x"}], [{"value": "y"}]),
    "transformSourceObjects": (["x"], ["y"]),
    "arguments": ({"x": 1}, {"x": 2}),
    "logicalTypeOptions": ({"minLength": 1}, {"minLength": 2}),
    "items": ({"logicalType": "string"}, {"logicalType": "date"}),
    "map": (
        {"key": {"logicalType": "string"}, "value": {"logicalType": "string"}},
        {"key": {"logicalType": "string"}, "value": {"logicalType": "date"}},
    ),
    "properties": ([{"name": "x", "logicalType": "date"}], [{"name": "y", "logicalType": "string"}]),
    "context": ({"verifiedStatements": [{"question": "x"}]}, {"verifiedStatements": [{"question": "y"}]}),
    "semanticType": ("column", "dimension"),
    "physicalType": ("varchar(3)", "varchar(4)"),
    "logicalType": ("string", "date"),
    "roles": ([{"role": "x"}], [{"role": "y"}]),
    "schema": ([{"name": "x"}], [{"name": "y"}]),
    "support": ([{"channel": "x"}], [{"channel": "y"}]),
    "team": ({"name": "x"}, {"name": "y"}),
    "description": ("x", "y"),
    "servers": ([{"server": "x", "type": "s3"}], [{"server": "y", "type": "s3"}]),
    "slaProperties": ([{"property": "x", "value": 1}], [{"property": "y", "value": 1}]),
    "price": ({"priceAmount": 1}, {"priceAmount": 2}),
    "metric": ("rowCount", "nullValues"),
    "type": ("s3", "kafka"),
    "port": (1, 2),
    "dimension": ("accuracy", "coverage"),
    "partitionKeyPosition": (1, 2),
    "primaryKeyPosition": (1, 2),
    **dict.fromkeys(
        (
            "mustBeGreaterThan",
            "mustBeGreaterOrEqualTo",
            "mustBeLessThan",
            "mustBeLessOrEqualTo",
            "mustBe",
            "mustNotBe",
        ),
        (1, 2),
    ),
    **dict.fromkeys(("mustBeBetween", "mustNotBeBetween"), ([1, 5], [2, 5])),
    **dict.fromkeys(
        (*("deprecated", "primaryKey", "required", "unique", "partitioned", "criticalDataElement"),),
        (False, True),
    ),
}
COLUMN_KINDS = {
    "properties": {"logicalType": "object"},
    "items": {"logicalType": "array"},
    "map": {"logicalType": "map"},
    "logicalType": {},
}


def keys_of(model):
    return [field.alias or name for name, field in model.model_fields.items()]


def a_column(key, value):
    given = COLUMN_KINDS.get(key, {"logicalType": "string"})
    other = {"name": "k", "logicalType": "string", "primaryKey": True, "primaryKeyPosition": 9}
    own = {"name": "a", **given, key: value}
    if key == "primaryKeyPosition":
        own["primaryKey"], other["primaryKeyPosition"] = True, 3 - value
    if key == "name":
        own["physicalName"] = "a"
    return {"schema": [{"name": "t", "properties": [own, other]}]}


def a_table(key, value):
    given = {"name": "t", "properties": [{"name": "a", "logicalType": "string"}], key: value}
    if key == "name":
        given["physicalName"] = "t"
    return {"schema": [given]}


def a_check(key, value):
    given = {"id": "c", "metric": "rowCount", key: value}
    if key == "type":
        given |= {"type": "library" if value == "s3" else "text"}
    if key == "id":
        given["name"] = "x"
    if key == "rule":
        given.pop("metric")
    return a_table("quality", [given])


def an_enum_value(key, value):
    given = {"value": "x", key: value}
    return a_column("enum", [given])


def a_server(key, value):
    given = {"server": "p", "type": "s3", key: str(value) if key == "schema" else value}
    if key == "server":
        given["id"] = "p"
    return {"servers": [given]}


def a_role(key, value):
    given = {"role": "p", key: value}
    if key == "role":
        given["id"] = "p"
    return {"roles": [given]}


def a_service_level(key, value):
    return {"slaProperties": [{"property": "latency", "value": 9, key: value}]}


def a_constraint(key, value):
    return {"context": {"constraints": [{"id": "x", "constraint": "Do not.", key: value}]}}


def the_contract(key, value):
    value = {"purpose": value} if key == "description" else value
    return {key: value}


EVERYTHING = [
    *((a_column, key) for key in keys_of(SchemaProperty)),
    *((a_table, key) for key in keys_of(SchemaObject)),
    *((a_check, key) for key in keys_of(DataQuality)),
    *((an_enum_value, key) for key in keys_of(EnumValue)),
    *((a_server, key) for key in keys_of(Server)),
    *((a_role, key) for key in keys_of(Role)),
    *((a_service_level, key) for key in keys_of(ServiceLevelAgreementProperty)),
    *((a_constraint, key) for key in keys_of(Constraint)),
    *((the_contract, key) for key in keys_of(OpenDataContractStandard)),
]
FIXED = {"kind", "version"}  # there is one kind, and the version is what the changes are held against


@pytest.mark.parametrize(("place", "key"), [item for item in EVERYTHING if item[1] not in FIXED])
def test_no_key_of_the_standard_changes_unseen(tmp_path, place, key):
    contracts = []
    for at, value in enumerate(VALUES.get(key, ("x", "y"))):
        data = {
            "apiVersion": "v3.2.0",
            "kind": "DataContract",
            "id": "shop",
            "version": "1.0.0",
            "status": "active",
            **place(key, value),
        }
        if key == "apiVersion":
            data["apiVersion"] = f"v3.{at + 1}.0"
        file = tmp_path / f"{at}.odcs.yaml"
        file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
        contracts.append(load_contract(file))
    found = compare(*contracts)
    assert found.changes or not found.verdict.fits, key
