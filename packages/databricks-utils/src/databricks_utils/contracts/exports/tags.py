"""The tags and the classification of tables and columns, as tags of Unity Catalog.

Of a tag `pii=high` the part before `=` is the key, the rest the value; blanks around them do not count.

Source: https://docs.databricks.com/aws/en/database-objects/tags: at most 50 tags on an object, keys of up to 255 and values of up
to 1,000 characters; a key has none of `. , - = / :`, and no blanks at its ends.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from databricks_utils.contracts.parts import Part, TableParts
from databricks_utils.quoting import literal, quote_part

_CLASSIFICATION = "classification"
_NOT_IN_A_KEY = re.compile(r"[.,\-=/:]|[^\S ]")
_LONGEST_KEY, _LONGEST_VALUE, _MOST = 255, 1000, 50


@dataclass(frozen=True)
class _Tag:
    """A tag: its words in the contract, its key and value, and why it cannot be set; `why` is empty if it can."""

    words: str
    key: str
    value: str
    why: str


def statements(table: TableParts, name: str) -> Iterator[str]:
    """Yield the statements that set the tags of a table and of its columns; a tag that has another value gets the new one.

    Args:
        table: The table.
        name: Its name, quoted.
    """
    if pairs := _usable(_tags(table.given.tags)):
        yield f"ALTER TABLE {name} SET TAGS ({_written(pairs)});"
    for part in table.columns:
        given = part.given
        if given is not None and (pairs := _usable(_tags(given.tags, given.classification))):
            yield f"ALTER TABLE {name} ALTER COLUMN {quote_part(part.name)} SET TAGS ({_written(pairs)});"


def not_possible(table: TableParts) -> Iterator[str]:
    """Yield one line for each tag and classification that cannot be set.

    Args:
        table: The table.
    """
    yield from (f"{tag.words} of the table: {tag.why}" for tag in _tags(table.given.tags) if tag.why)
    for part in table.parts():
        given = part.given
        if given is None:
            continue
        tags = _tags(given.tags, given.classification)
        if _is_column(part, table):
            yield from (f"{part.label}: {tag.words}: {tag.why}" for tag in tags if tag.why)
        else:
            yield from (f"{part.label}: {tag.words}: only columns have tags" for tag in tags)


def _is_column(part: Part, table: TableParts) -> bool:
    return any(part is column for column in table.columns)


def _tags(tags: Sequence[str] | None, classification: str | None = None) -> list[_Tag]:
    """The tags in their order, the classification first; of two with one key the second cannot be set."""
    given = []
    if (classification or "").strip():
        given.append(
            (f"the classification `{classification}`", _CLASSIFICATION, (classification or "").strip())
        )
    for tag in dict.fromkeys(tags or []):
        key, _, value = tag.partition("=")
        given.append((f"the tag `{tag}`", key.strip(" "), value.strip()))
    found, taken = list[_Tag](), dict[str, str]()
    for words, key, value in given:
        why = _why_not(key, value, taken)
        if not why:
            taken[key] = value
        found.append(_Tag(words, key, value, "" if taken.get(key) == value else why))
    return found


def _why_not(key: str, value: str, taken: dict[str, str]) -> str:
    if not key or len(key) > _LONGEST_KEY:
        return f"a key has 1 to {_LONGEST_KEY} characters"
    if len(value) > _LONGEST_VALUE:
        return f"a value has at most {_LONGEST_VALUE} characters"
    if _NOT_IN_A_KEY.search(key):
        return "a key has none of `. , - = / :`, and no tab or line break"
    if key in taken:
        return f"the key has the value `{taken[key]}` already"
    return f"an object has at most {_MOST} tags" if len(taken) >= _MOST else ""


def _usable(tags: Sequence[_Tag]) -> dict[str, str]:
    return {tag.key: tag.value for tag in tags if not tag.why}


def _written(pairs: dict[str, str]) -> str:
    return ", ".join(f"{literal(key)} = {literal(value)}" for key, value in pairs.items())
