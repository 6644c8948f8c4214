"""One property of a drafted contract: what the schema says of a column, and what is guessed of it, with the reason of each guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from databricks_utils.contracts.drafting.personal import Personal
from databricks_utils.contracts.drafting.text_shapes import UNCLEAR, TextProfile, pattern_of
from databricks_utils.contracts.drafting.values_seen import Seen
from databricks_utils.contracts.table_settings import MISSING
from databricks_utils.contracts.types.literals import EXACT, FLOATING, MOMENTS, TEXTS
from databricks_utils.contracts.types.spark_types import Field, SparkType

FEW = 20  # values of a column that may be all there are
_SEEN_OFTEN = 10  # times that each of them is seen on average
_LONGEST_VALUE = 60
_LEAST_FOR_PATTERN = 10
_SHAPES = {
    "bigint": "whole numbers",
    "double": "numbers",
    "boolean": "true or false",
    "date": "dates",
    "timestamp": "timestamps with an offset",
    "timestamp_ntz": "timestamps without an offset",
}


@dataclass(frozen=True)
class DraftProperty:
    """One property of a drafted contract.

    Attributes:
        name: Its name.
        type: Its type.
        description: The column's comment.
        guessed: The keys that are guesses, as the standard writes them, each with the reason.
        required: Whether it may not be missing.
        key: Its position in the primary key, from 1 on; 0 if it is no part of it.
        unique: Whether its values differ.
        partition: Its position among the columns that partition the table, from 1 on; 0 if it is none of them.
        classification: E.g. `confidential`; empty if nothing is known.
        options: Bounds and patterns, by their names in the standard.
        enum: The allowed values.
        tags: Its tags.
        missing: The texts that mean a missing value in this column, if they are not those of the table.
        notes: What a reader of the draft should know; one line each.
        fields: The fields of a struct.
        inner: The elements of an array, or the keys and the values of a map; without names.
        physical: Its name in the header of files, where that is another one.
    """

    name: str
    type: SparkType
    description: str = ""
    guessed: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    key: int = 0
    unique: bool = False
    partition: int = 0
    classification: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    enum: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    missing: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    fields: tuple["DraftProperty", ...] = ()
    inner: tuple["DraftProperty", ...] = ()
    physical: str = ""


@dataclass(frozen=True)
class Evidence:
    """What is known of a column besides its values.

    Attributes:
        field: The column, or field, as the schema has it; of a text file with the type that was found.
        seen: What is seen of its values; None inside of arrays and maps.
        personal: What it seems to hold of persons.
        values: Its values, if they are few and are for showing.
        key: Its position in the primary key, from 1 on; 0 if it is no part of it.
        key_is_fact: Whether the table says so.
        unique: Whether all its values differ, as far as was seen.
        partition: Its position among the columns that partition the table.
        tags: Its tags in the catalog.
        lacking: Files without this column.
        missing: The texts that mean a missing value in the file.
        kept: Those of them that may be a code in this column.
        notes: What else a reader should know.
    """

    field: Field
    seen: Seen | None = None
    personal: Personal | None = None
    values: Mapping[str, int] | None = None
    key: int = 0
    key_is_fact: bool = False
    unique: bool = False
    partition: int = 0
    tags: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def has_few_values(seen: Seen) -> bool:
    """Return whether a column has so few values, each so often, that they may be all there are."""
    return _are_few(seen) and not may_name_persons(seen.column.profile)


def _are_few(seen: Seen) -> bool:
    few = 0 < seen.distinct <= FEW + 2 and seen.given >= _SEEN_OFTEN * seen.distinct  # it is an estimate
    return few and seen.type.name in TEXTS


def may_name_persons(profile: TextProfile | None) -> bool:
    """Return whether so many texts of a column may be names of persons that none of them is for showing: half of them."""
    return profile is not None and profile.names > 0 and 2 * profile.names >= profile.others


def draft_property(
    known: Evidence, fields: tuple[DraftProperty, ...] = (), inner: tuple[DraftProperty, ...] = ()
) -> DraftProperty:
    """Return the property of a column.

    Args:
        known: What is known of the column.
        fields: The properties of its fields, if it is a struct.
        inner: Those of its elements, or of its keys and values, if it is an array or a map.
    """
    seen, guessed, notes = known.seen, dict[str, str](), list(known.notes)
    options: dict[str, str] = {}
    enum: tuple[str, ...] = ()
    if known.key and not known.key_is_fact:
        guessed["primaryKey"] = "complete, and no two rows are the same here"
    required = not known.field.nullable
    if seen is not None:
        guessed |= _type_guess(seen)
        if not required and seen.given and not seen.missing and not known.lacking:
            required = True
            guessed["required"] = f"none of {seen.given:,} values is missing"
        if known.unique:
            guessed["unique"] = f"all {seen.given:,} values differ"
        if known.personal is None:
            options, enum = _range_guess(known, seen), _enum_guess(known, seen, guessed, notes)
            if not enum and (pattern := _pattern(known, seen)):
                options["pattern"] = pattern
                guessed["pattern"] = f"all {seen.given:,} values fit it"
            guessed |= {key: _reason(key, seen) for key in options if key != "pattern"}
        notes += _notes(known, seen)
    if known.personal is not None:
        guessed["classification"] = f"{known.personal.what}: {known.personal.because}"
    if known.kept:
        guessed["missingValues"] = (
            f"{', '.join(known.kept)} looks like the other values here: it is one of them"
        )
    return DraftProperty(
        name=known.field.name,
        type=known.field.type,
        description=known.field.comment,
        guessed=guessed,
        required=required,
        key=known.key,
        unique=known.unique,
        partition=known.partition,
        classification=known.personal.classification if known.personal else "",
        options=options,
        enum=enum,
        tags=known.tags,
        missing=tuple(word for word in known.missing if word not in known.kept) if known.kept else None,
        notes=tuple(notes),
        fields=fields,
        inner=inner,
    )


def _type_guess(seen: Seen) -> dict[str, str]:
    if not seen.column.is_text:
        return {}
    if not seen.given:
        return {"logicalType": "there is no value to see its type"}
    if seen.type.name == "string":
        return {}  # text is text
    return {"logicalType": f"all {seen.given:,} texts are {_kind(seen)}"}


def _kind(seen: Seen) -> str:
    """What all texts of a column are."""
    if seen.type.name != "decimal":
        return _SHAPES[seen.type.name]
    if not seen.type.sizes[1]:
        return "whole numbers, some too large for a BIGINT"
    is_first = seen.type == seen.column.types[0]
    return (
        "numbers with the same digits behind the point"
        if is_first
        else "numbers, some with more digits than a DOUBLE keeps"
    )


def _range_guess(known: Evidence, seen: Seen) -> dict[str, str]:
    if (seen.least is None and seen.greatest is None) or seen.odd:
        return {}
    if seen.type.name in MOMENTS:  # later rows would break a greatest date
        return {"minimum": seen.least} if seen.least else {}
    if seen.type.name not in EXACT | FLOATING or known.key or known.unique:
        return {}
    return {key: value for key, value in (("minimum", seen.least), ("maximum", seen.greatest)) if value}


def _reason(key: str, seen: Seen) -> str:
    greatest = f"; the greatest is {seen.greatest}" if seen.type.name in MOMENTS and seen.greatest else ""
    return f"the {'least' if key == 'minimum' else 'greatest'} of {seen.given:,} values{greatest}"


def _enum_guess(known: Evidence, seen: Seen, guessed: dict[str, str], notes: list[str]) -> tuple[str, ...]:
    values = known.values
    if not values or len(values) > FEW or seen.given < _SEEN_OFTEN * len(values):
        return ()
    if any("${" in value for value in values):
        notes.append("its few values have `${` in them, which looks like a variable: they are not listed")
        return ()
    if any(len(value) > _LONGEST_VALUE for value in values):
        return ()
    guessed["enum"] = (
        f"{seen.given:,} values are one of these {len(values)}"
        if len(values) > 1
        else (f"all {seen.given:,} values are this one")
    )
    return tuple(values)


def _pattern(known: Evidence, seen: Seen) -> str | None:
    profile = seen.column.profile
    if profile is None or seen.type.name not in TEXTS or seen.given < _LEAST_FOR_PATTERN:
        return None
    return pattern_of(profile, least=_LEAST_FOR_PATTERN, known=(*known.missing, *known.kept))


def _notes(known: Evidence, seen: Seen) -> list[str]:
    notes = []
    if known.lacking:
        notes.append(f"{len(known.lacking)} of the files lack this column: {', '.join(known.lacking[:3])}")
    if seen.odd:
        notes.append(f"{seen.odd:,} values are NaN, which is outside of all bounds: none are drafted")
    if seen.given and seen.missing:
        share = seen.missing / (seen.given + seen.missing)
        notes.append(f"{seen.missing:,} values are missing, {share:.1%}")
    if known.personal is None and _are_few(seen) and may_name_persons(seen.column.profile):
        notes.append("half of its texts or more may be names of persons: no value is listed")
    if seen.column.is_text and seen.type.name == "string" and seen.column.profile is not None:
        notes += _why_text(known, seen)
    return notes


def _why_text(known: Evidence, seen: Seen) -> list[str]:
    """Why texts that look like something else stay text, and what is not clear in them."""
    profile = seen.column.profile
    assert profile is not None
    notes = _why_text_alone(seen, profile)
    if unclear := [word for word in profile.words if word.lower() in UNCLEAR and word not in known.missing]:
        named = ", ".join(f"{word} ({profile.words[word]:,})" for word in unclear)
        notes.append(f"{named}: values, or do they mean that one is missing? Then add them to {MISSING}")
    return notes


def _why_text_alone(seen: Seen, profile: TextProfile) -> list[str]:
    if profile.others and len(seen.column.types) > 1:
        return [f"not every value can be read as {seen.column.types[0].sql()}: it stays text"]
    digits = profile.shape or profile.runs or ""
    if profile.others and digits and set(digits) == {"9"} and profile.numbers < profile.others:
        return ["numbers with zeros before them, or too long: they stay text, since a number would lose them"]
    if profile.others > profile.numbers > _MOSTLY * profile.others:
        return [
            f"{profile.numbers:,} of {profile.others:,} texts are numbers; the others are not: it stays text"
        ]
    return []


_MOSTLY = 0.9
