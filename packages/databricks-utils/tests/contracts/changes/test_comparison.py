"""Two states of a contract: what is the same under another name, where a change stands, and whether the version has risen."""

import json

import pytest

from databricks_utils.config.origin import Origin
from databricks_utils.config.tree import grow
from databricks_utils.contracts import ContractError, load_contract
from databricks_utils.contracts.changes import GROUPS, KINDS, Effect, Level, added, compare, unreadable
from databricks_utils.contracts.changes.effects import highest, worst
from databricks_utils.contracts.changes.promises.thresholds import accepted_by, contains
from databricks_utils.contracts.changes.versions import parsed

pytestmark = pytest.mark.unit

CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: {id}
version: {version}
status: active
schema:
  - name: orders
    properties:
{columns}
"""


@pytest.fixture
def contract(tmp_path):
    """Loads a contract from a file of its own."""
    count = iter(range(100))

    def loaded(*columns, version="1.0.0", id="shop"):
        file = tmp_path / f"{next(count)}.odcs.yaml"
        lines = "\n".join(f"      - {column}" for column in columns or ["{name: a, logicalType: date}"])
        file.write_text(CONTRACT.format(id=id, version=version, columns=lines), encoding="utf-8")
        return load_contract(file)

    return loaded


def kinds(old, new):
    return [change.kind for change in compare(old, new).changes]


def test_a_renamed_column_is_recognised_by_its_type_and_description(contract):
    (change,) = compare(
        contract("{name: country, logicalType: string, description: Where it goes.}"),
        contract("{name: land, logicalType: string, description: Where it  goes.}"),
    ).changes
    assert change.summary == "removed `country`, added `land` (perhaps renamed: same type and description)"
    assert (change.path, change.old, change.new) == ("table orders, column land", "country", "land")


def test_a_column_of_another_type_or_meaning_is_not_taken_for_a_renamed_one(contract):
    old = contract("{name: country, logicalType: string, description: Where it goes.}")
    assert kinds(old, contract("{name: land, logicalType: date, description: Where it goes.}")) == [
        "column_removed",
        "column_added",
    ]
    assert kinds(old, contract("{name: note, logicalType: string, description: What was said.}")) == [
        "column_removed",
        "column_added",
    ]


def test_of_several_candidates_the_one_with_the_likest_name_is_taken(contract):
    old = contract("{name: dep_time, logicalType: date}", "{name: arr_time, logicalType: date}")
    new = contract("{name: arrival_time, logicalType: date}", "{name: departure_time, logicalType: date}")
    found = [change for change in compare(old, new).changes if change.kind == "column_perhaps_renamed"]
    assert {(change.old, change.new) for change in found} == {
        ("dep_time", "departure_time"),
        ("arr_time", "arrival_time"),
    }


def test_what_else_changed_of_a_column_that_was_certainly_renamed_is_found(contract):
    old = contract("{name: country, id: c, logicalType: string, required: true}")
    assert kinds(old, contract("{name: land, id: c, logicalType: string}")) == [
        "column_renamed",
        "required_removed",
    ]


def test_a_thousand_columns_with_new_names_are_compared_at_once(contract):
    old, new = (
        contract(*(f"{{name: {word}_{number}, logicalType: date}}" for number in range(1000)))
        for word in ("column", "spalte")
    )
    assert len(compare(old, new).changes) == 2000


def test_what_is_nested_too_deeply_is_an_error_of_the_contract(contract):
    inner = "{name: x, logicalType: date}"
    for level in range(200):
        inner = f"{{name: a{level}, logicalType: object, properties: [{inner}]}}"
    with pytest.raises(ContractError, match="nested too deeply"):
        compare(contract(inner), contract(inner.replace("date", "string")))


def test_a_new_column_in_the_middle_does_not_count_as_another_order(contract):
    old = contract("{name: a, logicalType: date}", "{name: b, logicalType: string}")
    new = contract(
        "{name: a, logicalType: date}", "{name: new, logicalType: integer}", "{name: b, logicalType: string}"
    )
    assert kinds(old, new) == ["column_added"]


def test_a_change_has_its_line_in_the_new_state_and_a_removal_in_the_old_one(contract):
    old = contract(
        "{name: a, logicalType: date}",
        "{name: b, logicalType: string, logicalTypeOptions: {pattern: x}, required: true}",
    )
    new = contract("{name: new, logicalType: integer}", "{name: b, logicalType: string}")
    places = {change.kind: change.location for change in compare(old, new).changes}
    assert places["column_added"] == f"{new.file}:9"
    assert places["column_removed"] == f"{old.file}:9"
    assert places["pattern_removed"] == f"{old.file}:10"
    assert places["required_removed"] == f"{new.file}:10"


def test_a_change_in_a_fragment_has_the_place_of_the_fragment(tmp_path):
    contracts = []
    for name, least in (("old", 0), ("new", 1)):
        (tmp_path / name).mkdir()
        fragment = f"price:\n  logicalType: integer\n  logicalTypeOptions:\n    minimum: {least}\n"
        (tmp_path / name / "columns.yaml").write_text(fragment, encoding="utf-8")
        file = tmp_path / name / "shop.odcs.yaml"
        columns = '      - {name: price, $ref: "columns.yaml#/price"}'
        file.write_text(CONTRACT.format(id="x", version="1.0.0", columns=columns), encoding="utf-8")
        contracts.append(load_contract(file))
    (change,) = compare(*contracts).changes
    assert change.location == f"{tmp_path / 'new' / 'columns.yaml'}:4"


def test_a_contract_with_another_id_is_another_contract(contract):
    verdict = compare(contract(), contract(id="other", version="9.0.0")).verdict
    assert not verdict.fits
    assert "the id was `shop` and is `other`" in verdict.reason
    assert verdict.fix.startswith("set id: shop")
    assert verdict.location.endswith(":3")


BREAKING = ("{name: b, logicalType: string}",)
RISKY = ("{name: a, logicalType: date, deprecated: true}",)
TEXT = ("{name: a, logicalType: date, description: A.}",)


@pytest.mark.parametrize(
    ("columns", "old", "new", "suggested"),
    [
        (BREAKING, "1.2.3", "1.2.3", "2.0.0"),
        (BREAKING, "1.2.3", "1.3.0", "2.0.0"),
        (BREAKING, "1.2.3", "2.0.0", ""),
        (BREAKING, "1.2.3", "2.0.0-rc.1", ""),
        (BREAKING, "2.0.0-rc.1", "2.0.0-rc.2", ""),
        (BREAKING, "2.0.0-rc.2", "2.0.0-rc.10", ""),
        (BREAKING, "2.0.0-rc.1", "2.0.0", ""),
        (BREAKING, "2.0.0-rc.1", "2.0.0-rc.1", "2.0.0"),
        (BREAKING, "1.2.4-rc.1", "1.2.4", "2.0.0"),
        (BREAKING, "0.3.1", "0.3.2", "0.4.0"),
        (BREAKING, "0.3.1", "0.4.0", ""),
        (BREAKING, "0.3.1", "1.0.0", ""),
        (RISKY, "1.2.3", "1.2.4", "1.3.0"),
        (RISKY, "1.2.3", "1.3.0", ""),
        (RISKY, "1.2.3", "2.0.0", ""),
        (RISKY, "0.3.1", "0.3.2", ""),
        (RISKY, "0.3.1", "0.3.1", "0.3.2"),
        (TEXT, "1.2.3", "1.2.3", "1.2.4"),
        (TEXT, "1.2.3", "1.2.4", ""),
        (TEXT, "1.2.3", "1.2.3+build.5", "1.2.4"),
        (TEXT, "1.2.3", "1.2.2", "1.2.4"),
        ((), "1.2.3", "1.2.3", ""),
        ((), "1.2.3", "1.2.9", ""),
        ((), "1.2.3", "1.2.2", "1.2.3"),
        ((), "1.2.3", "1.2", "1.2.3"),
        (BREAKING, "1.2.3", "v2.0.0", "2.0.0"),
        (BREAKING, "2024-01", "1.0.0", ""),
        (BREAKING, "2024-01", "2024-02", "1.0.0"),
    ],
)
def test_the_version_must_rise_as_the_changes_demand(contract, columns, old, new, suggested):
    verdict = compare(contract(version=old), contract(*columns, version=f'"{new}"')).verdict
    assert (verdict.fits, verdict.suggested) == (not suggested, suggested)
    if suggested:
        assert verdict.fix == f"set version: {suggested}"
        assert verdict.location.endswith(":4")


def test_the_suggested_version_is_always_accepted():
    for text in ("0.0.0", "0.0.1", "0.3.0", "1.0.0", "1.2.3", "2.0.0-a", "1.2.0-a", "1.2.3-a", "0.1.0-0"):
        version = parsed(text)
        for level in Level:
            assert version.admits(version.raised(level), level), (text, level)


def test_versions_are_ordered_as_semver_has_it():
    ordered = "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1"
    versions = [parsed(text) for text in ordered.split()]
    assert sorted(versions, key=lambda version: version.order) == versions


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "1.2",
        "1.2.3.4",
        "01.2.3",
        "1.2.3-",
        "1.2.3-01",
        "v1.2.3",
        "",
        "1.2.x",
        "1.2.3\n",
        "²0.0.0",
        f"{'9' * 5000}.0.0",
    ],
)
def test_what_is_no_semantic_version_is_refused(text):
    assert parsed(text) is None


def test_a_new_contract_needs_a_semantic_version(contract):
    assert added(contract(version='"1.0"')).verdict.fix == "set version: 1.0.0"


def test_an_old_state_that_is_not_valid_breaks_and_can_be_replaced(contract):
    with pytest.raises(ContractError) as refused:
        contract("{name: a, logicalType: strng}")
    found = unreadable(refused.value, contract())
    (change,) = found.changes
    assert (change.effect, found.verdict.fits) == (Effect.BREAKING, True)
    assert "`strng` is no logical type" in change.summary
    assert change.location.endswith("0.odcs.yaml:9")


def test_a_comparison_as_data_is_json_with_all_that_people_read(contract):
    old, new = contract(), contract(*BREAKING)
    data = json.loads(json.dumps(compare(old, new).as_data()))
    assert data["fits"] is False
    assert data["suggested_version"] == "2.0.0"
    assert {item["kind"] for item in data["changes"]} == {"column_removed", "column_added"}
    assert set(data["changes"][0]) == {
        *("kind", "path", "summary", "old", "new", "location", "consumer", "producer", "level")
    }


def test_paths_of_a_copy_can_be_shown_as_those_of_a_ref(contract, tmp_path):
    old, new = contract(), contract(*BREAKING)
    found = compare(old, new).renamed(f"{tmp_path}/", "main:")
    assert found.old_file == "main:0.odcs.yaml"
    assert {change.location for change in found.changes} == {"main:0.odcs.yaml:9", "main:1.odcs.yaml:9"}


def test_the_worse_of_two_effects_decides_on_the_level():
    assert worst([Effect.RISKY, Effect.SAFE]) is Effect.RISKY
    assert highest([]) is Level.NONE
    for kind in KINDS.values():
        breaks = Effect.BREAKING in {kind.consumer, kind.producer}
        assert (kind.level is Level.MAJOR) == breaks, kind.name


def test_the_names_of_kinds_are_unique():
    assert len(KINDS) == sum(map(len, GROUPS.values()))


def check(*, counts=False, **operators):
    return accepted_by(grow(operators, Origin("default", "test")), counts=counts)


@pytest.mark.parametrize(
    ("outer", "inner", "is_inside"),
    [
        ({"mustBeGreaterThan": 1}, {"mustBe": 2}, True),
        ({"mustBeGreaterThan": 1}, {"mustBe": 1}, False),
        ({"mustBeGreaterOrEqualTo": 1}, {"mustBeBetween": [1, 2]}, True),
        ({"mustBeGreaterThan": 1}, {"mustBeBetween": [1, 2]}, False),
        ({"mustBeBetween": [0, 0]}, {"mustBe": 0}, True),
        ({"mustNotBe": 1}, {"mustBeBetween": [1.1, 2]}, True),
        ({"mustNotBe": 1.5}, {"mustBeBetween": [1, 2]}, False),
        ({"mustNotBeBetween": [1, 2]}, {"mustBe": 1}, True),
        ({"mustNotBeBetween": [1, 2]}, {"mustBeGreaterThan": 1}, False),
        ({"mustBeGreaterThan": 1, "mustBeLessThan": 3}, {"mustBe": 2}, True),
        ({}, {"mustBe": 2}, True),
        ({"mustBe": 2}, {}, False),
    ],
)
def test_thresholds_are_compared_as_sets_of_results(outer, inner, is_inside):
    assert contains(check(**outer), check(**inner)) is is_inside


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"mustBeGreaterThan": 0}, {"mustBeGreaterOrEqualTo": 1}),
        ({"mustBeLessThan": 3}, {"mustBeLessOrEqualTo": 2}),
        ({"mustBeLessThan": 2.5}, {"mustBeLessOrEqualTo": 2}),
        ({"mustBeLessThan": 1}, {"mustBe": 0}),
        ({"mustBeGreaterOrEqualTo": 0}, {}),
        ({"mustNotBe": 0}, {"mustBeGreaterThan": 0}),
        ({"mustNotBeBetween": [3, 4]}, {"mustBeGreaterOrEqualTo": 0}),
        ({"mustNotBe": 0.5}, {}),
    ],
)
def test_thresholds_of_counted_rows_are_sets_of_whole_numbers(one, other):
    assert check(counts=True, **one) == check(counts=True, **other)
    assert check(**one) != check(**other)


def test_a_threshold_that_is_no_number_cannot_be_compared():
    assert check(mustBe="open") is None
    assert check(mustBe=True) is None
