"""Data that breaks its contract is found: columns, types, rules, keys, patterns that Java refuses; classified values stay hidden."""

import gzip

import pytest

from databricks_utils.contracts import load_contract
from databricks_utils.contracts.verification import Refers, promised, verify_landing, verify_table
from databricks_utils.quality import Reference

pytestmark = [pytest.mark.integration, pytest.mark.drawn(6)]

HEAD = (
    "apiVersion: v3.2.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\n"
    "servers: [{server: s, type: SERVER}]\nschema:\n  - name: orders\n    customProperties:\n"
    "      - {property: missingValues, value: [NA, null, -999, true]}\n    properties:\n"
)
COLUMNS = """
      - {name: id, logicalType: integer, physicalType: bigint, primaryKey: true}
      - {name: price, physicalType: 'decimal(10, 2)', logicalTypeOptions: {minimum: 0}}
      - {name: email, logicalType: string, required: true, classification: confidential, logicalTypeOptions: {pattern: '@'}}
      - {name: code, logicalType: string, unique: true}
      - {name: day, logicalType: date}
"""


def contract(folder, columns=COLUMNS, server="databricks", **options):
    file = folder / "orders.odcs.yaml"
    file.write_text(HEAD.replace("SERVER", server) + columns.lstrip("\n"), encoding="utf-8")
    (found,) = promised(load_contract(file, **options))
    return found


def write(spark, catalog, rows):
    name = catalog.table_name("silver", "orders")
    spark.sql(f"CREATE OR REPLACE TABLE {name} USING DELTA AS {rows}")
    return name


def test_each_kind_of_difference_of_the_columns_is_listed(spark, catalog, tmp_path):
    columns = """
      - {name: id, logicalType: integer, physicalType: bigint, primaryKey: true}
      - {name: gone, logicalType: string, required: true}
      - {name: price, physicalType: 'decimal(10, 2)', logicalTypeOptions: {minimum: 0}}
      - {name: S, logicalType: object, properties: [{name: a, logicalType: date}, {name: b, logicalType: string}]}
      - {name: tags, logicalType: array, items: {logicalType: integer}}
"""
    name = write(
        spark, catalog,
        "SELECT id, id / 2D AS price, named_struct('A', 1L, 'c', 2) AS s, array('x') AS tags, 1 AS extra FROM range(3)",
    )  # fmt: skip
    result = verify_table(spark, contract(tmp_path, columns), name)
    assert result.status == "failed"
    assert result.differences == (
        "column `gone`: the table lacks it",
        "column `price`: DECIMAL(10, 2) in the contract, DOUBLE in the table",
        "column `S.a`: DATE in the contract, BIGINT in the table",
        "field `S.b`: the table lacks it",
        "field `S.c`: it is not in the contract",
        "column `tags[]`: INT in the contract, STRING in the table",
        "column `extra`: it is not in the contract",
    )
    assert "column `id`: required in the contract, nullable in the table" in result.notes
    assert "2 rules were not judged, because their columns are not as in the contract" in result.notes
    assert not result.failures


WHOLE = """
      - {name: id, logicalType: integer, physicalType: bigint, primaryKey: true}
      - {name: other, logicalType: integer, physicalType: bigint, quality: [{metric: duplicateValues, mustBe: 0}]}
      - {name: at, logicalType: timestamp}
    quality:
      - {metric: rowCount, mustBeLessThan: 4, description: too many orders}
      - {id: late, type: sql, query: 'SELECT max(at) FROM {table}', mustBe: 1}
      - {id: half, type: sql, query: 'SELECT count(*) / 2 FROM {object}', mustBeGreaterThan: 2, severity: warning}
      - {id: no_such_table, type: sql, query: 'SELECT count(*) FROM {table}, {shops}', mustBe: 1}
"""


