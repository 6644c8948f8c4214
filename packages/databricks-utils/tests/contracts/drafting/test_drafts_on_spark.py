"""A draft loads as a contract, and the data that it was drafted from keeps to it, however odd its names and values."""

import gzip
import json

import pytest

from databricks_utils.contracts import DataFileError, DraftError, load_contract, not_confirmed
from databricks_utils.contracts.declaring import source_of
from databricks_utils.contracts.drafting import draft_from_files, draft_from_table, write_yaml
from databricks_utils.contracts.verification import promised, verify_landing, verify_table

pytestmark = [pytest.mark.integration, pytest.mark.drawn(6)]

ROWS = 24
ACCOUNTS = ["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"]
CARDS = ["4111111111111111", "5500005555555559", "340000000000009"]
# Header, the value of row n, and the type of the draft.
COLUMNS = [
    ("na me", lambda n: f"text {'x' * n}", "string"),
    ("a.b", lambda n: n - 3, "bigint"),
    ("größe", lambda n: f"{n}.50", "decimal(18, 2)"),
    ("select", lambda n: f"{n + 1:03d}", "string"),
    ("", lambda n: n / 7, "double"),
    ("ID", lambda n: n * n, "bigint"),
    ("id", lambda n: 10**18 + n, "bigint"),
    ("${env:HOME}", lambda n: 10**24 + n, "decimal(38, 0)"),
    ("back`tick", lambda n: 10**45 + n, "string"),
    ("yes", lambda n: ["yes", "no", "null"][n % 3], "string"),
    ("*", lambda n: ["# a", "- b", "k: v", "*x", "it's", '"q"', "\\", "${env:HOME}"][n % 8], "string"),
    ("key: value #1", lambda n: ["true", "FALSE"][n % 2], "boolean"),
    ("'; DROP TABLE x; --", lambda n: "2024-02-29" if n % 2 else "1500-03-01", "date"),
    ("nothing", lambda n: "", "string"),
    ("with NA", lambda n: "NA" if n % 2 else n, "bigint"),
    ("country", lambda n: ["NL", "NA", "BE"][n % 3], "string"),
    ("n/a", lambda n: "n/a" if n % 2 else "word", "string"),
    ("endless", lambda n: ["inf", "-inf", "1.5"][n % 3], "double"),
    ("one point", lambda n: "1.0" if n % 2 else "1", "double"),
    ("powers", lambda n: f"{n}e{n}", "double"),
    ("zoned", lambda n: f"2024-01-01T10:00:{n:02d}{['Z', '+02:00'][n % 2]}", "timestamp"),
    ("local", lambda n: f"1500-01-01 10:00:{n:02d}.5", "timestamp_ntz"),
    ("mixed", lambda n: "2024-01-01" if n % 2 else "2024-01-01 10:00:00", "string"),
    ("no day", lambda n: "2024-02-30" if n % 2 else "2024-02-28", "string"),
    ("hex", lambda n: f"{n}e{n}a" if n % 2 else f"{n}e1", "string"),
    ("code", lambda n: f"AB-{n:04d}", "string"),
    ("printed", lambda n: "42.787616999999999" if n % 2 else "42.5", "double"),
    ("exact", lambda n: f"{10**15 + n}.{'12' * (1 + n % 2)}", "decimal(38, 4)"),
    ("contact", lambda n: f"call {n}@example.com" if n == 3 else "x", "string"),
    ("payment", lambda n: ACCOUNTS[n % 2], "string"),
    ("paid by", lambda n: CARDS[n % 3], "bigint"),
    ("birth_date", lambda n: f"1980-01-{n + 1:02d}", "date"),
    ("api_key", lambda n: f"value{n}", "string"),
    ("note", lambda n: "dapi0123456789abcdef0123456789abcdef" if n == 1 else "x", "string"),
    (" padded ", lambda n: f" {n} ", "bigint"),
    ("half", lambda n: ["a", ""][n % 2], "string"),
    ("served", lambda n: ["José García", "Sean O'Neil"][n % 2], "string"),
    ("signed", lambda n: ["Ronald McDonald", "Łukasz d'Arc-Öz"][n % 2], "string"),
    ("seen", lambda n: ["Ludwig van Beethoven", "Иван Петров"][n % 2], "string"),
    ("written", lambda n: ["Smith, J.", "one"][n % 2], "string"),
    ("step", lambda n: ["Not done", "done"][n % 2], "string"),
    ("employee", lambda n: ["Anna", "Bob"][n % 2], "string"),
    ("paid with", lambda n: CARDS[n % 3] if n else 60416207185, "bigint"),
]
NAMES = ("José", "O'Neil", "McDonald", "d'Arc", "Beethoven", "Иван", "Smith", "Anna", "Bob")
SENSITIVE = ("payment", "paid by", "birth_date", "api_key", "contact", "note", "employee", "paid with")


