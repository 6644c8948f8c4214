"""Each kind of change is found, with what it does to consumer and producer, and nothing else is."""

import textwrap

import pytest

from databricks_utils.contracts import load_contract
from databricks_utils.contracts.changes import KINDS, Effect, added, compare, removed

pytestmark = pytest.mark.unit

HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: shop\nversion: 1.0.0\n"


@pytest.fixture
def contract(tmp_path):
    """Loads a contract; each gets a file of its own."""
    count = iter(range(1000))

    def loaded(columns="- {name: a, logicalType: integer}", table="", head="status: active"):
        file = tmp_path / f"shop{next(count)}.odcs.yaml"
        body = textwrap.indent(textwrap.dedent(columns).strip(), "      ")
        more = textwrap.indent(textwrap.dedent(table).strip(), "    ")
        name = "" if "name:" in table else "name: orders"
        file.write_text(
            f"{HEAD}{textwrap.dedent(head).strip()}\nschema:\n  - {name or more.strip().splitlines()[0]}\n"
            + ("\n".join(more.splitlines()[0 if name else 1 :]) + "\n" if more else "")
            + f"    properties:\n{body}\n",
            encoding="utf-8",
        )
        return load_contract(file)

    return loaded


OPTION = "- {{name: a, logicalType: {}, logicalTypeOptions: {{{}}}}}"
NUMBER, TEXT = "- {name: a, logicalType: integer}", "- {name: a, logicalType: string}"


def number(options):
    return OPTION.format("integer", options)


def text(options):
    return OPTION.format("string", options)


def physical(kind):
    return f'- {{name: a, physicalType: "{kind}"}}'


def column(more):
    return f"- {{name: a, logicalType: string, {more}}}"


def nested(inner):
    items = f"{{name: b, logicalType: array, items: {{logicalType: object, properties: [{inner}]}}}}"
    return f"- {{name: a, logicalType: object, properties: [{items}]}}"


def struct(options=""):
    return f"- {{name: a, logicalType: object, properties: [{{name: b, logicalType: date}}], logicalTypeOptions: {{{options}}}}}"


def array(more="", items=""):
    return f"- {{name: a, logicalType: array, items: {{logicalType: integer{items}}}{more}}}"


def measure(logic):
    return f"- {{name: m, semanticType: measure, logicalType: number, transformLogic: {logic}}}"


def unit(value):
    return column(f"customProperties: [{{property: unit, value: {value}}}]")


def keys(first, second):
    return f"- {{name: a, logicalType: string, {first}}}\n- {{name: b, logicalType: date, {second}}}"


def zone(value):
    return f"- {{name: a, physicalType: timestamp, logicalType: timestamp, logicalTypeOptions: {{timezone: {value}}}}}"


def vector(size):
    return f"- {{name: a, logicalType: vector, physicalType: array<float>, logicalTypeOptions: {{dimensions: {size}}}}}"


def whole(more=""):
    return f"- {{name: a, physicalType: smallint, logicalType: integer{more}}}"


def own(value):
    return column(f"customProperties: [{{property: x, value: {value}}}]")


def decimal(kind):
    return f"- {{name: a, logicalType: {kind}, physicalType: decimal}}"


def at(position):
    return f"primaryKey: true, primaryKeyPosition: {position}"


KEY, NEEDED = "primaryKey: true", "required: true"
TWO = "{}\n- {{name: b, logicalType: date}}"


def check(more):
    return f"quality: [{{id: c, metric: rowCount, {more}}}]"