def test_promises_of_the_whole_table_that_do_not_hold_are_listed(spark, catalog, tmp_path):
    known = catalog.table_name("silver", "known")
    spark.sql(f"CREATE OR REPLACE TABLE {known} USING DELTA AS SELECT id AS number FROM range(1)")
    rows = "SELECT id, id DIV 2 AS other, timestamp'2020-01-01' AS at FROM range(4)"
    reference = Reference("other_is_known", ("other",), "known", "there is none", to_columns=("number",))
    refers = Refers((reference,), {"known": known})
    result = verify_table(spark, contract(tmp_path, WHOLE), write(spark, catalog, rows), refers=refers)
    assert result.status == "failed"
    assert [(check.check, check.words.partition(": ")[2], check.is_warning) for check in result.checks] == [
        ("row_count", "too many orders: 4; allowed: less than 4", False),
        ("half", "what `half` measures: 2.0; allowed: more than 2", True),
        ("other_is_known", "there is none: 2; allowed: at most 0", False),
    ]
    assert [twice.columns for twice in result.duplicates] == [("other",)]
    late, missing = result.problems
    assert "`late`" in late
    assert "names `{shops}`, which was not given" in missing


ROWS = """
SELECT CAST(col1 AS BIGINT) AS id, CAST(col2 AS DECIMAL(10, 2)) AS price, col3 AS email, col4 AS code, CAST(NULL AS DATE) AS day
FROM VALUES (1, -1, 'ann@x.org', 'a'), (2, -2, 'secret', 'a'), (3, -3, 'hidden', 'b'), (3, -4, 'x@y.z', NULL),
  (NULL, 5, NULL, NULL)
"""


def test_failed_rules_have_counts_and_examples_and_classified_values_stay_hidden(spark, catalog, tmp_path):
    name = write(spark, catalog, ROWS)
    result = verify_table(spark, contract(tmp_path), name)
    found = {failure.rule: failure for failure in result.failures}
    price = found["price_is_not_too_small"]
    assert (price.failed, price.rate, price.reason) == (4, 0.8, "price is less than 0")
    assert [(example.keys["id"], example.value) for example in price.examples] == [
        ("1", "-1.00"), ("2", "-2.00"), ("3", "-3.00"),
    ]  # fmt: skip
    pattern = found["email_fits_its_pattern"]
    assert (pattern.failed, {example.value for example in pattern.examples}) == (2, {"***"})
    assert found["id_is_given"].failed == 1
    assert found["email_is_given"].failed == 1
    key, code = result.duplicates
    assert (key.columns, key.values, key.rows, key.examples[0].keys) == (("id",), 1, 2, {"id": "3"})
    assert (code.columns, code.values, code.rows) == (("code",), 1, 2)
    shown = repr(result)
    assert "ann@" not in shown
    assert "secret" not in shown
    assert (result.rows, result.rules) == (5, 6)


def test_a_rule_that_spark_cannot_evaluate_hides_no_other_and_shows_no_value(spark, catalog, tmp_path):
    columns = """
      - {name: id, logicalType: integer, physicalType: bigint, required: true}
      - {name: ssn, logicalType: string, classification: restricted}
    quality:
      - {id: ends, type: custom, engine: databricks-utils, description: an order ends after it starts, implementation: end_at > start_at}
      - {id: is_number, type: custom, engine: databricks-utils, implementation: CAST(ssn AS BIGINT) > 0}
      - {id: is_positive, type: custom, engine: databricks-utils, implementation: id > 0}
"""
    name = write(spark, catalog, "SELECT CAST(-id AS BIGINT) AS id, '123-45-6789' AS ssn FROM range(3)")
    result = verify_table(spark, contract(tmp_path, columns), name)
    missing, cast = result.problems
    assert missing.startswith("Spark cannot evaluate the rule `ends`: [UNRESOLVED_COLUMN")
    assert cast.startswith("Spark cannot evaluate the rule `is_number`: [CAST_INVALID_INPUT]")
    assert "6789" not in str(result)
    assert [(failure.rule, failure.failed) for failure in result.failures] == [("is_positive", 3)]
    assert result.status == "failed"


def test_a_classified_key_stays_hidden_too(spark, catalog, tmp_path):
    columns = COLUMNS.replace("primaryKey: true", "primaryKey: true, classification: restricted")
    result = verify_table(spark, contract(tmp_path, columns), write(spark, catalog, ROWS))
    assert {
        value for failure in result.failures for each in failure.examples for value in each.keys.values()
    } == {"***"}
    assert result.duplicates[0].examples[0].keys == {"id": "***"}


