"""Records of a lakehouse's catalog, as the engine writes them (`jvm/store/RecordFormat.scala`)."""

import json
from pathlib import Path

from lakewright.storage.object_names import file_name


def record(kind: str, *grants: tuple[str, str], owner: str = "root", **fields: object) -> str:
    rows = [{"principal": principal, "privilege": privilege} for principal, privilege in grants]
    return json.dumps({"format": 1, "kind": kind, "owner": owner, "properties": {}, "grants": rows, **fields})


def write_record(root: Path, names: tuple[str, ...], file: str, text: str) -> Path:
    path = root.joinpath(".lakewright", "lakehouse", "_catalog", *map(file_name, names), file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_lakehouse(root: Path) -> None:
    """Write a catalog `c` with a schema `odd name`: a table, a view, a volume, a function; everybody may use both."""
    use = ("account users", "USE CATALOG"), ("account users", "USE SCHEMA")
    write_record(root, ("c",), "_catalog.json", record("catalog", use[0]))
    write_record(root, ("c", "odd name"), "_schema.json", record("schema", use[1], owner="Owners"))
    schema = ("c", "odd name")
    write_record(root, schema, "t.json", record("managed-table", ("ben", "MODIFY"), location="tables/1"))
    write_record(root, schema, "v.json", record("view", ("ana", "SELECT"), owner="ben"))
    write_record(root, schema, "f.volume.json", record("volume", ("ana", "READ VOLUME")))
    write_record(root, schema, "f.function.json", record("function", ("ben", "EXECUTE")))