def quoted(value):
    return '"' + str(value).replace('"', '""') + '"'


def csv_lines():
    yield ",".join(quoted(name) for name, _, _ in COLUMNS)
    yield from (",".join(quoted(value(n)) for _, value, _ in COLUMNS) for n in range(ROWS))


def drafted(spark, path, folder, **options):
    """A draft of files, as text and as contract."""
    draft = draft_from_files(spark, path, **options)
    file = folder / "drafted.odcs.yaml"
    file.write_text(write_yaml(draft), encoding="utf-8")
    return draft, file.read_text(encoding="utf-8"), load_contract(file)


def check(spark, contract, folder):
    (promise,) = promised(contract)
    return verify_landing(spark, promise, folder)


@pytest.fixture(scope="module")
def odd(spark, tmp_path_factory):
    """The draft of a file with everything that is odd: BOM, line ends of Windows, lines that do not fit, blank lines."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "in").mkdir()
    lines = [*csv_lines(), "1,2,3", "", ",".join("x" * (len(COLUMNS) + 1))]
    (folder / "in" / "Odd ones.csv").write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
    return (*drafted(spark, folder / "in" / "Odd ones.csv", folder), folder / "in")


def test_odd_names_and_values_are_drafted_without_loss(odd):
    draft, _, contract, _ = odd
    (table,) = contract.tables
    found = {column.name: column.type.sql().lower() for column in table.columns}
    names = [name.strip() or "column_5" for name, _, _ in COLUMNS]
    names[6], names[7] = "id_2", "column_8"
    assert found == dict(zip(names, (kind for _, _, kind in COLUMNS), strict=True))
    assert draft.name == "odd_ones"


def test_the_names_of_columns_are_those_that_the_medallion_can_have(odd, tmp_path):
    _, text, _, _ = odd
    (tmp_path / "odd_ones.odcs.yaml").write_text(text, encoding="utf-8")
    source = source_of(load_contract(tmp_path / "odd_ones.odcs.yaml", logical_names=True), "odd_ones")
    assert source.columns[:8] == ("na_me", "a_b", "grosse", "select", "column_5", "id", "id_2", "column_8")
    assert source.headers["na_me"] == "na me"
    assert (source.missing, source.missing_in("country")) == (("null", "NA", "n/a"), ("null", "n/a"))


def test_the_file_keeps_to_its_own_draft_but_for_the_lines_that_do_not_fit(spark, odd):
    draft, _, contract, folder = odd
    result = check(spark, contract, folder)
    assert result.differences == ("2 lines do not fit the columns of their file",)
    assert (result.failures, result.duplicates, result.problems) == ((), (), ())
    assert result.rows == ROWS
    assert "2 lines do not have as many fields as the header" in draft.notes[0]


def test_texts_that_mean_a_missing_value_are_listed_but_a_code_stays_one(odd):
    _, text, contract, _ = odd
    (table,) = contract.tables
    assert table.missing("with NA") == ("null", "NA", "n/a")
    assert table.missing("country") == ("null", "n/a")
    assert "NA means a missing value: it stands among values of another type than text" in text
    assert "NA looks like the other values here" in text


def test_of_columns_about_persons_and_of_secrets_no_value_is_written(odd):
    draft, text, contract, _ = odd
    given = {item.physicalName or item.name: item for item in contract.document.schema_[0].properties}
    assert {name: given[name].classification for name in SENSITIVE} == {
        "payment": "restricted",
        "paid by": "restricted",
        "birth_date": "confidential",
        "api_key": "restricted",
        "contact": "confidential",
        "note": "restricted",
        "employee": "confidential",
        "paid with": "restricted",
    }
    shown = text + repr(draft)
    for value in (*ACCOUNTS, *CARDS, *NAMES, "60416207185", "1980-01", "value1", "dapi0123", "3@example.com"):
        assert value not in shown
    assert not any(item.examples or item.enum for name, item in given.items() if name in SENSITIVE)
    assert [value.value for value in given["step"].enum] == ["Not done", "done"]


def test_each_guess_is_named_and_listed_as_not_confirmed(odd):
    _, text, contract, _ = odd
    lines = not_confirmed(contract)
    assert "odd_ones: missingValues" in lines
    assert "odd_ones: column_5: logicalType, required, minimum, maximum" in lines
    assert "odd_ones: code: required, unique, pattern" in lines
    assert "pattern: '^[A-Z]{2}-[0-9]{4}$'  # guess: all 24 values fit it" in text


@pytest.mark.parametrize(
    ("lines", "notes"),
    [(["id,name"], "nothing: 0 rows do not show a key"), (["id,name", ","], "nothing: 1 rows")],
    ids=["only a header", "only missing values"],
)
def test_a_file_without_values_is_drafted_as_text(spark, tmp_path, lines, notes):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "few.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    draft, text, contract = drafted(spark, tmp_path / "in" / "few.csv.gz", tmp_path)
    assert [column.type.name for column in contract.tables[0].columns] == ["string", "string"]
    assert text.count("# guess: there is no value to see its type") == 2
    assert notes in " ".join(draft.notes)
    assert check(spark, contract, tmp_path / "in").status == "passed"


def test_a_thousand_columns_are_drafted_and_kept_to(spark, tmp_path):
    (tmp_path / "in").mkdir()
    rows = [",".join([str(n), *(["y " * n] * 999)]) for n in range(12)]  # few rules: those of c0
    header = ",".join(f"c{at}" for at in range(1000))
    (tmp_path / "in" / "wide.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    _, _, contract = drafted(spark, tmp_path / "in" / "wide.csv", tmp_path)
    assert (len(contract.tables[0].columns), contract.tables[0].keys) == (1000, ("c0",))
    result = check(spark, contract, tmp_path / "in")
    assert (result.status, result.rows) == ("passed", 12)


def test_files_of_a_folder_are_read_by_the_names_in_their_headers(spark, tmp_path):
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "a.csv").write_text("number;price\n1;1.50\n2;2.50\n", encoding="utf-8")
    (folder / "b.csv").write_text("Price;NUMBER;note\n3.50;3;x\n", encoding="utf-8")
    _, text, contract = drafted(spark, folder, tmp_path)
    assert [(column.name, column.type.sql()) for column in contract.tables[0].columns] == [
        ("number", "BIGINT"),
        ("price", "DECIMAL(18, 2)"),
        ("note", "STRING"),
    ]
    assert contract.document.servers[0].delimiter is None
    assert contract.tables[0].settings.delimiter == ";"
    assert "# 1 of the files lack this column: a.csv" in text
    assert contract.tables[0].keys == ("number",)
    result = check(spark, contract, folder)
    assert result.differences == ("column `note`: 1 files lack it: a.csv",)
    assert not result.failures


def test_of_a_sample_the_draft_says_so(spark, tmp_path):
    (tmp_path / "many.csv").write_text("n\n" + "\n".join(map(str, range(2000))), encoding="utf-8")
    draft, text, _ = drafted(spark, tmp_path / "many.csv", tmp_path, sample=100)
    assert "about 100 of 2,000 rows, drawn at random" in draft.seen
    assert "# Seen: about 100 of 2,000 rows" in text


def test_lines_of_json_are_drafted_with_their_own_types(spark, tmp_path):
    (tmp_path / "in").mkdir()
    rows = [
        {
            "id": n, "007": f"00{n}", "day": f"2024-01-{n + 1:02d}", "at": "2024-01-01T10:00:00Z", "price": n / 2,
            "big": 10**25 + n, "ok": n % 2 == 0, "empty": "", "null": None, "two\nlines": "a\nb", "odd `name`": "x: #",
            "in": {"e_mail": "x@example.com", "deep": {"n": n}}, "list": [1, 2], "people": [{"first_name": "ann"}],
        }
        for n in range(12)
    ]  # fmt: skip
    lines = [json.dumps(row) for row in rows]
    (tmp_path / "in" / "in.jsonl").write_text("\n".join([*lines, "no object"]), encoding="utf-8")
    draft, text, contract = drafted(spark, tmp_path / "in" / "in.jsonl", tmp_path)
    (table,) = contract.tables
    found = {column.name: column.type.sql() for column in table.columns}
    assert found == {
        "007": "STRING", "at": "TIMESTAMP", "big": "DECIMAL(26, 0)", "day": "DATE", "empty": "STRING", "id": "BIGINT",
        "in": "STRUCT<`deep`: STRUCT<`n`: BIGINT>, `e_mail`: STRING>", "list": "ARRAY<BIGINT>", "null": "STRING",
        "odd `name`": "STRING", "ok": "BOOLEAN", "people": "ARRAY<STRUCT<`first_name`: STRING>>", "price": "DOUBLE",
        "two\nlines": "STRING",
    }  # fmt: skip
    assert table.keys == ("id",)
    assert "ann" not in text
    assert draft.notes[0] == "1 lines are no JSON object: not looked at."
    result = check(spark, contract, tmp_path / "in")
    assert result.differences == ("1 lines do not fit the columns of their file",)
    assert not result.failures
    assert "odd: in.e_mail: required, classification".removeprefix("odd") in str(not_confirmed(contract))


TYPES = """
SELECT id, CAST(id AS VARCHAR(3)) AS short, CAST(id AS DECIMAL(38, 18)) / 3 AS exact, CAST(id AS FLOAT) / 3 AS real,
  IF(id = 3, double('NaN'), id / 3D) AS not_a_number, IF(id = 3, double('Infinity'), id / 3D) AS endless, -0.0D AS zero,
  make_date(1500 + id, 3, 1) AS day, make_date(10000 + id, 1, 1) AS far, TIMESTAMP '0001-01-01 00:00:00' AS first,
  TIMESTAMP_NTZ '1582-10-10 00:00:00' AS ntz, parse_json('{"a": 1}') AS v, map('a', id) AS m, binary('x') AS b,
  IF(id = 2, NULL, named_struct('a b', id, 'e_mail', concat(id, '@example.com'))) AS s, CAST(NULL AS STRING) AS nothing,
  'NA' AS word, '' AS `empty ``text``.`, ARRAY(named_struct('x', id)) AS l