def test_a_pattern_that_java_refuses_is_a_problem_of_the_contract_with_its_line(spark, catalog, tmp_path):
    columns = COLUMNS.replace("pattern: '@'", r"pattern: '^\p{Nope}$'").replace(
        "unique: true", "logicalTypeOptions: {pattern: '^[a-c]$'}"
    )
    name = write(spark, catalog, ROWS)
    result = verify_table(spark, contract(tmp_path, columns), name)
    (problem,) = result.problems
    assert problem.endswith("orders.odcs.yaml:14: Java refuses the pattern ^\\p{Nope}$")
    assert result.status == "failed"
    assert "email_fits_its_pattern" not in {failure.rule for failure in result.failures}
    assert "price_is_not_too_small" in {failure.rule for failure in result.failures}


def test_a_table_that_does_not_exist_is_a_failure_with_a_fix(spark, catalog, tmp_path):
    name = catalog.table_name("silver", "none")
    result = verify_table(spark, contract(tmp_path), name)
    assert (result.status, result.reason) == ("failed", "the table does not exist")
    assert "run the job that writes it" in result.fix


LINES = [
    "day,id,price,email,code,extra",
    "2024-01-01,1,1.50,a@b.nl,x,",
    "2024-02-30,2,1.505,a@b.nl,y,",
    "NA,-999,abc,NA,null,",
    "2024-01-01,1,-1,a@b.nl,z,",
    "too,few",
]


def test_files_in_landing_are_read_as_the_contract_says(spark, tmp_path):
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "a.csv.gz").write_bytes(gzip.compress("\n".join(LINES).encode()))
    (folder / "b.csv").write_text(
        "\n".join(["id,price,email,code,day", "1,1,a@b.nl,x,2024-01-01"]), encoding="utf-8"
    )
    result = verify_landing(spark, contract(tmp_path, server="local"), folder)
    assert result.differences == (
        "column `extra`: it is not in the contract",
        "column `extra`: 1 files lack it: b.csv",
        "1 lines do not fit the columns of their file",
    )
    found = {failure.reason: failure for failure in result.failures}
    assert {reason: failure.failed for reason, failure in found.items()} == {
        "price cannot be read as decimal(10, 2)": 2,
        "day cannot be read as date": 1,
        "id is missing": 1,
        "price is less than 0": 1,
        "email is missing": 1,
    }
    assert {each.value for each in found["price cannot be read as decimal(10, 2)"].examples} == {
        "1.505",
        "abc",
    }
    (key,) = result.duplicates  # in one file; the other may bring the row again
    assert (key.columns, key.rows) == (("id",), 2)


def test_lines_of_json_are_held_to_the_types_of_the_contract(spark, tmp_path):
    folder = tmp_path / "orders"
    folder.mkdir()
    lines = [
        '{"ID": 1, "price": 1.5, "email": "a@b.nl", "code": 5, "day": "2024-01-01"}',
        '{"ID": 2, "price": 1.555, "day": "soon"}',
        "{",
    ]
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    result = verify_landing(spark, contract(tmp_path, server="local"), folder)
    assert result.differences == (
        "column `code`: STRING in the contract, BIGINT in the files",
        "1 lines do not fit the columns of their file",
    )
    assert {failure.reason for failure in result.failures} == {
        "price cannot be read as decimal(10, 2)", "day cannot be read as date", "email is missing",
    }  # fmt: skip


def test_keys_that_are_always_null_and_empty_arrays_break_no_type(spark, tmp_path):
    columns = """
      - {name: id, logicalType: integer, physicalType: bigint, required: true}
      - {name: discount, physicalType: int}
      - {name: tags, physicalType: array<int>}
      - {name: place, physicalType: 'struct<zip: int>'}
      - {name: wrong, physicalType: array<int>}
"""
    folder = tmp_path / "orders"
    folder.mkdir()
    line = '{"id": 1, "discount": null, "tags": [], "place": {"zip": null}, "wrong": ["a"]}\n'
    (folder / "a.jsonl").write_text(line * 2, encoding="utf-8")
    result = verify_landing(spark, contract(tmp_path, columns, server="local"), folder)
    assert result.differences == ("column `wrong`: ARRAY<INT> in the contract, ARRAY<STRING> in the files",)
    assert (result.rows, result.failures) == (2, ())


