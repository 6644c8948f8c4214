"""Draft a contract from files: of CSV all is text, so also the types are guesses; JSON and Parquet say their types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.config.origin import shown
from databricks_utils.contracts.data_files.column_names import column_names
from databricks_utils.contracts.data_files.finding import DataFiles, find_data_files
from databricks_utils.contracts.data_files.rows import (
    CORRUPT,
    FileRows,
    count_lines,
    csv_rows,
    json_rows,
    parquet_rows,
)
from databricks_utils.contracts.data_files.text_files import TextFile, inspect_csv, inspect_json_lines
from databricks_utils.contracts.drafting.document import Draft
from databricks_utils.contracts.drafting.from_table import ROWS_LOOKED_AT
from databricks_utils.contracts.drafting.looking import (
    Known,
    Looked,
    columns_of,
    look,
    properties_of,
    sampled,
)
from databricks_utils.contracts.drafting.properties import DraftProperty
from databricks_utils.contracts.drafting.text_shapes import TextProfile, text_profiles
from databricks_utils.contracts.drafting.text_types import STRING, candidates, kept_words, missing_words
from databricks_utils.contracts.drafting.values_seen import Column
from databricks_utils.contracts.errors import DataFileError, DraftError
from databricks_utils.contracts.read_schema import fields_of
from databricks_utils.contracts.table_settings import DELIMITER
from databricks_utils.contracts.types.spark_types import Field
from databricks_utils.medallion.declaring.text_values import present
from databricks_utils.plain_names import plain_name
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_FITS = f"{CORRUPT} IS NULL"
_MOMENTS = ("date", "timestamp", "timestamp_ntz")
_MAIL = re.compile(".+@.+[.].+")
# In a header hardly anybody writes these: the first line is data then, if the values below are such ones too.
_DATA = (re.compile(r"[-+]?[0-9]+[.][0-9]+"), re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}.*"))
_NUMBER = re.compile("[-+]?[0-9.]*")


def draft_from_files(  # noqa: PLR0913 - a draft has these options
    spark: SparkSession,
    path: Path,
    *,
    scheme: str = "",
    sample: int | None = None,
    everything: bool = False,
    delimiter: str | None = None,
) -> Draft:
    """Return the draft of a contract for a file, or for the files of one kind in a folder.

    Args:
        spark: A session, classic or Connect.
        path: The file or folder: CSV with a header, JSON lines, Parquet; text files plain or gzip.
        scheme: What Spark needs before a path of this machine, e.g. `file:`.
        sample: How many rows to look at; by default all of a text file, since its types depend on them, and a million of Parquet.
        everything: Whether to look at all rows, however many.
        delimiter: What separates the fields of CSV; by default what its header has most of `,` `;` tab `|`.

    Raises:
        DataFileError: A file cannot be read: it is missing, empty, cut off, not UTF-8, without a header, or of another kind.
        DraftError: No column can be described.
    """
    files = find_data_files(path)
    if files.kind == "csv":
        return _from_csv(
            spark, files, [inspect_csv(file, delimiter=delimiter) for file in files.files], scheme, sample
        )
    if files.kind == "json":
        for file in files.files:
            inspect_json_lines(file)
        return _from_typed(files, json_rows(spark, files, scheme=scheme), sample)
    return _from_typed(
        files, parquet_rows(spark, files, scheme=scheme), None if everything else sample or ROWS_LOOKED_AT
    )


def _from_csv(
    spark: SparkSession, files: DataFiles, texts: Sequence[TextFile], scheme: str, sample: int | None
) -> Draft:
    for text in texts:
        _check_header(text)
    found = csv_rows(spark, texts, scheme=scheme)
    records = sum(text.records for text in texts)
    frame, words = sampled(found.frame, rows=records, sample=sample)
    lines, broken = count_lines(replace(found, frame=frame))
    frame = frame.where(_FITS)
    profiles = text_profiles(frame, [quote_part(name) for name in found.names], words=True, read=present("v"))
    missing = missing_words(profiles)
    kept = {name: kept_words(profile, missing) for name, profile in zip(found.names, profiles, strict=True)}
    columns = [
        Column((name,), _text(name, missing, kept[name]), candidates(profile), "", profile, is_text=True)
        for name, profile in zip(found.names, profiles, strict=True)
    ]
    looked = look(frame, columns, rows=lines - broken)
    notes = {name: tuple(_header_note(name, texts)) for name in found.names}
    known = Known(
        lacking=found.partial,
        missing=tuple(missing),
        kept={name: kept[name] for name in kept if kept[name]},
        notes=notes,
    )
    fields = [Field(name, looked.seen[(name,)].type) for name in found.names]
    draft = _draft(
        files, words, looked, named(properties_of(fields, looked, known)), _broken_lines(broken, words)
    )
    # Not of the server: there the standard has it for JSON on s3, sftp and azure only.
    custom = {} if texts[0].delimiter == "," else {DELIMITER: texts[0].delimiter}
    return replace(draft, missing=missing, custom=custom)


def named(properties: Sequence[DraftProperty]) -> tuple[DraftProperty, ...]:
    """Return the properties under names that tables can have; what the header says becomes the physical name.

    >>> from databricks_utils.contracts.drafting.text_types import STRING
    >>> made = named([DraftProperty(name, STRING) for name in ("id", "Größe", "1st", "id!", "日本")])
    >>> [(item.name, item.physical) for item in made]
    [('id', ''), ('grosse', 'Größe'), ('column_1st', '1st'), ('id_2', 'id!'), ('column_5', '日本')]
    """
    names = column_names([plain_name(item.name, "column") for item in properties])
    return tuple(
        replace(item, name=name, physical=item.name if item.name != name else "")
        for item, name in zip(properties, names, strict=True)
    )


def _text(name: str, missing: dict[str, str], kept: Sequence[str]) -> str:
    return f"({present(quote_part(name), [word for word in missing if word not in kept])})"


def _is_data(text: str) -> bool:
    return any(kind.fullmatch(text) for kind in (_MAIL, *_DATA))


def _check_header(text: TextFile) -> None:
    fields = [field.strip() for field in text.header]
    words = [field for field in fields if not _NUMBER.fullmatch(field) or _is_data(field)]
    below = [field.strip() for field in text.below] or fields
    as_below = sum(
        any(kind.fullmatch(field) and kind.fullmatch(value) for kind in _DATA)
        for field, value in zip(fields, below, strict=False)
    )
    # An address of a person is never written, so one is enough; dates and numbers may be names of columns.
    numbers = all(map(_NUMBER.fullmatch, fields))
    if numbers or any(map(_MAIL.fullmatch, fields)) or 2 * as_below >= len(words):
        raise DataFileError(
            f"the first line of {text.path.name} looks like data, not like the names of columns",
            location=f"{text.path}:1",
            fix="give it a header: the names of its columns",
        )


def _check_names(files: DataFiles, names: Sequence[str]) -> None:
    if any(map(_is_data, names)):
        raise DataFileError(
            f"keys in {files.path.name} look like data, not like the names of columns",
            location=str(files.path),
            fix="put such keys into values: a list of objects with the key as a field",
        )
    if any("${" in name for name in names):
        raise DataFileError(
            f"a name in {files.path.name} contains `${{`, which Spark replaces by a variable",
            location=str(files.path),
            fix="rename the column",
        )


def _header_note(name: str, texts: Sequence[TextFile]) -> list[str]:
    """What the header says, where that cannot be the column's name."""
    header = [field.strip() for text in texts for field in text.header]
    return [] if name in header else ["the header has no name here that a column can have, or has it twice"]


