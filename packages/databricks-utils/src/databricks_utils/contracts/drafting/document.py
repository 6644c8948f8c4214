"""A draft as YAML: the keys in the order in which a person writes them, the reason of each guess behind it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from databricks_utils.contracts.drafting.properties import DraftProperty
from databricks_utils.contracts.drafting.yaml_text import comment, inline, scalar
from databricks_utils.contracts.own_properties import GUESSED
from databricks_utils.contracts.table_settings import MISSING
from databricks_utils.contracts.types.literals import EXACT, FLOATING
from databricks_utils.contracts.types.spark_types import WHOLE, SparkType

_STANDARD, _VERSION = "v3.2.0", "0.1.0"
_LOGICAL = {
    **dict.fromkeys(WHOLE, "integer"),
    **dict.fromkeys(("decimal", "float", "double"), "number"),
    **dict.fromkeys(("string", "varchar", "char", "binary"), "string"),
    **dict.fromkeys(("timestamp", "timestamp_ntz"), "timestamp"),
    **dict.fromkeys(("struct", "variant"), "object"),
    "boolean": "boolean",
    "date": "date",
    "array": "array",
    "map": "map",
}


@dataclass(frozen=True)
class Draft:
    """All that a drafted contract says.

    Attributes:
        name: The table's name.
        kind: `table`, `view` or `file`.
        source: Where it was drafted from, in words.
        seen: Which rows were looked at, in words.
        server: The keys of its server, in their order.
        properties: Its columns.
        description: The table's comment.
        tags: The table's tags.
        custom: Properties of the table for `customProperties`.
        checks: Constraints of the table: name and condition.
        missing: The texts that mean a missing value, each with the reason.
        notes: What a reader should know; one line each.
    """

    name: str
    kind: str
    source: str
    seen: str
    server: Mapping[str, str]
    properties: tuple[DraftProperty, ...]
    description: str = ""
    tags: tuple[str, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def guesses(self) -> int:
        """The number of guesses in it."""
        return sum(map(_guesses_in, self.properties)) + bool(self.missing)


def _guesses_in(item: DraftProperty) -> int:
    return len(item.guessed) + sum(map(_guesses_in, (*item.fields, *item.inner)))


def write_yaml(draft: Draft) -> str:
    """Return a draft as the text of a contract."""
    head = [
        f"A draft from {draft.source}, by `lakewright contract import`.",
        f"Seen: {draft.seen}.",
        *draft.notes,
        "What has `guess:` behind it was seen in the data and is no promise yet. Correct it or remove it; to confirm it, remove its",
        "name from `guessed`. `lakewright contract lint` lists what is not confirmed.",
    ]
    lines = [comment(line) for line in head]
    lines += [
        f"apiVersion: {_STANDARD}",
        "kind: DataContract",
        f"id: {scalar(draft.name)}",
        f"name: {scalar(draft.name)}",
        f"version: {_VERSION}",
        "status: draft",
        "# TODO: description: {purpose: …, usage: …, limitations: …}",
        "# TODO: team, support, slaProperties",
        "servers:",
        *_entries(draft.server.items(), 2),
        "schema:",
        f"  - name: {scalar(draft.name)}",
        *(f"    {line}" for line in _table(draft)),
    ]
    return "\n".join(lines) + "\n"


def _table(draft: Draft) -> Iterator[str]:
    yield f"physicalType: {draft.kind}"
    if draft.description:
        yield f"description: {scalar(draft.description)}"
    else:
        yield "# TODO: description: what one row stands for"
    if draft.tags:
        yield f"tags: {inline(draft.tags)}"
    if draft.custom or draft.missing:
        yield "customProperties:"
        for key, value in draft.custom.items():
            yield from _entries((("property", key), ("value", value)), 2)
        if draft.missing:
            yield from _missing(draft)
    if draft.checks:
        yield "quality:"
        for key, condition in draft.checks.items():
            yield from _entries((("name", key), ("type", "text"), ("description", f"CHECK ({condition})")), 2)
    if not draft.properties:
        yield "properties: []"
        return
    yield "properties:"
    for item in draft.properties:
        yield from _listed(_property(item), 2)


def _missing(draft: Draft) -> Iterator[str]:
    for word, reason in draft.missing.items():
        yield f"  {comment(f'guess: {scalar(word)} means a missing value: {reason}')}"
    yield f"  - property: {MISSING}"
    yield f"    value: {inline(tuple(draft.missing))}"
    yield f"  - property: {GUESSED}"
    yield f"    value: {inline((MISSING,))}"


def _property(item: DraftProperty) -> Iterator[str]:
    yield f"name: {scalar(item.name)}"
    if item.physical:
        yield f"physicalName: {scalar(item.physical)}"
    yield from (comment(note) for note in item.notes)
    if item.description:
        yield f"description: {scalar(item.description)}"
    yield from _type(item.type, item)
    for key, value in _promises(item):
        yield _guess(item, key, value)
    yield from _options(item)
    if item.enum:
        yield f"enum:  {comment('guess: ' + item.guessed['enum'])}"
        yield from (f"  - value: {scalar(value)}" for value in item.enum)
    yield from _custom(item)
    yield from _fields(item)


def _fields(item: DraftProperty) -> Iterator[str]:
    if item.fields:
        yield "properties:"
        for inner in item.fields:
            yield from _listed(_property(inner), 2)


def _promises(item: DraftProperty) -> Iterator[tuple[str, str]]:
    """The keys with one value each."""
    if item.key:
        yield "primaryKey", "true"
        yield "primaryKeyPosition", str(item.key)
    if item.required:
        yield "required", "true"
    if item.unique:
        yield "unique", "true"
    if item.partition:
        yield "partitioned", "true"
        yield "partitionKeyPosition", str(item.partition)
    if item.classification:
        yield "classification", scalar(item.classification)
    if item.tags:
        yield "tags", inline(item.tags)


def _options(item: DraftProperty) -> Iterator[str]:
    if item.options or item.type.name == "timestamp_ntz":
        yield "logicalTypeOptions:"
        if item.type.name == "timestamp_ntz":
            yield "  timezone: false"
        plain = item.type.name in EXACT | FLOATING
        for key, value in item.options.items():
            yield f"  {_guess(item, key, value if plain else scalar(value))}"


def _custom(item: DraftProperty) -> Iterator[str]:
    if item.guessed or item.missing is not None:
        yield "customProperties:"
    if item.missing is not None:
        yield f"  {comment('guess: ' + item.guessed.get(MISSING, ''))}"
        yield f"  - property: {MISSING}"
        yield f"    value: {inline(item.missing)}"
    if item.guessed:
        yield f"  - property: {GUESSED}"
        yield f"    value: {inline(tuple(item.guessed))}"


def _guess(item: DraftProperty, key: str, value: str) -> str:
    reason = item.guessed.get(key)
    return f"{key}: {value}" + (f"  {comment('guess: ' + reason)}" if reason else "")


def _type(kind: SparkType, item: DraftProperty | None = None) -> Iterator[str]:
    """The keys that say a type; the fields of a struct follow the other keys of its property."""
    reason = item.guessed.get("logicalType") if item else None
    yield f"logicalType: {_LOGICAL[kind.name]}" + (f"  {comment('guess: ' + reason)}" if reason else "")
    if kind.name not in {"struct", "array", "map"}:
        yield f"physicalType: {scalar(kind.sql().lower())}"
    elif kind.name == "struct" and item is None:
        yield "properties:"
        for inner in kind.fields:
            yield from _listed(
                _property(DraftProperty(inner.name, inner.type, inner.comment, required=not inner.nullable)),
                2,
            )
    elif kind.name == "array":
        yield "items:"
        yield from (f"  {line}" for line in _inner(kind, item, 0))
    elif kind.name == "map":
        yield "map:"
        for at, name in enumerate(("key", "value")):
            yield f"  {name}:"
            yield from (f"    {line}" for line in _inner(kind, item, at))


def _inner(kind: SparkType, item: DraftProperty | None, at: int) -> Iterator[str]:
    """The keys of what is inside of an array or map: with what is guessed of it, as far as the property has it."""
    part = item.inner[at] if item and item.inner else None
    yield from _type(kind.inner[at], part)
    if part:
        yield from _fields(part)


def _listed(lines: Iterator[str], indent: int) -> Iterator[str]:
    """The lines of one item of a list."""
    for at, line in enumerate(lines):
        yield f"{' ' * indent}{'- ' if at == 0 else '  '}{line}"


def _entries(pairs: Iterable[tuple[str, str]], indent: int) -> Iterator[str]:
    yield from _listed((f"{key}: {scalar(value)}" for key, value in pairs), indent)
