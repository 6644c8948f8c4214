"""The tags and the classification of tables and columns, as tags of Unity Catalog.

Source: https://docs.databricks.com/aws/en/database-objects/tags: at most 50 tags on an object, keys of up to 255 and values of up
to 1,000 characters; a key has none of `. , - = / :`, and no blanks at its ends.
"""

import re
from collections.abc import Iterator, Sequence

from databricks_utils.contracts.parts import Part, TableParts
from databricks_utils.quoting import literal, quote_part

_CLASSIFICATION = "classification"
_NOT_IN_A_KEY = re.compile(r"[.,\-=/:]|^\s|\s$|[^\S ]")
_LONGEST_KEY, _LONGEST_VALUE, _MOST = 255, 1000, 50


def statements(table: TableParts, name: str) -> Iterator[str]:
    """Yield the statements that set the tags of a table and of its columns; a tag that has another value gets the new one.

    Args:
        table: The table.
        name: Its name, quoted.
    """
    if pairs := _usable(table.given.tags, None):
        yield f"ALTER TABLE {name} SET TAGS ({_written(pairs)});"
    for part in table.columns:
        given = part.given
        if given is not None and (pairs := _usable(given.tags, given.classification)):
            yield f"ALTER TABLE {name} ALTER COLUMN {quote_part(part.name)} SET TAGS ({_written(pairs)});"


def not_possible(table: TableParts) -> Iterator[str]:
    """Yield one line for each tag and classification that cannot be set.

    Args:
        table: The table.
    """
    yield from (f"the tag `{tag}` of the table: {why}" for tag, why in _unusable(table.given.tags))
    for part in table.parts():
        given = part.given
        if given is None:
            continue
        if _is_column(part, table):
            yield from (f"{part.label}: the tag `{tag}`: {why}" for tag, why in _unusable(given.tags))
            if given.classification and len(given.classification) > _LONGEST_VALUE:
                yield f"{part.label}: the classification is longer than {_LONGEST_VALUE} characters"
        else:
            what = [f"the tag `{tag}`" for tag in given.tags or []]
            what += [f"the classification `{given.classification}`"] if given.classification else []
            yield from (f"{part.label}: {item}: only columns have tags" for item in what)


def _is_column(part: Part, table: TableParts) -> bool:
    return any(part is column for column in table.columns)


def _usable(tags: Sequence[str] | None, classification: str | None) -> list[tuple[str, str]]:
    pairs = (
        [(_CLASSIFICATION, classification)]
        if classification and len(classification) <= _LONGEST_VALUE
        else []
    )
    refused = {tag for tag, _ in _unusable(tags)}
    taken = {key for key, _ in pairs}
    return [*pairs, *((tag, "") for tag in dict.fromkeys(tags or []) if tag not in refused | taken)]


def _unusable(tags: Sequence[str] | None) -> list[tuple[str, str]]:
    found = []
    for at, tag in enumerate(dict.fromkeys(tags or [])):
        if not tag or len(tag) > _LONGEST_KEY:
            found.append((tag, f"a key has 1 to {_LONGEST_KEY} characters"))
        elif _NOT_IN_A_KEY.search(tag):
            found.append((tag, "a key has none of `. , - = / :`, and no blanks at its ends"))
        elif at >= _MOST - 1:
            found.append((tag, f"an object has at most {_MOST} tags"))
    return found


def _written(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{literal(key)} = {literal(value)}" for key, value in pairs)