def _broken_lines(broken: int, words: str) -> tuple[str, ...]:
    if not broken:
        return ()
    where = "" if words.startswith("all") else " of those looked at"
    return (
        f"{broken:,} lines{where} do not have as many fields as the header (or have a line break inside of quotes): not looked at.",
    )


def _from_typed(files: DataFiles, found: FileRows, sample: int | None) -> Draft:
    own = found.frame.select(*map(quote_part, found.names)).schema
    fields, others = fields_of(own)
    if not fields:
        raise DraftError(
            f"a contract cannot describe the columns of {files.path.name}",
            detail="\n".join(others) or "it has none",
            location=str(files.path),
            fix="write the file with other types",
        )
    _check_names(files, [field.name for field in fields])
    lines, broken = count_lines(found)
    if lines and lines == broken:
        raise DataFileError(
            f"no line of {files.path.name} is a JSON object",
            location=str(files.path),
            fix="put a JSON object on each line",
        )
    frame, words = sampled(found.frame.where(_FITS), rows=lines - broken, sample=sample)
    rows = lines - broken if words.startswith("all") else count_lines(replace(found, frame=frame))[0]
    columns = [_maybe_moment(column, files.kind) for column in columns_of(frame, fields)]
    looked = look(frame, columns, rows=rows)
    typed = [replace(field, type=looked.seen[(field.name,)].type, nullable=True) for field in fields]
    notes = tuple(f"left out: {line}" for line in others)
    unread = (f"{broken:,} lines are no JSON object: not looked at.",) if broken else ()
    return _draft(files, words, looked, properties_of(typed, looked, Known()), (*unread, *notes))


def _maybe_moment(column: Column, kind: str) -> Column:
    """A text of JSON whose values are all dates or timestamps may be of that type: JSON has none for them."""
    profile = column.profile or TextProfile()
    found = candidates(profile)[0]
    if kind != "json" or len(column.path) > 1 or column.types != (STRING,) or found.name not in _MOMENTS:
        return column
    return replace(column, types=(found, STRING), is_text=True)


def _draft(
    files: DataFiles,
    words: str,
    looked: Looked,
    properties: tuple[DraftProperty, ...],
    notes: tuple[str, ...],
) -> Draft:
    name = plain_name(files.name, "data") or "data"
    several = len(files.files) > 1
    number = (
        f"the {len(files.files):,} files of {files.path.name}"
        if several
        else f"the file {files.files[0].name}"
    )
    server = {"server": "local", "type": "local", "path": shown(files.path), "format": files.kind}
    key = f"Key: tried {looked.key.tried}." if looked.key.tried else ""
    return Draft(name, "file", number, words, server, properties, notes=(*notes, *([key] if key else [])))
