"""Data files under a path: which ones, and what is refused before Spark sees it."""

import gzip

import pytest

from databricks_utils.contracts import DataFileError
from databricks_utils.contracts.data_files.finding import find_data_files
from databricks_utils.contracts.data_files.text_files import inspect_csv, inspect_json_lines

pytestmark = pytest.mark.unit


def write(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"id\n1\n")
    return folder


@pytest.mark.parametrize(
    ("names", "kind", "count"),
    [
        (("a.csv", "b.CSV.gz", "c.tsv", ".hidden", "_SUCCESS"), "csv", 3),
        (("a.jsonl", "b.ndjson.gz", "c.json"), "json", 3),
        (("day=1/a.parquet", "day=2/b.parquet", "day=2/_tmp/c.parquet", "_committed"), "parquet", 2),
    ],
)
def test_the_files_of_a_folder_are_found_without_markers_and_unfinished_ones(tmp_path, names, kind, count):
    found = find_data_files(write(tmp_path / "orders", *names))
    assert (found.kind, len(found.files), found.name) == (kind, count, "orders")


def test_a_file_is_named_without_its_suffix(tmp_path):
    assert find_data_files(write(tmp_path, "a.b.csv.gz") / "a.b.csv.gz").name == "a.b"


@pytest.mark.parametrize(
    ("names", "asked", "message", "fix"),
    [
        (("ordrs.csv",), "orders.csv", "there is no file", "did you mean ordrs.csv?"),
        (("a.csv", "b.json"), "", "files of several kinds", "name one of them"),
        (("a.xlsx",), "a.xlsx", "is no file that can be read here", "convert it"),
        ((".a.csv", "_b.csv"), "", "there is no file in the folder", "name a folder with files"),
        (("in/a.csv",), "", "there are folders in the folder: in", "name one of them"),
        (("a[1].csv",), "a[1].csv", "Spark cannot read the name", "rename it"),
        (("a:b.csv",), "", "Spark cannot read the name", "rename it"),
        (("x.parquet", "_delta_log/0.json"), "", "is a Delta table", "name the table"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_fix(tmp_path, names, asked, message, fix):
    with pytest.raises(DataFileError, match=message) as caught:
        find_data_files(write(tmp_path, *names) / asked)
    assert fix in caught.value.fix


@pytest.mark.parametrize(
    ("content", "header", "delimiter", "records"),
    [
        ("\ufeffid,name\r\n1,a\r\n\r\n 2,b\r\n", ("id", "name"), ",", 2),
        ("id;price\n1;1,5\n", ("id", "price"), ";", 1),
        ("id\tname\n", ("id", "name"), "\t", 0),
        ('"a,b"|c\n1|2\n', ("a,b", "c"), "|", 1),
        ("id\n1\n2", ("id",), ",", 2),
        ("Datum;Preis, EUR;Größe, cm\n", ("Datum", "Preis, EUR", "Größe, cm"), ";", 0),
        ("Datum;Preis, EUR;Größe, cm\n2024-01-01;1.5;2\n", ("Datum", "Preis, EUR", "Größe, cm"), ";", 1),
        ("Datum;Preis,EUR;Größe,cm\n\n2024-01-01;1,5;2,5\n", ("Datum", "Preis,EUR", "Größe,cm"), ";", 1),
        ("a;b, c, d\n1;x\n2;y, z\n", ("a", "b, c, d"), ";", 2),
        ("a,b;c\n1,x;y\n2,z\n3,\n", ("a", "b;c"), ",", 3),
        ("id\n" + "1\n" * 200, ("id",), ",", 200),
    ],
)
def test_header_delimiter_and_records_of_csv_are_found(tmp_path, content, header, delimiter, records):
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode())
    found = inspect_csv(path)
    assert (found.header, found.delimiter, found.records) == (header, delimiter, records)


def test_the_line_below_the_header_is_known(tmp_path):
    (tmp_path / "a.csv").write_text("a;b\n\n1;2\n3;4\n", encoding="utf-8")
    assert inspect_csv(tmp_path / "a.csv").below == ("1", "2")


def test_a_delimiter_that_is_given_counts(tmp_path):
    (tmp_path / "a.csv").write_text("a,b;c\n", encoding="utf-8")
    assert inspect_csv(tmp_path / "a.csv", delimiter=";").header == ("a,b", "c")


@pytest.mark.parametrize(
    ("name", "content", "message", "fix"),
    [
        ("a.csv", b"", "is empty", "give it a header"),
        ("a.csv", b"\n1,2\n", "begins with a blank line", "give it a header"),
        ("a.csv", b"sep=;\nid;name\n", "begins with Excel's line `sep=;`", "remove its first line"),
        ("a.csv", b'"SEP=,"\r\nid,name\r\n', "begins with Excel's line `SEP=,`", "remove its first line"),
        ("a.csv", b'"id,name\n1,2\n', "does not end in its line", "close the quote"),
        ("a.csv", b"id\n" + b"x\n" * 9000 + b"caf\xe9\n", "is not UTF-8", "iconv"),
        ("a.csv", "id\n1\n".encode("utf-16"), "is not UTF-8", "iconv"),
        ("a.csv.gz", gzip.compress(b"id\n" + b"1\n" * 5000)[:-9], "is cut off or damaged", "copy it again"),
        ("a.csv.gz", b"id\n1\n", "is cut off or damaged", "copy it again"),
        ("a.jsonl", b" \n\n", "is empty", "a JSON object on each line"),
        ("a.json", b'[{"a": 1}]', "has no JSON object on each line", "jq -c '.[]' a.json"),
        ("a.json", b'{\n "a": 1}', "has no JSON object on each line", "jq -c . a.json"),
    ],
)
def test_a_text_file_with_a_fault_is_refused_before_spark_reads_it(tmp_path, name, content, message, fix):
    (tmp_path / name).write_bytes(content)
    inspect = inspect_csv if "csv" in name else inspect_json_lines
    with pytest.raises(DataFileError, match=message) as caught:
        inspect(tmp_path / name)
    assert fix in caught.value.fix


def test_the_line_of_the_first_wrong_byte_is_named(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"id\n" + b"x\n" * 9000 + b"caf\xe9\n")
    with pytest.raises(DataFileError, match="is not UTF-8") as caught:
        inspect_csv(tmp_path / "a.csv")
    assert caught.value.location.endswith("a.csv:9002")
