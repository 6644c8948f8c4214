"""What the standard's classes do not check: keys that must be there, and values that are allowed (from its JSON schema, version 3.2)."""

from collections.abc import Iterator

from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.nearest import choose_from

_REQUIRED = {
    "OpenDataContractStandard": ("apiVersion", "kind", "id", "version"),
    "SchemaObject": ("name",),
    "SchemaProperty": ("name",),
    "MapDefinition": ("key", "value"),
    "Server": ("server", "type"),
    "EnumValue": ("value",),
    "ServiceLevelAgreementProperty": ("property", "value"),
    "Synonym": ("synonym",),
    "Relationship": ("to",),
    "CustomProperty": ("property", "value"),
}
_BY_TYPE = {"library": ("metric",), "sql": ("query",), "custom": ("engine", "implementation")}
_SERVERS = (
    "api athena azure bigquery btrieve clickhouse databricks denodo dremio duckdb exasol fastobjects glue hana cloudsql db2 hive iceberg "
    "impala informix ingres kafka kinesis local mysql oracle poet postgresql postgres presto pubsub redshift s3 sftp snowflake sqlserver "
    "synapse teradata trino vectorwise versant vertica zen custom"
)
_ALLOWED = {
    ("OpenDataContractStandard", "kind"): "DataContract",
    ("Server", "type"): _SERVERS,
    ("SchemaProperty", "semanticType"): "column measure dimension",
    ("DataQuality", "type"): "text library sql custom",
    ("DataQuality", "metric"): "nullValues missingValues invalidValues duplicateValues rowCount",
    (
        "DataQuality",
        "dimension",
    ): "accuracy completeness conformity consistency coverage timeliness uniqueness",
}
_NOT_EMPTY = ("enum",)
_METRICS_OF_OTHERS = {
    "SchemaProperty": ("rowCount",),
    "SchemaObject": ("nullValues", "missingValues", "invalidValues"),
}


def problems_here(node: Node, kind: str, *, inside: str, named: bool = True) -> Iterator[Problem]:
    """Yield what one mapping of a contract lacks, and which of its values are not allowed.

    Args:
        node: The mapping.
        kind: The name of the standard's class for it.
        inside: The name of the class that has it; empty for the contract itself.
        named: Whether it needs a name: the items of an array, and key and value of a map, need none.
    """
    place = str(node.origin)
    for key in _required(node, kind):
        if key not in node.children and (named or key != "name"):
            yield Problem(f"`{key}` is missing", place, f"add `{key}: …`")
    for key, child in node.children.items():
        allowed = _ALLOWED.get((kind, key), "").split()
        if allowed and isinstance(child.value, str) and child.value not in allowed:
            yield Problem(
                f"`{key}` cannot be `{child.value}`",
                str(child.origin),
                choose_from(child.value, _offered(allowed, key, inside)) or "",
            )
        if key in _NOT_EMPTY and child.value == []:
            yield Problem(
                f"`{key}` is empty: no value would be right",
                str(child.origin),
                f"name a value, or remove `{key}`",
            )


def _offered(allowed: list[str], key: str, inside: str) -> list[str]:
    """What to write instead: of the metrics those of a table, or of a column."""
    other = _METRICS_OF_OTHERS.get(inside, ()) if key == "metric" else ()
    return [name for name in allowed if name not in other]


def _required(node: Node, kind: str) -> tuple[str, ...]:
    if kind != "DataQuality":
        return _REQUIRED.get(kind, ())
    given = node.children.get("type")
    found = str(given.value) if given is not None else "library"
    if found == "library" and "rule" in node.children:  # the name of `metric` in earlier versions
        return ()
    return _BY_TYPE.get(found, ())