COLUMNS = [
    ("column_added", TEXT, TWO.format(TEXT)),
    ("required_column_added", TEXT, f"{TEXT}\n- {{name: b, logicalType: date, required: true}}"),
    ("column_removed", TWO.format(TEXT), TEXT),
    ("column_renamed", column("id: x"), "- {name: land, logicalType: string, id: x}"),
    ("column_renamed", column("physicalName: a1"), column("physicalName: a2")),
    ("column_perhaps_renamed", column("description: D."), "- {name: z, logicalType: string, description: D.}"),
    ("column_perhaps_renamed", "- {name: dep_time, logicalType: date}", "- {name: departure_time, logicalType: date}"),
    ("column_name_case_changed", TEXT, "- {name: A, logicalType: string}"),
    ("columns_reordered", TWO.format(TEXT), f"- {{name: b, logicalType: date}}\n{TEXT}"),
    ("measure_added", TEXT, f"{TEXT}\n{measure('SUM(x)')}"),
    ("measure_removed", f"{TEXT}\n{measure('SUM(x)')}", TEXT),
    ("measure_changed", f"{TEXT}\n{measure('SUM(x)')}", f"{TEXT}\n{measure('AVG(x)')}"),
    ("type_widened", physical("int"), physical("bigint")),
    ("type_widened", physical("float"), physical("double")),
    ("type_widened", physical("decimal(10, 2)"), physical("decimal(12, 4)")),
    ("type_widened", nested("{name: c, physicalType: smallint}"), nested("{name: c, physicalType: int}")),
    ("type_widened", physical("map<string, struct<n: int>>"), physical("map<string, struct<n: bigint>>")),
    ("type_widened_to_other_kind", physical("int"), physical("double")),
    ("type_widened_to_other_kind", physical("int"), physical("decimal(10, 0)")),
    ("type_widened_to_other_kind", physical("bigint"), physical("decimal(22, 2)")),
    ("type_widened_to_other_kind", physical("date"), physical("timestamp_ntz")),
    ("type_changed", physical("int"), physical("decimal(9, 0)")),
    ("type_changed", physical("bigint"), physical("decimal(19, 0)")),
    ("type_changed", physical("bigint"), physical("double")),
    ("type_changed", physical("decimal(10, 2)"), physical("decimal(10, 4)")),
    ("type_changed", physical("date"), physical("timestamp")),
    ("type_changed", physical("string"), physical("int")),
    ("type_changed", physical("array<int>"), physical("map<int, int>")),
    ("type_changed", physical("varchar(3)"), physical("char(3)")),
    ("type_narrowed", physical("bigint"), physical("int")),
    ("type_narrowed", physical("decimal(12, 4)"), physical("decimal(10, 2)")),
    ("text_type_widened", physical("varchar(3)"), physical("varchar(4)")),
    ("text_type_widened", physical("varchar(3)"), physical("string")),
    ("text_type_widened", physical("char(3)"), physical("varchar(3)")),
    ("text_type_narrowed", physical("string"), physical("varchar(9)")),
    ("physical_type_changed", column("physicalType: text16"), column("physicalType: text32")),
    ("physical_type_changed", column("physicalType: varchar2(3)"), TEXT),
    ("logical_type_changed", decimal("integer"), decimal("number")),
    ("type_spelling_changed", physical("bigint"), physical("long")),
    ("time_zone_changed", OPTION.format("timestamp", "defaultTimezone: UTC"), OPTION.format("timestamp", "defaultTimezone: CET")),
    ("time_zone_changed", zone("true"), zone("false")),
    ("unit_added", TEXT, unit("km")),
    ("unit_removed", unit("km"), TEXT),
    ("unit_changed", unit("km"), unit("mi")),
    ("custom_property_changed", own(1), own(2)),
    ("vector_changed", vector(3), vector(4)),
    ("required_added", TEXT, column(NEEDED)),
    ("required_removed", column(NEEDED), TEXT),
    ("required_removed", nested(f"{{name: c, logicalType: date, {NEEDED}}}"), nested("{name: c, logicalType: date}")),
    ("required_added", struct(), struct("required: [b]")),
    ("required_removed", array(items=f", {NEEDED}"), array()),
    ("key_added", TEXT, column(KEY)),
    ("key_added", nested("{name: c, logicalType: date}"), nested(f"{{name: c, logicalType: date, {KEY}}}")),
    ("key_removed", column(KEY), column(NEEDED)),
    ("key_narrowed", keys(KEY, KEY), keys(KEY, NEEDED)),
    ("key_extended", keys(KEY, NEEDED), keys(KEY, KEY)),
    ("key_changed", keys(KEY, NEEDED), keys(NEEDED, KEY)),
    ("key_reordered", keys(at(1), at(2)), keys(at(2), at(1))),
    ("unique_added", TEXT, column("unique: true")),
    ("unique_removed", column("unique: true"), TEXT),
    ("bound_tightened", number("minimum: 0"), number("minimum: 1")),
    ("bound_tightened", number("minimum: 1"), number("exclusiveMinimum: 1")),
    ("bound_tightened", number("maximum: 9"), number("maximum: 8.5")),
    ("bound_tightened", NUMBER, number("exclusiveMaximum: 8")),
    ("bound_tightened", text("maxLength: 9"), text("maxLength: 8")),
    ("bound_tightened", number("multipleOf: 5"), number("multipleOf: 10")),
    ("bound_tightened", OPTION.format("date", "minimum: '2020-01-01'"), OPTION.format("date", "minimum: '2021-01-01'")),
    ("bound_tightened", whole(), whole(", logicalTypeOptions: {format: u8}")),
    ("bound_tightened", array(), array(", logicalTypeOptions: {uniqueItems: true}")),
    ("bound_tightened", array(), array(items=", logicalTypeOptions: {minimum: 1}")),
    ("bound_loosened", number("minimum: 1"), number("minimum: 0")),
    ("bound_loosened", number("maximum: 9"), NUMBER),
    ("bound_loosened", number("exclusiveMaximum: 9"), number("maximum: 9.0")),
    (
        "bound_loosened",
        OPTION.format("number", "minimum: 0.1, exclusiveMinimum: 0.1"),
        OPTION.format("number", "minimum: 0.1"),
    ),
    ("bound_tightened", OPTION.format("number", "exclusiveMinimum: 9"), OPTION.format("number", "minimum: 10")),
    ("type_spelling_changed", column("physicalType: 'VARCHAR2(10, 2)'"), column("physicalType: 'varchar2(10,2)'")),
    ("physical_type_changed", column("physicalType: \"ENUM('A')\""), column("physicalType: \"ENUM('a')\"")),
    ("text_changed", column("customProperties: [{property: guessed, value: [required]}]"), TEXT),
    ("bound_loosened", whole(", logicalTypeOptions: {format: u8}"), whole(", logicalTypeOptions: {minimum: 0}")),
    ("bound_loosened", text("minLength: 2"), text("minLength: 1")),
    ("bound_loosened", number("multipleOf: 10"), number("multipleOf: 5")),
    ("bound_changed", number("multipleOf: 10"), number("multipleOf: 4")),
    ("bound_changed", struct("minProperties: x"), struct("minProperties: y")),
    ("enum_added", TEXT, column("enum: [{value: x}]")),
    ("enum_removed", column("enum: [{value: x}]"), TEXT),
    ("enum_value_added", column("enum: [{value: x}]"), column("enum: [{value: x}, {value: y}]")),
    ("enum_value_removed", column("enum: [{value: x}, {value: y}]"), column("enum: [{value: x}]")),
    ("pattern_added", TEXT, text("pattern: '^a'")),
    ("pattern_removed", text("pattern: '^a'"), TEXT),
    ("pattern_changed", text("pattern: '^a'"), text("pattern: '^b'")),
    ("format_added", TEXT, text("format: email")),
    ("format_removed", text("format: email"), TEXT),
    ("format_changed", text("format: email"), text("format: uuid")),
    ("relationship_added", TEXT, column("relationships: [{to: b.c}]")),
    (
        "warning_relationship_added",
        TEXT,
        column("relationships: [{to: b.c, customProperties: [{property: severity, value: warning}]}]"),
    ),
    (
        "severity_raised",
        column("relationships: [{to: b.c, customProperties: [{property: severity, value: warning}]}]"),
        column("relationships: [{to: b.c}]"),
    ),
    ("relationship_removed", column("relationships: [{to: b.c}]"), TEXT),
    ("check_added", TEXT, column("quality: [{metric: nullValues, mustBe: 0}]")),
    ("classification_raised", column("classification: public"), column("classification: restricted")),
    ("classification_lowered", column("classification: PII"), column("classification: internal")),
    ("classification_changed", column("classification: blue"), column("classification: red")),
    ("classification_changed", column("classification: restricted"), TEXT),
    ("encrypted_name_changed", column("encryptedName: x"), column("encryptedName: y")),
    ("deprecated", TEXT, column("deprecated: true")),
    ("no_longer_deprecated", column("deprecated: true"), column("deprecated: false")),
    ("partitioning_changed", TEXT, column("partitioned: true")),
    ("transformation_changed", column("transformLogic: x + 1"), column("transformLogic: x + 2")),
    ("tags_changed", TEXT, column("tags: [x]")),
    ("text_changed", column("description: One."), column("description: Two.")),
    ("text_changed", column("classification: pii"), column("classification: personal")),
]  # fmt: skip
TABLES = [
    ("table_renamed", "physicalName: o1", "physicalName: o2"),
    ("table_renamed", "name: o1\nid: x", "name: o2\nid: x"),
    ("table_perhaps_renamed", "name: o1", "name: o2"),
    ("table_name_case_changed", "name: o1", "name: O1"),
    ("table_kind_changed", "physicalType: table", "physicalType: view"),
    ("grain_changed", "dataGranularityDescription: an order", "dataGranularityDescription: a line"),
    ("check_added", "", check("mustBe: 1")),
    ("warning_check_added", "", check("mustBe: 1, severity: warning")),
    ("text_check_added", "", "quality: [{type: text, description: Looks right.}]"),
    ("check_removed", check("mustBe: 1"), ""),
    ("check_tightened", check("mustBeGreaterThan: 5"), check("mustBeGreaterThan: 6")),
    ("check_tightened", check("mustBeBetween: [0, 10]"), check("mustBe: 3")),
    ("check_tightened", check("mustNotBe: 3"), check("mustBeGreaterThan: 3")),
    (
        "warning_check_tightened",
        check("mustBeLessThan: 5, severity: warning"),
        check("mustBeLessThan: 4, severity: warning"),
    ),
    (
        "check_tightened",
        check("mustBeGreaterThan: 5, unit: percent"),
        check("mustBeGreaterOrEqualTo: 6, unit: percent"),
    ),
    (
        "warning_check_changed",
        check("mustBeLessThan: 5, severity: low"),
        check("mustBeGreaterThan: 5, severity: low"),
    ),
    ("check_loosened", check("mustBeLessThan: 5"), check("mustBeLessOrEqualTo: 5")),
    ("check_loosened", check("mustBe: 3"), check("mustNotBeBetween: [10, 20]")),
    ("check_changed", check("mustBeLessThan: 5"), check("mustBeGreaterThan: 5")),
    ("check_changed", check("mustBe: 5, unit: rows"), check("mustBe: 5, unit: percent")),
    ("severity_raised", check("mustBe: 1, severity: warning"), check("mustBe: 1")),
    ("severity_raised_to_warning", check("mustBe: 1, severity: info"), check("mustBe: 1, severity: warning")),
    ("severity_lowered", check("mustBe: 1, severity: critical"), check("mustBe: 1, severity: error")),
    ("severity_changed", check("mustBe: 1, severity: blue"), check("mustBe: 1, severity: red")),
    ("check_schedule_changed", check("mustBe: 1, schedule: x"), check("mustBe: 1, schedule: y")),
    ("agent_constraint_added", "", "context: {constraints: [{constraint: Do not sum.}]}"),
    ("agent_constraint_removed", "context: {constraints: [{constraint: Do not sum.}]}", ""),
    ("agent_instructions_changed", "context: Use it.", "context: {instructions: Ask first.}"),
]
HEADS = [
    ("status_retired", "status: deprecated", "status: retired"),
    ("status_deprecated", "status: active", "status: deprecated"),
    ("status_withdrawn", "status: active", "status: draft"),
    ("status_active", "status: draft", "status: active"),
    ("status_changed", "status: blue", "status: red"),
    ("server_added", "servers: []", "servers: [{server: p, type: databricks, catalog: c}]"),
    ("server_removed", "servers: [{server: p, type: databricks}]", "servers: []"),
    (
        "server_changed",
        "servers: [{server: p, type: databricks, catalog: a}]",
        "servers: [{server: p, type: databricks, catalog: b}]",
    ),
    ("role_added", "roles: []", "roles: [{role: r}]"),
    ("role_removed", "roles: [{role: r}]", "roles: []"),
    ("role_changed", "roles: [{role: r, access: read}]", "roles: [{role: r, access: write}]"),
    ("price_changed", "price: {priceAmount: 1}", "price: {priceAmount: 2}"),
    ("limitations_changed", "description: {limitations: x}", "description: {limitations: y}"),
    ("sla_added", "slaProperties: []", "slaProperties: [{property: latency, value: 1, unit: d}]"),
    (
        "severity_lowered",
        "slaProperties: [{property: latency, value: 1, unit: d, customProperties: [{property: severity, value: fail}]}]",
        "slaProperties: [{property: latency, value: 1, unit: d}]",
    ),
    (
        "warning_sla_added",
        "slaProperties: []",
        "slaProperties: [{property: latency, value: 1, unit: d, customProperties: [{property: severity, value: warning}]}]",
    ),
    (
        "warning_sla_tightened",
        "slaProperties: [{property: latency, value: 1, unit: d, customProperties: [{property: severity, value: warning}]}]",
        "slaProperties: [{property: latency, value: 1, unit: h, customProperties: [{property: severity, value: warning}]}]",
    ),
    ("sla_removed", "slaProperties: [{property: latency, value: 1, unit: d}]", "slaProperties: []"),
    (
        "sla_tightened",
        "slaProperties: [{property: latency, value: 1, unit: d}]",
        "slaProperties: [{property: ly, value: 23, unit: hours}]",
    ),
    (
        "sla_tightened",
        "slaProperties: [{property: retention, value: 1, unit: y}]",
        "slaProperties: [{property: retention, value: 2, unit: y}]",
    ),
    (
        "sla_loosened",
        "slaProperties: [{property: availability, value: 99.9%}]",
        "slaProperties: [{property: availability, value: 99%}]",
    ),
    (
        "sla_loosened",
        "slaProperties: [{property: timeOfAvailability, value: '08:00-08:00'}]",
        "slaProperties: [{property: timeOfAvailability, value: '09:00-08:00'}]",
    ),
    (
        "sla_loosened",
        "slaProperties: [{property: endOfLife, value: '2032-01-01'}]",
        "slaProperties: [{property: endOfLife, value: '2031-01-01T00:00:00Z'}]",
    ),
    (
        "sla_changed",
        "slaProperties: [{property: frequency, value: 1, unit: d}]",
        "slaProperties: [{property: frequency, value: 2, unit: d}]",
    ),
    (
        "sla_changed",
        "slaProperties: [{property: latency, value: 1, unit: d}]",
        "slaProperties: [{property: latency, value: 1, unit: moon}]",
    ),
    (
        "sla_schedule_changed",
        "slaProperties: [{property: latency, value: 1, schedule: x}]",
        "slaProperties: [{property: latency, value: 1, schedule: y}]",
    ),
]