FROM range(12)
"""


def test_a_table_is_drafted_exactly_and_keeps_to_its_own_draft(spark, catalog, tmp_path):
    name = catalog.table_name("silver", "types")
    spark.sql(
        f"CREATE TABLE {name} USING DELTA TBLPROPERTIES ('delta.columnMapping.mode' = 'name') AS {TYPES}"
    )
    spark.sql(f"COMMENT ON TABLE {name} IS 'Two\nlines: it''s #1'")
    file = tmp_path / "types.odcs.yaml"
    draft = draft_from_table(spark, name.split("."), environment="local")
    file.write_text(write_yaml(draft), encoding="utf-8")
    contract = load_contract(file)
    (table,) = contract.tables
    assert table.comment == "Two lines: it's #1"
    (promise,) = promised(contract)
    result = verify_table(spark, promise, name)
    assert (result.differences, result.failures, result.duplicates) == ((), (), ())
    assert (result.status, result.rows) == ("passed", 12)
    text = file.read_text(encoding="utf-8")
    assert "1 values are NaN, which is outside of all bounds: none are drafted" in text
    assert (
        "- name: id\n        logicalType: integer\n        physicalType: bigint\n        primaryKey: true"
        in text
    )
    lines = [line.removeprefix("types: ") for line in not_confirmed(contract)]
    assert "id: primaryKey, required" in lines
    assert "s.a b: required, minimum, maximum" in lines
    assert "@example.com" not in text


def test_a_table_says_its_key_constraints_partitions_and_properties(spark, catalog, tmp_path):
    name = catalog.table_name("gold", "facts")
    spark.sql(
        f"CREATE TABLE {name} (id BIGINT NOT NULL COMMENT 'the number', `a b` STRING NOT NULL, day DATE, "
        "CONSTRAINT k PRIMARY KEY (`a b`, id)) USING DELTA PARTITIONED BY (day) "
        "TBLPROPERTIES ('team' = 'x', 'api_key' = 'hidden', 'delta.columnMapping.mode' = 'name')"
    )
    spark.sql(f"ALTER TABLE {name} ADD CONSTRAINT positive CHECK (id > 0)")
    text = write_yaml(draft_from_table(spark, name.split(".")))
    file = tmp_path / "facts.odcs.yaml"
    file.write_text(text, encoding="utf-8")
    contract = load_contract(file)
    assert contract.tables[0].keys == ("a b", "id")
    assert not_confirmed(contract) == ()
    assert "description: 'CHECK (id > 0)'" in text
    assert "partitionKeyPosition: 1" in text
    assert "property: team" in text
    assert "hidden" not in text
    assert "delta." not in text


def test_a_key_of_three_columns_is_found_and_what_was_tried_is_said(spark, catalog):
    name = catalog.table_name("silver", "triples")
    rows = "SELECT id DIV 100 AS line_no, (id DIV 10) % 10 AS part, id % 10 AS step, 'x' AS same FROM range(1000)"
    spark.sql(f"CREATE TABLE {name} USING DELTA AS {rows}")
    draft = draft_from_table(spark, name.split("."))
    keys = {item.name: item.key for item in draft.properties if item.key}
    assert keys == {"line_no": 1, "part": 2, "step": 3}
    assert draft.notes[0] == (
        "Key: tried 3 complete columns alone, 0 groups of 2 among the 3 with the most values, "
        "1 groups of 3 among the 3 with the most values."
    )


def test_a_table_that_does_not_exist_is_refused_with_the_tables_that_do(spark, catalog):
    schema = catalog.schema_name("silver")
    with pytest.raises(DraftError, match="cannot be read") as caught:
        draft_from_table(spark, (*schema.split("."), "none"))
    assert f"SHOW TABLES IN {schema}" in caught.value.fix


def test_parquet_and_a_table_in_a_folder_are_told_apart(spark, tmp_path):
    spark.range(12).selectExpr("id", "id % 2 AS part", "'x' AS t").write.partitionBy("part").parquet(
        str(tmp_path / "in")
    )
    _, text, contract = drafted(spark, tmp_path / "in", tmp_path)
    assert [column.name for column in contract.tables[0].columns] == ["id", "t", "part"]
    assert "format: parquet" in text
    assert check(spark, contract, tmp_path / "in").status == "passed"
    spark.range(3).write.format("delta").save(str(tmp_path / "delta"))
    with pytest.raises(DataFileError, match="is a Delta table") as caught:
        draft_from_files(spark, tmp_path / "delta")
    assert "name the table" in caught.value.fix


def test_keys_of_json_that_differ_only_in_case_are_refused(spark, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"a": 1, "A": 2}\n', encoding="utf-8")
    with pytest.raises(DataFileError, match="Spark cannot read") as caught:
        draft_from_files(spark, tmp_path / "a.jsonl")
    assert "differ only in case" in caught.value.fix
