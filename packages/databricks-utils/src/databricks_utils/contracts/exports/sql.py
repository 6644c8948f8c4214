"""The tables of a contract as SQL for Databricks: definition, tags, CHECK constraints, informational foreign keys.

The statements are in two parts. The first may run again: it creates what is not there, and sets tags, masks and row filters. The second
adds constraints: a statement there fails where a constraint of that name exists. No statement drops, replaces or empties anything.

Source: `ALTER TABLE … SET TAGS`, `ALTER COLUMN … SET TAGS` and `ADD CONSTRAINT` of Databricks' SQL reference. A condition that is
NULL is no violation in standard SQL; Delta refuses such a row, as our rules do (its CheckDeltaInvariant).
"""

import re
from collections.abc import Iterator, Sequence

from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.definition import create_table
from databricks_utils.contracts.exports import tags
from databricks_utils.contracts.exports.check_conditions import why_no_check
from databricks_utils.contracts.exports.comments import comment, head, not_exported
from databricks_utils.contracts.exports.promises import (
    lines,
    of_table,
    promises_of,
    promises_of_contract,
)
from databricks_utils.contracts.exports.table_names import check_names, full_name, is_view
from databricks_utils.contracts.parts import Relation, TableParts, relations_of
from databricks_utils.plain_names import unused
from databricks_utils.quality import Rule
from databricks_utils.quoting import quote, quote_part

# Texts and quoted names, so that what looks like a literal inside of them does not count.
_QUOTED = re.compile(r"(TIMESTAMP )?'((?:[^'\\]|\\.)*)'|`(?:[^`]|``)*`", re.DOTALL)
_OFFSET = re.compile(r"[+-]\d\d:\d\d(?::\d\d)?$")
_SIGN = "--"


def sql(contract: Contract, tables: Sequence[TableParts], *, schema: str = "") -> str:
    """Return the statements that make tables of a contract.

    Args:
        contract: The contract.
        tables: Its tables that are wanted.
        schema: Where they are: `catalog.schema`; empty for the session's.

    Raises:
        ContractUseError: A name has more than three parts, or two tables have one name.
    """
    check_names(tables, schema)
    relations = relations_of([contract])
    again: list[str] = []
    once: list[str] = []
    missing: list[str] = []
    for table in tables:
        name = full_name(table, schema)
        own = of_table(relations, table)
        again += [] if is_view(table) else [f"{create_table(table.table, name)};"]
        again += tags.statements(table, quote(name))
        again += [] if is_view(table) else [f"{line};" for line in table.table.protection.statements(name)]
        once += [*_checks(table, quote(name)), *_foreign_keys(own, schema)]
        missing += _missing(contract, table, own)
    missing += lines(promises_of_contract(contract))
    first = "Part 1 may run again: it creates what is not there, and sets tags, masks and row filters."
    parts = [head(contract, _SIGN), "", comment(first, _SIGN), *again]
    if once:
        words = (
            "Part 2 runs once: a statement fails where its constraint exists. A CHECK reads the whole table,",
            "and is refused if a row breaks it.",
        )
        parts += ["", *(comment(line, _SIGN) for line in words), *once]
    return "\n".join([*parts, *([""] if missing else []), *not_exported(missing, _SIGN)])


def _checks(table: TableParts, name: str) -> Iterator[str]:
    for rule in table.table.rules:
        if not _is_in_the_definition(rule, table) and _why_no_check(rule, table) is None:
            yield f"ALTER TABLE {name} ADD CONSTRAINT {quote_part(rule.name)} CHECK ({rule.expression});"


def _is_in_the_definition(rule: Rule, table: TableParts) -> bool:
    """Whether NOT NULL of a column says the same."""
    needed = (part.name for part in table.columns if not part.nullable and not is_view(table))
    return rule.expression in {f"{quote_part(column)} IS NOT NULL" for column in needed}


def _why_no_check(rule: Rule, table: TableParts) -> str | None:
    """Why a rule can be no constraint; None if it can."""
    if is_view(table):
        return "a view has no CHECK"
    if table.table.protection:
        return "a table with a mask or a row filter has no CHECK: its messages show values"
    if rule.severity.keeps_the_row:
        return "a CHECK refuses the row"
    if not isinstance(rule.expression, str):
        return "it is no SQL text"
    literals = (found[2] for found in _QUOTED.finditer(rule.expression) if found[1])
    if any(not _OFFSET.search(text) for text in literals):
        return "a timestamp without an offset depends on the time zone of the session that writes"
    return why_no_check(rule.expression, [part.name for part in table.columns])


def _foreign_keys(relations: Sequence[Relation], schema: str) -> Iterator[str]:
    taken: set[str] = set()
    for relation in relations:
        if _why_no_key(relation) is not None or relation.target is None:
            continue
        own, other = (quote(full_name(table, schema)) for table in (relation.table, relation.target))
        columns, theirs = (
            [item.column.name for item in side if item.column] for side in (relation.columns, relation.to)
        )
        words = "_".join((relation.table.table.name, *columns, "fk"))
        name = unused(re.sub(r"\W+", "_", words, flags=re.ASCII).lower(), taken)
        yield (
            f"ALTER TABLE {own} ADD CONSTRAINT {quote_part(name)} FOREIGN KEY ({_listed(columns)}) "
            f"REFERENCES {other} ({_listed(theirs)});"
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(quote_part, names))


def _why_no_key(relation: Relation) -> str | None:
    """Why a relationship can be no foreign key; None if it can."""
    if relation.target is None:
        return "the table or column is not in this contract"
    if is_view(relation.table) or is_view(relation.target):
        return "a view has no key"
    columns = [item.column for item in (*relation.columns, *relation.to)]
    if any(part is None or part.label != part.name for part in columns):
        return "only columns can be a key, not fields inside of them"
    own = {item.table.table.name for item in relation.columns if item.table}
    if own != {relation.table.table.name} or len(relation.columns) != len(relation.to):
        return "its two sides do not fit"
    if tuple(part.name for part in columns[len(relation.columns) :] if part) != relation.target.table.keys:
        return f"it refers to other columns than the primary key of {relation.target.table.name}"
    return None


def _missing(contract: Contract, table: TableParts, own: Sequence[Relation]) -> Iterator[str]:
    prefix = f"{table.table.name}: "
    if is_view(table):
        yield f"{prefix}the view itself: its query is not in the contract"
    for rule in table.table.rules:
        if (why := _why_no_check(rule, table)) and not _is_in_the_definition(rule, table):
            yield f"{prefix}{rule.reason}: {why}"
    relations = {f"the relationship {relation.words}": relation for relation in own}
    of_all = set(promises_of_contract(contract))
    left = []
    for promise in promises_of(contract, table, own):
        if promise.key == "primaryKey" and not promise.label:
            yield f"{prefix}{promise.words}; {'a view has no key' if is_view(table) else 'PRIMARY KEY informs only'}"
        elif promise.words in relations:
            why = _why_no_key(relations[promise.words])
            yield f"{prefix}{promise.words}: {why or 'FOREIGN KEY informs only'}"
        elif not (promise.has_rule or promise.key == "classification" or promise in of_all):
            left.append(promise)
    yield from (f"{prefix}{line}" for line in lines(left))
    yield from (f"{prefix}{line}" for line in tags.not_possible(table))
