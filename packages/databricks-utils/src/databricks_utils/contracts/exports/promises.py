"""What a contract promises of a table, one by one: an export names those that its format cannot express."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.parts import Part, Relation, TableParts
from databricks_utils.contracts.rules.checks import is_rule

_UNSIGNED = frozenset({"u8", "u16", "u32", "u64"})
_MOMENTS = frozenset({"timestamp", "timestamp_ntz"})
# They describe a vector, or choose a type: no value breaks them.
_DESCRIBING = frozenset(
    {"dimensions", "elementType", "distanceMetric", "embeddingModel", "embeddingModelVersion", "normalized"}
)


@dataclass(frozen=True)
class Promise:
    """One promise.

    Attributes:
        label: The column or field it is about; empty for the table and the contract.
        key: The key of the contract that makes it: `required`, `minimum`, `quality 0`.
        words: The promise in one line.
        has_rule: Whether a compiled rule of the table checks it.
    """

    label: str
    key: str
    words: str
    has_rule: bool = False


def promises_of(contract: Contract, table: TableParts, relations: Sequence[Relation]) -> tuple[Promise, ...]:
    """Return all promises about the data of a table, with those of its contract.

    Args:
        contract: The contract.
        table: One of its tables.
        relations: The relationships of the contract.
    """
    return (
        *(promise for part in table.parts() for promise in _of_part(part)),
        *_of_table(table),
        *_relationships(of_table(relations, table)),
        *promises_of_contract(contract),
    )


def of_table(relations: Sequence[Relation], table: TableParts) -> list[Relation]:
    """Return the relationships that a table has to others."""
    return [relation for relation in relations if relation.table.table.name == table.table.name]


def lines(promises: Iterable[Promise]) -> tuple[str, ...]:
    """Return one line for each promise."""
    return tuple(dict.fromkeys(promise.words for promise in promises))


def limits_of(table: TableParts) -> tuple[str, ...]:
    """Return one line for each rule that tolerates some rows: a format that judges rows one by one can count none of a delivery."""
    return tuple(
        f"{rule.reason}: its limit for a delivery ({rule.limit}); here each failing row only warns"
        for rule in table.table.rules
        if rule.limit is not None
    )


def _of_part(part: Part) -> Iterator[Promise]:
    label, given = part.label, part.given
    if not part.nullable:
        yield Promise(label, "required", f"{label}: `required`", part.value is not None)
    if given is None:
        return
    if given.enum:
        yield Promise(label, "enum", f"{label}: `enum`", part.value is not None and part.is_understood)
    for key, wanted in (given.logicalTypeOptions or {}).items():
        if not _chooses_the_type(part, key) and wanted is not False:
            words = f"{label}: `{key}: {_written(part, key, wanted)}`"
            yield Promise(label, key, words, _has_rule(part, key))
    for key in ("unique", "partitioned"):
        if getattr(given, key):
            yield Promise(label, key, f"{label}: `{key}`")
    if given.primaryKey and (part.value is None or len(part.value.path) > 1):
        yield Promise(label, "primaryKey", f"{label}: `primaryKey` of a field inside a column")
    if given.classification:
        yield Promise(label, "classification", f"{label}: the classification `{given.classification}`")
    if given.encryptedName:
        yield Promise(label, "encryptedName", f"{label}: encrypted as `{given.encryptedName}`")
    for at, check in enumerate(given.quality or []):
        name = check.name or check.id or check.metric or check.rule or check.type or "check"
        words = f"{label}: the check `{name}` ({check.type or 'library'})"
        yield Promise(label, f"quality {at}", words, is_rule(check, part.value))


def _written(part: Part, key: str, wanted: object) -> object:
    """An option as it stands in the contract, which may have more digits than its value."""
    node = part.node.at(("logicalTypeOptions", key))
    return wanted if node is None or node.text is None else node.text


def _has_rule(part: Part, key: str) -> bool:
    if part.value is None:
        return False
    return part.value.has_rule(key) or (key == "format" and part.value.format in _UNSIGNED)


def _chooses_the_type(part: Part, key: str) -> bool:
    if key in {"timezone", "defaultTimezone"} and part.type.name in _MOMENTS:
        return True
    number = part.value.format if part.value is not None else ""
    return key in _DESCRIBING or (key == "format" and bool(number) and number not in _UNSIGNED)


def _of_table(table: TableParts) -> Iterator[Promise]:
    keys = table.table.keys
    if keys:
        yield Promise("", "primaryKey", f"the key ({', '.join(keys)}): that it is unique")
    for at, check in enumerate(table.given.quality or []):
        name = check.name or check.id or check.metric or check.rule or check.type or "check"
        words = f"the table: the check `{name}` ({check.type or 'library'})"
        yield Promise("", f"quality {at}", words, is_rule(check, None))
    for given, _ in table.computed:
        yield Promise(given.name or "", "semanticType", f"{given.name}: a {given.semanticType} is no column")


def _relationships(relations: Sequence[Relation]) -> Iterator[Promise]:
    for relation in relations:
        yield Promise("", "relationship", f"the relationship {relation.words}")


def promises_of_contract(contract: Contract) -> Iterator[Promise]:
    """Yield the promises of a contract about all of its tables: service levels, and variables that stand for something.

    Args:
        contract: The contract.
    """
    for item in contract.document.slaProperties or []:
        element = f" of {item.element}" if item.element else ""
        words = f"the service level `{item.property}`{element}: {item.value} {item.unit or ''}".rstrip()
        yield Promise("", f"service level {item.property}{element}", words)
    for line in contract.not_executed:
        if line.startswith("the variable"):
            yield Promise("", line, line)
