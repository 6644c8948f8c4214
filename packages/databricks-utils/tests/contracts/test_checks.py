"""The checks of the standard that count values of a column become rules; what they tolerate becomes a limit."""

import pytest
from open_data_contract_standard.model import DataQuality

from databricks_utils.contracts import ContractInvalidError, load_contract
from databricks_utils.contracts.rules.tolerances import tolerance_of
from databricks_utils.quality import Limit, Severity

pytestmark = pytest.mark.unit

HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: shop\nversion: 1.0.0\nstatus: active\nschema:\n  - name: orders\n    properties:\n"

ROW = "id: odd, type: custom, engine: databricks-utils, implementation:"


@pytest.fixture
def load(tmp_path):
    def loaded(check, column="name: code, logicalType: string"):
        file = tmp_path / "orders.odcs.yaml"
        file.write_text(f"{HEAD}      - {{{column}, quality: [{{{check}}}]}}\n", encoding="utf-8")
        (table,) = load_contract(file).tables
        return table

    return loaded


@pytest.mark.parametrize(
    ("given", "tolerated"),
    [
        ({"mustBe": 0}, Limit(rows=0)),
        ({"mustBe": 5}, None),
        ({"mustNotBe": 5}, None),
        ({"mustBeLessThan": 10}, Limit(rows=9)),
        ({"mustBeLessThan": 1, "unit": "rows"}, Limit(rows=0)),
        ({"mustBeLessThan": 0}, None),
        ({"mustBeLessThan": 0.5}, Limit(rows=0)),
        ({"mustBeLessOrEqualTo": 10}, Limit(rows=10)),
        ({"mustBeLessOrEqualTo": -1}, None),
        ({"mustBeLessThan": 5, "unit": "percent"}, Limit(percent=5, reached=True)),
        ({"mustBeLessOrEqualTo": 0.5, "unit": "percent"}, Limit(percent=0.5)),
        ({"mustBeLessOrEqualTo": 101, "unit": "percent"}, None),
        ({"mustBeBetween": [0, 3]}, Limit(rows=3)),
        ({"mustBeBetween": [1, 3]}, None),
        ({"mustBeGreaterThan": 3}, None),
        ({"mustBeGreaterOrEqualTo": 0, "mustBeLessThan": 3}, None),
        ({"mustBe": 0, "unit": "parsecs"}, None),
        ({}, None),
    ],
)
def test_an_operator_says_how_many_rows_are_tolerated_or_something_else(given, tolerated):
    assert tolerance_of(DataQuality(**given)) == tolerated


def test_a_check_that_tolerates_no_row_quarantines_and_one_that_tolerates_some_marks(load):
    strict = load("metric: nullValues, mustBe: 0").rules[0]
    assert (strict.name, strict.expression) == ("code_is_not_null", "`code` IS NOT NULL")
    assert (strict.severity, strict.limit) == (Severity.ERROR, None)
    some = load("metric: nullValues, mustBeLessThan: 5, unit: percent").rules[0]
    assert (some.severity, some.limit) == (Severity.WARNING, Limit(percent=5, reached=True))
    warned = load("metric: nullValues, mustBeLessThan: 5, severity: warning").rules[0]
    assert (warned.severity, warned.limit) == (Severity.WARNING, Limit(rows=4, only_warns=True))
    stopping = load("id: never, metric: nullValues, mustBe: 0, severity: fail, description: no code").rules[0]
    assert (stopping.name, stopping.severity, stopping.reason) == ("never", Severity.FAIL, "no code")


def test_values_are_literals_and_missing_ones_may_include_null(load):
    missing = load(
        "metric: missingValues, arguments: {missingValues: [null, '', \"it's\"]}, mustBe: 0"
    ).rules[0]
    assert missing.expression == r"`code` IS NOT NULL AND (`code` IS NULL OR `code` NOT IN ('', 'it\'s'))"
    valid = load(
        "metric: invalidValues, arguments: {validValues: [kg, lb], pattern: '^[a-z]+$'}, mustBe: 0"
    ).rules[0]
    assert valid.expression == "`code` IS NULL OR (`code` IN ('kg', 'lb') AND `code` RLIKE '^[a-z]+$')"
    assert valid.value == "`code`"