def test_columns_of_files_have_their_logical_names_in_checks(spark, tmp_path):
    columns = """
      - {name: amount, physicalName: Amount (EUR), logicalType: integer, required: true}
      - {name: shop, physicalName: Shop, logicalType: string}
    quality:
      - {id: pays, type: custom, engine: databricks-utils, implementation: amount > 0}
"""
    folder = tmp_path / "orders"
    folder.mkdir()
    promise = contract(tmp_path, columns, server="local", logical_names=True)
    for file, content in (
        ("a.csv", "Shop,amount (eur),Amount\nx,5,1\ny,-1,2\n"),
        ("a.jsonl", '{"Shop": "x", "Amount (EUR)": 5, "amount": 1}\n{"Shop": "y", "Amount (EUR)": -1}\n'),
    ):
        (folder / file).write_text(content, encoding="utf-8")
        result = verify_landing(spark, promise, folder)
        (extra,) = result.differences
        assert "(in the files)`: it is not in the contract" in extra
        assert [(each.rule, each.failed) for each in result.failures] == [("pays", 1)], (file, result)
        (folder / file).unlink()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "id\ncaf\xe9".encode("latin-1"), ("is not UTF-8", "iconv -f")),
        ("a.csv.gz", gzip.compress(b"id\n1\n" * 1000)[:-20], ("is cut off or damaged", "copy it again")),
        ("a.xlsx", b"PK", ("is no file that can be read here", "convert it")),
    ],
)
def test_a_file_that_cannot_be_read_is_a_failure_with_a_fix(spark, tmp_path, name, content, expected):
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / name).write_bytes(content)
    result = verify_landing(spark, contract(tmp_path, server="local"), folder)
    assert result.status == "failed"
    assert expected[0] in result.reason
    assert expected[1] in result.fix


def test_a_folder_without_files_is_skipped_with_the_reason(spark, tmp_path):
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "_SUCCESS").touch()
    promise = contract(tmp_path, server="local")
    for folder in (tmp_path / "orders", tmp_path / "none"):
        result = verify_landing(spark, promise, folder)
        assert (result.status, result.reason) == ("skipped", "nothing is delivered there yet")


ODD = """
      - name: größe
        physicalType: int
        logicalTypeOptions: {minimum: 10}
        quality: [{id: small, type: custom, engine: databricks-utils, implementation: "`größe` < 5", severity: high}]
      - {name: state, logicalType: string, quality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [null, ok]}}]}
      - {name: empty, logicalType: string, quality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [null]}}]}
      - name: who
        logicalType: object
        properties: [{name: mail, logicalType: string, classification: pii}, {name: age, logicalType: integer}]
        quality: [{id: is_known, type: custom, engine: databricks-utils, implementation: who.age > 0}]
"""


def test_contradictions_fail_nulls_may_be_valid_and_a_struct_is_hidden_for_one_classified_field(
    spark, catalog, tmp_path
):
    rows = """SELECT col1 AS `größe`, col2 AS state, col3 AS empty, named_struct('mail', 'ann@x.org', 'age', col4) AS who
        FROM VALUES (3, NULL, NULL, 0), (12, 'ok', 'x', -1), (13, 'no', NULL, 7)"""
    result = verify_table(spark, contract(tmp_path, ODD), write(spark, catalog, rows))
    (problem,) = result.problems
    assert problem.startswith(f"{tmp_path / 'orders.odcs.yaml'}:14 and ")
    assert "`grosse_is_not_too_small` and `small`: no row can meet both; fix: " in problem
    found = {
        failure.rule: sorted(str(example.value) for example in failure.examples)
        for failure in result.failures
    }
    assert found == {
        "grosse_is_not_too_small": ["3"],
        "small": ["12", "13"],
        "state_is_not_invalid": ["no"],
        "empty_is_not_invalid": ["x"],
        "is_known": ["***", "***"],
    }
