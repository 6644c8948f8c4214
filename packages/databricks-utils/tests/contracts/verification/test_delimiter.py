"""What separates the fields of delivered files: the table's own setting, else a server with CSV, else what the header shows."""

import pytest

from databricks_utils.contracts import load_contract
from databricks_utils.contracts.verification import promised
from databricks_utils.contracts.verification.landing import _delimiter

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("server", "table", "delimiter"),
    [
        ("type: s3, location: s3://x, format: csv, delimiter: ';'", "", ";"),
        ("type: s3, location: s3://x, format: json, delimiter: new_line", "", None),
        ("type: s3, location: s3://x, format: json, delimiter: ';'", "", None),
        ("type: s3, location: s3://x, format: csv, delimiter: new_line", "", None),
        ("type: s3, location: s3://x, delimiter: ';'", "", None),
        ("type: local, path: x, format: csv", "customProperties: [{property: delimiter, value: '|'}], ", "|"),
        (
            "type: s3, location: s3://x, format: csv, delimiter: ';'",
            'customProperties: [{property: delimiter, value: "\\t"}], ',
            "\t",
        ),
    ],
)
def test_only_one_character_of_a_server_with_csv_counts_and_the_tables_own_comes_first(
    tmp_path, server, table, delimiter
):
    file = tmp_path / "orders.odcs.yaml"
    file.write_text(
        "apiVersion: v3.2.0\nkind: DataContract\nid: orders\nversion: 1.0.0\nstatus: active\n"
        f"servers: [{{server: local, {server}}}]\n"
        f"schema: [{{name: orders, {table}properties: [{{name: id, logicalType: integer}}]}}]\n",
        encoding="utf-8",
    )
    (promise,) = promised(load_contract(file))
    assert _delimiter(promise) == delimiter
