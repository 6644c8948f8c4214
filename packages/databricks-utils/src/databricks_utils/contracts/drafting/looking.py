"""Look at the columns of rows: their values, what they hold of persons, their few values, the key; and make properties of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from databricks_utils.contracts.drafting.keys import KeyFound, find_key
from databricks_utils.contracts.drafting.personal import Personal, by_checksum, by_name, by_shape
from databricks_utils.contracts.drafting.properties import (
    DraftProperty,
    Evidence,
    draft_property,
    has_few_values,
)
from databricks_utils.contracts.drafting.text_shapes import text_profiles
from databricks_utils.contracts.drafting.values_seen import Column, Seen, few_values, some_values, values_seen
from databricks_utils.contracts.types.literals import TEXTS
from databricks_utils.contracts.types.spark_types import WHOLE, Field
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Path = tuple[str, ...]
_FEW_FOR_A_CHECKSUM = 200
_LEAST_CARD = 10**12  # a number of 13 digits
_MOSTLY = 0.5


@dataclass(frozen=True)
class Looked:
    """What was seen of rows.

    Attributes:
        rows: The number of the rows.
        seen: What was seen of each column and field, by its path.
        personal: What columns and fields seem to hold of persons.
        values: The few values of columns that have few.
        key: The key that was found.
    """

    rows: int
    seen: Mapping[Path, Seen]
    personal: Mapping[Path, Personal]
    values: Mapping[Path, Mapping[str, int]]
    key: KeyFound


@dataclass(frozen=True)
class Known:
    """What is known of columns besides their values; by the name of the column.

    Attributes:
        key: The columns of a primary key that the table has.
        partitions: The columns that partition it.
        tags: Tags.
        lacking: The files that lack a column.
        missing: The texts that mean a missing value in a file.
        kept: Those that may be a code in a column.
        notes: What else a reader should know.
    """

    key: tuple[str, ...] = ()
    partitions: tuple[str, ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def columns_of(frame: DataFrame, fields: Sequence[Field]) -> list[Column]:
    """Return the columns of typed rows and the fields of their structs, with the profile of those that are texts.

    Args:
        frame: Any grain; the columns are those of `fields`.
        fields: The columns.
    """
    columns = list(_with_fields(fields, (), ""))
    texts = [column for column in columns if column.types[0].name in TEXTS]
    profiles = dict(
        zip(
            (column.path for column in texts),
            text_profiles(frame, [column.sql for column in texts], words=False),
            strict=True,
        )
    )
    return [replace(column, profile=profiles.get(column.path)) for column in columns]


def _with_fields(fields: Sequence[Field], above: Path, there: str) -> Iterator[Column]:
    for each in fields:
        path = (*above, each.name)
        name = ".".join(map(quote_part, path))
        sql = f"rtrim({name})" if each.type.name == "char" else name
        yield Column(path, sql, (each.type,), there)
        if each.type.name == "struct":
            yield from _with_fields(each.type.fields, path, name)


def look(frame: DataFrame, columns: Sequence[Column], *, rows: int, key: Sequence[str] = ()) -> Looked:
    """Look at the values of columns.

    Args:
        frame: Any grain.
        columns: The columns, and the fields of structs.
        rows: The number of rows.
        key: A key that is known; then none is looked for.
    """
    seen = {each.column.path: each for each in values_seen(frame, columns)}
    personal = {path: about for path, each in seen.items() if (about := _personal(frame, each)) is not None}
    few = [each for path, each in seen.items() if path not in personal and has_few_values(each)]
    values = few_values(frame, [each.value for each in few])
    own = [each for path, each in seen.items() if len(path) == 1]
    found = KeyFound(tuple(key), (), "") if key else find_key(frame, own, rows=rows)
    paths = (each.column.path for each in few)
    return Looked(rows, seen, personal, dict(zip(paths, values, strict=True)), found)


def _personal(frame: DataFrame, seen: Seen) -> Personal | None:
    profile = seen.column.profile
    if found := by_name(seen.column.path[-1], seen.type, above=seen.column.path[:-1]):
        return found
    if profile is not None and (found := by_shape(profile)):
        return found
    for looked_for in _worth_a_checksum(seen):
        # The pattern keeps texts out that are no accounts at all; the values are not kept.
        kind = "'^[A-Z]{2}[0-9]{2} ?[A-Z0-9]'" if looked_for == "accounts" else "'^[0-9 -]{13,23}$'"
        text = f"CAST({seen.value} AS STRING)"
        texts = some_values(
            frame, f"CASE WHEN {text} RLIKE {kind} THEN {text} END", limit=_FEW_FOR_A_CHECKSUM
        )
        if found := by_checksum(texts, looked_for=looked_for):
            return found
    return None


def _worth_a_checksum(seen: Seen) -> Iterator[str]:
    profile = seen.column.profile
    if profile is not None and profile.accounts:
        yield "accounts"
    # Of numbers one alone must be long enough: those that are not are left out when the checksums are looked at.
    if (profile is not None and profile.cards >= _MOSTLY * max(1, profile.others)) or (
        _is_whole(seen) and int(seen.greatest or 0) >= _LEAST_CARD
    ):
        yield "cards"


def _is_whole(seen: Seen) -> bool:
    return seen.type.name in WHOLE or (seen.type.name == "decimal" and not seen.type.sizes[1])


def properties_of(fields: Sequence[Field], looked: Looked, known: Known) -> tuple[DraftProperty, ...]:
    """Return the properties of columns.

    Args:
        fields: The columns; of a text file with the types that were found.
        looked: What was seen of their values.
        known: What else is known of them.
    """
    return tuple(_property(each, (), looked, known) for each in fields)


def _property(
    given: Field, above: Path, looked: Looked, known: Known, *, is_inside: bool = False
) -> DraftProperty:
    """The property of a column or field; of what is inside of arrays and maps, which has no path, only the names are known."""
    path = (*above, given.name) if given.name else above
    fields = tuple(_property(inner, path, looked, known, is_inside=is_inside) for inner in given.type.fields)
    parts = tuple(
        _property(Field("", kind), path, looked, known, is_inside=True) for kind in given.type.inner
    )
    name = given.name if not above else ""
    keys = looked.key.columns if not above else ()
    seen = None if is_inside else looked.seen.get(path)
    personal = None if is_inside else looked.personal.get(path)
    evidence = Evidence(
        given,
        seen,
        personal or by_name(given.name, given.type, above=above),
        looked.values.get(path),
        keys.index(name) + 1 if name in keys else 0,
        bool(known.key),
        name in looked.key.unique,
        known.partitions.index(name) + 1 if name in known.partitions else 0,
        known.tags.get(name, ()),
        known.lacking.get(name, ()),
        known.missing,
        known.kept.get(name, ()),
        known.notes.get(name, ()),
    )
    return draft_property(evidence, fields, parts)


def sampled(frame: DataFrame, *, rows: int, sample: int | None) -> tuple[DataFrame, str]:
    """Return rows to look at, and in words which they are: all, or about as many as wanted, from everywhere in the table.

    Args:
        frame: Any grain.
        rows: The number of its rows.
        sample: How many to look at; None for all.
    """
    if sample is None or rows <= sample:
        return frame, f"all {rows:,} rows"
    drawn = frame.sample(fraction=sample / rows, seed=1)
    return (
        drawn,
        f"about {sample:,} of {rows:,} rows, drawn at random; what is guessed from them may not hold for all",
    )
