"""What is inside of arrays and maps is classified by its names, and is read back."""

import pytest

from databricks_utils.contracts import load_contract, not_confirmed
from databricks_utils.contracts.drafting.document import Draft, write_yaml
from databricks_utils.contracts.drafting.keys import KeyFound
from databricks_utils.contracts.drafting.looking import Known, Looked, properties_of
from databricks_utils.contracts.types.spark_types import Field, parse

pytestmark = pytest.mark.unit

NOTHING_SEEN = Looked(0, {}, {}, {}, KeyFound((), (), ""))
SERVER = {"server": "local", "type": "local", "path": "x", "format": "json"}
CONTACTS = "array<struct<email: string, iban: string, kind: string, cards: array<struct<no: bigint>>>>"


def drafted(tmp_path, **columns):
    fields = [Field(name, parse(kind)) for name, kind in columns.items()]
    made = Draft("t", "file", "the file t", "all", SERVER, properties_of(fields, NOTHING_SEEN, Known()))
    file = tmp_path / "t.odcs.yaml"
    file.write_text(write_yaml(made), encoding="utf-8")
    return made, load_contract(file)


def test_fields_inside_of_arrays_and_maps_are_classified(tmp_path):
    made, contract = drafted(
        tmp_path, contacts=CONTACTS, people="map<string, struct<ssn: string, n: int>>", emails="array<string>"
    )
    contacts, people, emails = contract.document.schema_[0].properties
    email, iban, kind, cards = contacts.items.properties
    assert [item.classification for item in (email, iban, kind)] == ["confidential", "restricted", None]
    assert cards.items.properties[0].classification == "restricted"
    assert [item.classification for item in people.map.value.properties] == ["restricted", None]
    assert (emails.classification, emails.items.classification) == ("confidential", None)
    assert made.guesses == 5
    assert not_confirmed(contract) == (
        "t: contacts[].email: classification", "t: contacts[].iban: classification",
        "t: contacts[].cards[].no: classification", "t: people (value).ssn: classification", "t: emails: classification",
    )  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    [
        CONTACTS,
        "map<string, array<map<int, struct<a: date not null, b: struct<c: array<string>>>>>>",
        "struct<a: array<struct<b: map<string, decimal(5, 1)>>>>",
        "array<array<timestamp_ntz>>",
    ],
)
def test_types_with_classified_parts_are_read_back(tmp_path, kind):
    _, contract = drafted(tmp_path, x=kind)
    assert contract.tables[0].columns[0].type == parse(kind)