@pytest.mark.parametrize(("kind", "old", "new"), COLUMNS)
def test_a_change_of_a_column_is_found_and_nothing_else(contract, kind, old, new):
    found = compare(contract(old), contract(new))
    others = {"required_added"} if kind == "key_added" else set()
    assert {change.kind for change in found.changes} - others == {kind}
    assert compare(contract(new), contract(new)).changes == ()


@pytest.mark.parametrize(("kind", "old", "new"), TABLES)
def test_a_change_of_a_table_is_found_and_nothing_else(contract, kind, old, new):
    found = compare(contract(table=old), contract(table=new))
    assert {change.kind for change in found.changes} == {kind}
    assert compare(contract(table=new), contract(table=new)).changes == ()


@pytest.mark.parametrize(("kind", "old", "new"), HEADS)
def test_a_change_of_the_contract_is_found_and_nothing_else(contract, kind, old, new):
    found = compare(contract(head=old), contract(head=new))
    assert {change.kind for change in found.changes} - {"status_active"} == {kind} - {"status_active"}
    assert kind in {change.kind for change in found.changes}


def test_each_kind_has_a_case(contract):
    shown = {kind for kind, *_ in (*COLUMNS, *TABLES, *HEADS)}
    elsewhere = {
        *("contract_added", "contract_removed", "retired_contract_removed", "contract_unreadable"),
        *("table_added", "table_removed"),
    }
    assert shown | elsewhere == set(KINDS)


