"""Two notations of one promise are no change, or one of the text."""

import pytest

from databricks_utils.contracts import load_contract
from databricks_utils.contracts.changes import compare

pytestmark = pytest.mark.unit

HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: shop\nversion: 1.0.0\nstatus: active\n"
TO = "{{name: a, logicalType: integer, relationships: [{{to: {}}}]}}"
FROM = "relationships: [{{from: {}, to: {}}}], "
WARNS = ", customProperties: [{property: severity, value: warning}]"


@pytest.fixture
def kinds(tmp_path):
    """The kinds of change between two columns, tables or heads."""
    count = iter(range(1000))

    def loaded(column, table, head):
        file = tmp_path / f"shop{next(count)}.odcs.yaml"
        file.write_text(
            f"{HEAD}{head}\nschema:\n"
            f"  - {{name: orders, {table}properties: [{column}, {{name: e, logicalType: integer}}]}}\n"
            "  - {name: p, id: p_1, properties: [{name: id, id: id_1, logicalType: integer}, "
            "{name: q, logicalType: object, properties: [{name: r, logicalType: integer}]}]}\n",
            encoding="utf-8",
        )
        return load_contract(file)

    def found(old, new, key="column"):
        given = {"column": "{name: a, logicalType: string}", "table": "", "head": ""}
        return [
            change.kind
            for change in compare(*(loaded(**{**given, key: text}) for text in (old, new))).changes
        ]

    return found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("p.id", "schema/p/properties/id"),
        ("p.id", "/schema/p_1/properties/id_1/"),
        ("p.q.r", "schema/p/properties/q/properties/r"),
        ("[p.id, p.q.r]", "[schema/p_1/properties/id, p.q.r]"),
        ("'x.odcs.yaml#y.z'", "'x.odcs.yaml#schema/y/properties/z'"),
        ("'x.odcs.yaml#y.z'", "'x.odcs.yaml#/schema/y/properties/z'"),
    ],
)
def test_two_notations_of_one_reference_are_a_change_of_the_text(kinds, old, new):
    assert kinds(TO.format(old), TO.format(new)) == ["text_changed"]
    assert kinds(TO.format(new), TO.format(old)) == ["text_changed"]


def test_two_notations_of_both_sides_are_a_change_of_the_text(kinds):
    old, new = (
        FROM.format("orders.e", "p.id"),
        FROM.format("schema/orders/properties/e", "schema/p/properties/id_1"),
    )
    assert kinds(old, new, "table") == ["text_changed"]
    other = FROM.format("schema/orders/properties/a", "p.id")
    assert sorted(kinds(old, other, "table")) == ["relationship_added", "relationship_removed"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("p.id", "p.q.r"),
        ("p.id", "schema/p/properties/q"),
        ("p.id", "orders.e"),
        ("'x.odcs.yaml#p.id'", "'y.odcs.yaml#p.id'"),
        ("p.id", "'x.odcs.yaml#p.id'"),
    ],
)
def test_another_reference_is_another_relationship(kinds, old, new):
    assert sorted(kinds(TO.format(old), TO.format(new))) == ["relationship_added", "relationship_removed"]


def test_what_changes_besides_the_notation_is_found(kinds):
    new = TO.format(f"schema/p/properties/id{WARNS}")
    assert sorted(kinds(TO.format("p.id"), new)) == ["severity_lowered", "text_changed"]


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("integer", "logicalTypeOptions: {exclusiveMaximum: 10}", "logicalTypeOptions: {maximum: 9}"),
        ("integer", "logicalTypeOptions: {exclusiveMinimum: -1}", "logicalTypeOptions: {minimum: 0}"),
        ("integer", "logicalTypeOptions: {exclusiveMaximum: 9.5}", "logicalTypeOptions: {maximum: 9}"),
        ("integer", "logicalTypeOptions: {minimum: 0.5}", "logicalTypeOptions: {minimum: 1}"),
        ("number", "enum: [{value: 1}, {value: 2}]", "enum: [{value: 1.0}, {value: 2}]"),
        ("integer", "enum: [{value: 100}]", "enum: [{value: 1.0e+2}]"),
    ],
)
def test_two_notations_of_one_promise_about_values_are_no_change(kinds, kind, old, new):
    column = f"{{{{name: a, logicalType: {kind}, {{}}}}}}"
    assert kinds(column.format(old), column.format(new)) == []
    assert kinds(column.format(new), column.format(old)) == []


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("string", "enum: [{value: '1'}]", "enum: [{value: '1.0'}]"),
        ("number", "enum: [{value: 1}]", "enum: [{value: 1.01}]"),
        ("number", "logicalTypeOptions: {exclusiveMaximum: 10}", "logicalTypeOptions: {maximum: 9}"),
        ("integer", "logicalTypeOptions: {exclusiveMaximum: 10}", "logicalTypeOptions: {maximum: 10}"),
    ],
)
def test_what_only_looks_like_another_notation_is_a_change(kinds, kind, old, new):
    column = f"{{{{name: a, logicalType: {kind}, {{}}}}}}"
    assert kinds(column.format(old), column.format(new))


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("value: 99.9%", "value: 99.9, unit: percent", "text_changed"),
        ("value: 99.9, unit: '%'", "value: '99.9 %', unit: percent", "text_changed"),
        ("value: 99.9%", "value: 99.5, unit: percent", "sla_loosened"),
        ("value: 99.9, unit: percent", "value: 99.95%", "sla_tightened"),
        ("value: 99.9%", "value: 99.9, unit: d", "sla_changed"),
    ],
)
def test_a_share_is_compared_with_or_without_a_unit(kinds, old, new, kind):
    old, new = (f"slaProperties: [{{property: availability, {given}}}]" for given in (old, new))
    assert kinds(old, new, "head") == [kind]


def test_confirming_a_guess_changes_the_text_alone(kinds):
    guessed = "{{name: a, logicalType: string, required: true, customProperties: [{{property: guessed, value: [{}]}}]}}"
    confirmed = "{name: a, logicalType: string, required: true}"
    assert kinds(guessed.format("required, enum"), guessed.format("required")) == ["text_changed"]
    assert kinds(guessed.format("required"), confirmed) == ["text_changed"]
    table = "customProperties: [{property: guessed, value: [missingValues]}], "
    assert kinds(table, "", "table") == ["text_changed"]
