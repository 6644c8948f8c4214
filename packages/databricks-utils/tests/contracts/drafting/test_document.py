"""A draft as YAML: the order of the keys, the comments, and that every type is read back as it was."""

import pytest

from databricks_utils.contracts import load_contract, not_confirmed
from databricks_utils.contracts.drafting.document import Draft, write_yaml
from databricks_utils.contracts.drafting.properties import DraftProperty
from databricks_utils.contracts.types.spark_types import parse

pytestmark = pytest.mark.unit

SERVER = {"server": "local", "type": "databricks", "catalog": "c", "schema": "s"}


def draft(*properties, **parts):
    return Draft("orders", "table", "the table c.s.orders", "all 3 rows", SERVER, properties, **parts)


def loaded(tmp_path, made):
    file = tmp_path / "orders.odcs.yaml"
    file.write_text(write_yaml(made), encoding="utf-8")
    return load_contract(file)


def test_the_keys_stand_in_the_order_in_which_a_person_writes_them():
    item = DraftProperty(
        "price", parse("decimal(10, 2)"), "What it costs", {"required": "none of 3 values is missing", "minimum": "the least"},
        required=True, options={"minimum": "0.5"},
    )  # fmt: skip
    text = write_yaml(
        draft(item, missing={"NA": "it is no word"}, checks={"pos": "price > 0"}, tags=("a=b",))
    )
    assert (
        text[text.index("apiVersion") :]
        == """\
apiVersion: v3.2.0
kind: DataContract
id: orders
name: orders
version: 0.1.0
status: draft
# TODO: description: {purpose: …, usage: …, limitations: …}
# TODO: team, support, slaProperties
servers:
  - server: local
    type: databricks
    catalog: c
    schema: s
schema:
  - name: orders
    physicalType: table
    # TODO: description: what one row stands for
    tags: ['a=b']
    customProperties:
      # guess: NA means a missing value: it is no word
      - property: missingValues
        value: [NA]
      - property: guessed
        value: [missingValues]
    quality:
      - name: pos
        type: text
        description: 'CHECK (price > 0)'
    properties:
      - name: price
        description: What it costs
        logicalType: number
        physicalType: 'decimal(10, 2)'
        required: true  # guess: none of 3 values is missing
        logicalTypeOptions:
          minimum: 0.5  # guess: the least
        customProperties:
          - property: guessed
            value: [required, minimum]
"""
    )


@pytest.mark.parametrize(
    "kind",
    ["tinyint", "smallint", "int", "bigint", "float", "double", "decimal(38, 18)", "boolean", "string", "varchar(3)", "char(4)",
     "binary", "date", "timestamp", "timestamp_ntz", "variant", "array<array<int>>", "map<string, array<date>>",
     "struct<a: int, `b c`: struct<d: map<int, variant>>>", "array<struct<a: timestamp_ntz, b: decimal(5, 1)>>"],
)  # fmt: skip
def test_each_type_is_read_back(tmp_path, kind):
    found = parse(kind)

    def fields(given):
        return tuple(DraftProperty(each.name, each.type, fields=fields(each.type)) for each in given.fields)

    contract = loaded(tmp_path, draft(DraftProperty("x", found, fields=fields(found))))
    assert contract.tables[0].columns[0].type == found


def test_nested_fields_keep_their_comments_and_not_null_inside_of_arrays(tmp_path):
    kind = parse("array<struct<a: int not null comment 'it''s'>>".replace("''", "\\'"))
    contract = loaded(tmp_path, draft(DraftProperty("x", kind)))
    (inner,) = contract.tables[0].columns[0].type.inner[0].fields
    assert (inner.nullable, inner.comment) == (False, "it's")


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "#", " ", "'"])
def test_the_delimiter_of_files_is_a_setting_of_the_table(tmp_path, delimiter):
    contract = loaded(tmp_path, draft(custom={"delimiter": delimiter}))
    assert contract.tables[0].settings.delimiter == delimiter


def test_a_table_without_columns_loads(tmp_path):
    assert loaded(tmp_path, draft()).tables[0].columns == ()


def test_guesses_are_counted_and_listed_until_they_are_confirmed(tmp_path):
    inner = DraftProperty("f", parse("int"), guessed={"minimum": "m"}, options={"minimum": "1"})
    outer = DraftProperty(
        "s", parse("struct<f: int>"), guessed={"required": "r"}, required=True, fields=(inner,)
    )
    made = draft(outer, missing={"NA": "it is no word"})
    assert made.guesses == 3
    assert not_confirmed(loaded(tmp_path, made)) == (
        "orders: missingValues", "orders: s: required", "orders: s.f: minimum",
    )  # fmt: skip
    confirmed = write_yaml(made).replace("[minimum]", "[]").replace("[missingValues]", "[]")
    file = tmp_path / "confirmed.odcs.yaml"
    file.write_text(confirmed, encoding="utf-8")
    assert not_confirmed(load_contract(file)) == ("orders: s: required",)


@pytest.mark.parametrize("name", ["no", "a: b", "it's", "# x", "two\nlines", "ключ", "*"])
def test_odd_names_are_read_back(tmp_path, name):
    made = Draft(
        name,
        "table",
        f"the table {name}",
        "all",
        SERVER,
        (DraftProperty(name, parse("int"), description=name),),
    )
    contract = loaded(tmp_path, made)
    assert (contract.id, contract.tables[0].name, contract.tables[0].columns[0].name) == (name, name, name)