def test_the_value_of_a_classified_column_is_masked(load):
    for classification, masked in (("confidential", True), ("public", False)):
        column = f"name: code, logicalType: string, classification: {classification}, logicalTypeOptions: {{maxLength: 3}}"
        assert {rule.masked for rule in load("metric: nullValues, mustBe: 0", column).rules} == {masked}


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("metric: missingValues, mustBe: 0, arguments: {}", "`missingValues` needs a list"),
        ("metric: invalidValues, mustBe: 0, arguments: {}", "`invalidValues` needs what is valid"),
        ("metric: invalidValues, mustBe: 0, arguments: {validValues: []}", "`validValues` must be a list"),
        ("metric: invalidValues, mustBe: 0, arguments: {validValues: [1]}", "`1` is no string"),
        ("metric: invalidValues, mustBe: 0, arguments: {pattern: '('}", "the pattern is not valid"),
        ("metric: nullValues, mustBe: 0, arguments: {patern: x}", "`nullValues` has no argument `patern`"),
        ("metric: nullValues, mustBe: 0, severity: eror", "`eror` is no severity"),
        ("metric: nullValues, mustBe: 0, severity: Warnning", "`Warnning` is no severity"),
        (
            "id: odd, type: custom, engine: databricks-utils, implementation: \"reflect('a.B', 'c') > 1\"",
            "the SQL of `odd` calls a method of Java",
        ),
        (
            "id: odd, type: sql, query: \"SELECT TRANSFORM(1) USING 'sh' AS (n INT) FROM {table}\", mustBe: 0",
            "the SQL of `odd` runs a program",
        ),
        (f"{ROW} 'code > 0); DROP TABLE x; --'", "odd: `;` ends a statement"),
        (f"{ROW} 'code > 0;'", "odd: `;` ends a statement"),
        (f"{ROW} 'code > 0)'", "odd: the brackets of the condition do not fit"),
        (f"{ROW} '(code > [0)]'", "odd: the brackets of the condition do not fit"),
        (f"{ROW} '(code > 0 -- )'", "odd: the brackets of the condition do not fit"),
        (f"{ROW} 'code > 0 /* )'", "odd: the condition cannot be read"),
        (f"{ROW} 'code > `a'", "odd: the condition cannot be read"),
        (f"{ROW} '-- code > 0'", "odd: `implementation` has only a comment"),
        (f"{ROW} 'code > 0, true'", "odd: a `,` separates two conditions"),
    ],
)
def test_a_check_that_cannot_hold_is_a_problem_with_its_line(load, check, words):
    with pytest.raises(ContractInvalidError, match=words) as refused:
        load(check)
    assert refused.value.location.endswith("orders.odcs.yaml:9")
    assert refused.value.fix


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("code > 0 -- positive", "code > 0"),
        ("code > '; -- )' /* ; ) */", "code > '; -- )'"),
        ("-- one\\n greatest(code, 1) > `;`", "greatest(code, 1) > `;`"),
    ],
)
def test_a_condition_has_no_comments_so_that_it_can_stand_in_brackets(load, written, condition):
    assert load(f'{ROW} "{written}"').rules[0].expression == condition


def test_what_is_no_rule_for_rows_is_listed(load):
    assert "code: the check `nullValues` (library)" in load("metric: nullValues, mustNotBe: 5").not_executed
    assert load("metric: nullValues, mustBe: 0").not_executed == ()


def test_null_among_the_valid_values_is_valid_and_needs_no_literal(load):
    for valid in ("['', null, n/a]", "['', n/a]"):
        (rule,) = load(f"metric: invalidValues, mustBe: 0, arguments: {{validValues: {valid}}}").rules
        assert rule.expression == "`code` IS NULL OR (`code` IN ('', 'n/a'))"
    (only,) = load("metric: invalidValues, mustBe: 0, arguments: {validValues: [null], pattern: a}").rules
    assert only.expression == "`code` IS NULL"


@pytest.mark.parametrize("metric", ["invalidValues", "missingValues"])
def test_a_check_that_does_not_say_what_is_right_is_listed(load, metric):
    table = load(f"metric: {metric}, mustBe: 0")
    assert table.rules == ()
    assert table.not_executed == (f"code: the check `{metric}` (library): it does not say what is right",)


@pytest.mark.parametrize("word", ["high", "CRITICAL", "major", "low", "P1", "informational"])
def test_a_severity_in_other_words_counts_as_an_error_and_is_listed(load, word):
    table = load(f"metric: nullValues, mustBe: 0, severity: {word}")
    assert [rule.severity for rule in table.rules] == [Severity.ERROR]
    assert table.not_executed == (
        f"code: the check `nullValues`: the severity `{word}` is none of error, warning, fail; it counts as error",
    )
    own = load(f"id: small, type: custom, engine: databricks-utils, implementation: a > 1, severity: {word}")
    assert own.rules[0].severity is Severity.ERROR
    assert "the severity `" in own.not_executed[0]


def test_a_known_severity_in_any_case_is_not_listed(load):
    for word in ("error", "Warning", "warn", "info", "FAIL"):
        assert load(f"metric: nullValues, mustBe: 0, severity: {word}").not_executed == ()


def test_checks_of_two_columns_with_one_plain_name_have_names_of_their_own(load):
    check = "quality: [{metric: nullValues, mustBe: 0}]"
    end = f", logicalType: string, {check}}}\n      - {{name: "
    column = f"name: größe{end}grösse{end}日本, logicalType: string"
    names = [rule.name for rule in load("metric: nullValues, mustBe: 0", column).rules]
    assert names == ["grosse_is_not_null", "grosse_2_is_not_null", "column_65e5_672c_is_not_null"]


def test_checks_without_names_get_names_of_their_own_and_a_given_name_stays(load):
    checks = "metric: invalidValues, mustBe: 0, arguments: {pattern: a}"
    again = "{metric: invalidValues, mustBe: 0, arguments: {pattern: b}}"
    given = "{id: code_is_not_invalid, metric: invalidValues, mustBe: 0, arguments: {pattern: c}}"
    table = load(
        f"{checks}}}, {again}, {given}, {{metric: nullValues, mustBeGreaterThan: 1}}, {{metric: nullValues, mustBeGreaterThan: 2"
    )
    assert [rule.name for rule in table.rules] == [
        "code_is_not_invalid_2",
        "code_is_not_invalid_3",
        "code_is_not_invalid",
    ]
    assert "RLIKE 'c'" in table.rules[2].expression
    assert [check.name for check in table.checks] == ["code_null_values", "code_null_values_2"]
    assert set(table.places) == {item.name for item in (*table.rules, *table.checks)}


def test_a_name_that_the_contract_gives_twice_is_refused_with_its_line(load):
    with pytest.raises(ContractInvalidError, match="two checks are named `few`") as refused:
        load("id: few, metric: nullValues, mustBe: 0}, {id: few, metric: nullValues, mustBeGreaterThan: 1")
    assert refused.value.location.endswith("orders.odcs.yaml:9")