def test_a_new_and_a_removed_table_are_found(contract, tmp_path):
    one = contract()
    both = tmp_path / "both.odcs.yaml"
    both.write_text(
        (tmp_path / "shop0.odcs.yaml").read_text("utf-8")
        + "  - {name: customers, properties: [{name: b, logicalType: date}]}\n",
        encoding="utf-8",
    )
    two = load_contract(both)
    assert [change.kind for change in compare(one, two).changes] == ["table_added"]
    (gone,) = compare(two, one).changes
    assert (gone.kind, gone.path) == ("table_removed", "table customers")
    assert gone.location.endswith("both.odcs.yaml:10")


def test_a_deleted_contract_fits_only_if_it_was_retired(contract):
    deleted = removed(contract())
    assert [change.kind for change in deleted.changes] == ["contract_removed"]
    assert not deleted.verdict.fits
    assert "status: retired and version: 2.0.0" in deleted.verdict.fix
    assert removed(contract(head="status: retired")).verdict.fits


def test_a_new_contract_is_an_addition(contract):
    new = added(contract())
    assert (new.verdict.fits, new.level.value) == (True, "minor")


TIGHTER = (
    "required_added key_added key_narrowed unique_added bound_tightened enum_added enum_value_removed pattern_added format_added "
    "check_added check_tightened severity_raised sla_added sla_tightened relationship_added text_type_narrowed"
)
LOOSER = (
    "required_removed key_removed key_extended unique_removed bound_loosened enum_removed enum_value_added pattern_removed format_removed "
    "check_removed check_loosened severity_lowered sla_removed sla_loosened relationship_removed text_type_widened type_widened"
)


