"""Contracts as what the medallion works on: a delivery becomes a source, a table of silver an entity, one of gold a derived table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.errors import ContractUseError
from databricks_utils.contracts.parts.foreign_keys import foreign_keys
from databricks_utils.contracts.table import Table
from databricks_utils.contracts.whole_tables.as_queries import as_check, as_query
from databricks_utils.medallion.declaring.declarations import Derived, Entity
from databricks_utils.medallion.declaring.promises import Promises
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.declaring.text_values import TextType
from databricks_utils.medallion.errors import DeclarationError
from databricks_utils.nearest import choose_from
from databricks_utils.quality import AnyCheck, AnyRule, QualityError, Reference, Rule, Unique
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def table_of(contract: Contract, name: str) -> Table:
    """Return a table of a contract.

    Raises:
        ContractUseError: The contract has no such table.
    """
    found = {table.name: table for table in contract.tables}
    if name not in found:
        raise ContractUseError(
            f"the contract {contract.id} has no table `{name}`",
            location=contract.file,
            fix=choose_from(name, found) or f"add a table `{name}` to its `schema`",
        )
    return found[name]


def source_of(contract: Contract, name: str) -> Source:
    """Return the source that a contract about delivered files declares.

    Args:
        contract: The contract, loaded with `logical_names`: the physical names are those of the files' headers.
        name: Its table; the name of the source.

    Raises:
        ContractUseError: The contract has no such table, or files of text cannot hold it.
    """
    table = table_of(contract, name)
    try:
        return Source(
            name=name,
            columns=tuple(field.name for field in table.columns),
            comment=_comment(table),
            path=table.settings.path,
            types={
                field.name: TextType(field.type.sql(), table.patterns.get(field.name, ""))
                for field in table.columns
            },
            missing=table.settings.missing,
            missing_of=table.missing_of,
            rules=table.rules,
            drift=table.settings.drift,
            contract=_label(contract),
            classified=table.classified,
            headers=table.headers,
        )
    except DeclarationError as error:
        raise _unusable(contract, error) from error


def entity_of(  # noqa: PLR0913 - a contract, and what it cannot say
    contract: Contract,
    name: str,
    source: Source,
    read: "Callable[..., DataFrame] | None" = None,
    *,
    needs: Sequence[str] = (),
    rules: Sequence[AnyRule] = (),
    others: Sequence[Contract] = (),
) -> Entity:
    """Return the entity that a contract about a table of silver declares: its columns, types, key and rules.

    Args:
        contract: The contract.
        name: Its table; the name of the entity.
        source: The source of the records.
        read: The function of the entity; by default the records are the rows.
        needs: See `Entity`.
        rules: Further rules, e.g. about columns that the function adds and the table does not keep.
        others: The contracts of the entities that its relationships lead to, if they are other ones.

    Raises:
        ContractUseError: The contract has no such table, a relationship leads nowhere, or no entity can be made of it.
    """
    table = table_of(contract, name)
    try:
        return Entity(
            source=source,
            read=read or _as_delivered,
            keys=table.keys,
            columns=tuple(field.name for field in table.columns),
            rules=(*_rules_besides(table, source), *_between_rows(contract, table, others), *rules),
            needs=needs,
            max_quarantined_share=table.settings.max_quarantined_share,
            name=name,
            promises=_promises(contract, table),
            checks=table.checks,
        )
    except (DeclarationError, QualityError) as error:
        raise _unusable(contract, error) from error


def derived_of(  # noqa: PLR0913 - as `Derived`
    contract: Contract,
    name: str,
    build: "Callable[..., DataFrame]",
    *,
    needs: Sequence[str],
    layer: str = "gold",
    by_month: Mapping[str, str] | None = None,
    others: Sequence[Contract] = (),
) -> Derived:
    """Return the derived table that a contract declares; a row that breaks the contract stops the writing of the table.

    That its key and other values are unique, and that rows refer to rows that exist, is checked after the table was written.

    Args:
        contract: The contract.
        name: Its table.
        build: See `Derived`.
        needs: See `Derived`.
        layer: See `Derived`.
        by_month: See `Derived`.
        others: See `entity_of`.

    Raises:
        ContractUseError: The contract has no such table, or a relationship leads nowhere.
    """
    table = table_of(contract, name)
    try:
        return Derived(
            name,
            build,
            needs,
            layer=layer,
            by_month=by_month or {},
            rules=tuple(rule for rule in table.rules if not rule.severity.keeps_the_row),
            promises=_promises(contract, table),
            checks=(*table.checks, *_of_written(contract, table, others)),
        )
    except QualityError as error:
        raise _unusable(contract, error) from error


def _as_delivered(records: "DataFrame") -> "DataFrame":
    return records


def _promises(contract: Contract, table: Table) -> Promises:
    return Promises(
        contract=_label(contract),
        comment=_comment(table),
        types={field.name: field.type.simple() for field in table.columns},
        comments={field.name: field.comment for field in table.columns},
        places={name: str(place) for name, place in table.places.items()},
        protection=table.protection,
    )


def _rules_besides(table: Table, source: Source) -> list[Rule]:
    """The rules of a table, without those that its key is given, which every entity has; another name where the source's rule differs."""
    given = {f"{quote_part(name)} IS NOT NULL" for name in table.keys}
    known = {rule.name: rule.expression for rule in source.rules}
    return [
        rule
        if known.get(rule.name, rule.expression) == rule.expression
        else replace(rule, name=f"{rule.name}_in_silver")
        for rule in table.rules
        if not (rule.name.endswith("_is_given") and rule.expression in given)
    ]


def _between_rows(contract: Contract, table: Table, others: Sequence[Contract]) -> list[Unique | Reference]:
    """The rules of an entity that compare rows: two versions of a row, which its key identifies, may share values."""
    unique = [
        replace(rule, same=table.keys, existing=table.name)
        for rule in table.unique
        if rule.columns != table.keys
    ]
    return [*unique, *foreign_keys(contract, table.name, others)]


def _of_written(contract: Contract, table: Table, others: Sequence[Contract]) -> list[AnyCheck]:
    """The promises of a derived table that compare rows, or that some of its rows may break."""
    rules: list[Unique | Reference] = [rule for rule in table.unique if rule.columns != table.keys]
    rules += foreign_keys(contract, table.name, others)
    if table.keys:
        rules.insert(0, Unique("key_is_unique", table.keys, "several rows have one key"))
    kept = [as_check(rule) for rule in table.rules if rule.severity.keeps_the_row]
    return [*kept, *(as_query(rule) for rule in rules)]


def _comment(table: Table) -> str:
    return table.comment.rstrip(".")


def _label(contract: Contract) -> str:
    return f"{contract.id} {contract.version}"


def _unusable(contract: Contract, error: DeclarationError | QualityError) -> ContractUseError:
    return ContractUseError(error.summary, detail=error.detail, location=contract.file, fix=error.fix or "")