@pytest.mark.parametrize("kind", TIGHTER.split())
def test_a_tighter_promise_breaks_the_producer_and_is_safe_for_the_consumer(kind):
    assert (KINDS[kind].producer, KINDS[kind].consumer) == (Effect.BREAKING, Effect.SAFE)


@pytest.mark.parametrize("kind", LOOSER.split())
def test_a_looser_promise_is_safe_for_the_producer_and_not_for_the_consumer(kind):
    assert KINDS[kind].producer is Effect.SAFE
    assert KINDS[kind].consumer in {Effect.BREAKING, Effect.RISKY}


OPPOSITES = {
    "required_added": "required_removed",
    "unique_added": "unique_removed",
    "bound_tightened": "bound_loosened",
    "bound_changed": "bound_changed",
    "enum_value_added": "enum_value_removed",
    "pattern_added": "pattern_removed",
    "type_widened": "type_narrowed",
    "column_renamed": "column_renamed",
    "check_tightened": "check_loosened",
    "classification_raised": "classification_lowered",
}


@pytest.mark.parametrize(
    ("kind", "old", "new"), [case for case in (*COLUMNS, *TABLES) if case[0] in OPPOSITES]
)
def test_a_change_taken_back_is_the_opposite_change(contract, kind, old, new):
    is_of_a_table = (kind, old, new) in TABLES
    before, now = (contract(table=text) if is_of_a_table else contract(text) for text in (old, new))
    assert {change.kind for change in compare(now, before).changes} == {OPPOSITES[kind]}
