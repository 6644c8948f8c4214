"""What a project declares: sources, entities and derived tables.

A source names the columns that a file must have. An entity is a table of silver: its source, the function that types the
records, the rules for a record, and the key.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from databricks_utils.catalog.identifiers import check_name
from databricks_utils.catalog.layers import check_layer
from databricks_utils.medallion.declaring.columns import COLUMN, check_columns
from databricks_utils.medallion.declaring.promises import Promises
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.errors import DeclarationError
from databricks_utils.quality import AnyCheck, AnyRule, DuplicateRuleError, Reference, Rule, Unique
from databricks_utils.quality.quarantine_limit import is_share
from databricks_utils.quality.rules import check_names

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Entity:
    """One table of silver, and the function that makes its rows.

    Attributes:
        source: The source of the records.
        read: Returns the records with typed columns added: `records, *needed -> DataFrame`. It keeps every record, and
            depends only on its arguments.
        keys: The columns that identify a row; `read` adds them.
        columns: The other columns of the table; `read` adds them.
        rules: The rules for a row, also over several rows. One more always applies: no part of its key is missing. The rules of its
            source come first. A `Reference` names another entity, `Unique.existing` the entity itself: its rows of today.
        needs: Entities whose silver tables `read` gets as further arguments, in this order.
        max_quarantined_share: Greatest accepted share of invalid records in new files, 0 to 1; by default
            `quality.max_quarantined_share` of the configuration.
        name: The name of the tables in silver and quarantine; by default the source's name.
        promises: What its contract promises of the columns; None without a contract.
        checks: The checks of its silver table, after the delivery was merged and before other entities are made of it; `{name}` in a
            query is another entity.

    Raises:
        DeclarationError: The name is not valid for a table, keys are missing, a column or rule is named twice, or the entity refers
            to itself.
    """

    source: Source
    read: Callable[..., DataFrame]
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    rules: tuple[AnyRule, ...] = ()
    needs: Sequence[str] = ()
    max_quarantined_share: float | None = None
    name: str = ""
    promises: Promises | None = field(default=None, hash=False)
    checks: tuple[AnyCheck, ...] = ()

    def __post_init__(self) -> None:
        set_once = object.__setattr__
        set_once(self, "name", self.name or self.source.name)
        set_once(self, "columns", tuple(dict.fromkeys((*self.keys, *self.columns))))
        set_once(self, "rules", (_key_rule(self.keys), *self.rules))
        check_name(f"{self.name}_checked", kind="table")
        check_names((*self.rules, *self.checks))
        _check_shared(self.source.rules, self.rules)
        where = f"entity `{self.name}`"
        check_columns(where, self.columns)
        if not self.keys:
            raise DeclarationError(
                f"{where} has no keys", fix="name the columns that identify a row: keys=(…)"
            )
        if isinstance(self.needs, str):
            raise DeclarationError(f"{where}: needs is text", fix=f'write needs=("{self.needs}",)')
        set_once(self, "needs", tuple(self.needs))
        _check_tables(self.name, self.rules)
        share = self.max_quarantined_share
        if share is not None and not is_share(share):
            raise DeclarationError(
                f"{where}: max_quarantined_share is {share}", fix="give a share from 0 to 1, e.g. 0.01"
            )

    @property
    def required(self) -> tuple[str, ...]:
        """The entities whose silver tables it needs, or whose rows its own refer to; those in `needs` come first."""
        referred = (rule.to for rule in self.rules if isinstance(rule, Reference))
        return tuple(dict.fromkeys((*self.needs, *referred)))

    @property
    def compares_with_today(self) -> bool:
        """Whether a rule compares new rows with those that are in silver."""
        return any(isinstance(rule, Unique) and rule.existing is not None for rule in self.rules)

    @property
    def all_rules(self) -> tuple[AnyRule, ...]:
        """The rules of its source and its own; one that both have is there once."""
        return tuple({rule.name: rule for rule in (*self.source.rules, *self.rules)}.values())

    @property
    def contracts(self) -> tuple[str, ...]:
        """The contracts of its source and of its table, with their versions; none without contracts."""
        own = self.promises.contract if self.promises else ""
        return tuple(label for label in (self.source.contract, own) if label)


@dataclass(frozen=True)
class Derived:
    """A table that is made from others, in one commit.

    Attributes:
        name: The table.
        build: Returns its rows: `context, *needed -> DataFrame`.
        needs: Entities and derived tables that `build` gets as further arguments, in this order.
        layer: Its layer.
        by_month: Needed table → SQL expression of a date: the first day of the derived rows that its row can matter to. Then a
            transformation makes only the months from the first one on in which a needed table has changed. The first expression is a date
            column of the table that gives the rows, and each derived row keeps it. `build` gets this table from that month on, so
            a derived row must not depend on its earlier rows (a running total does), nor on anything besides the arguments of
            `build`. It gets the other tables whole, and all without the columns of `ORIGIN`, which do not count as a change.
            If a needed table changes that is not named here, all rows are made. Empty: each transformation makes all rows.
            `databricks_utils.testing.assert_earlier_months_stand` shows whether all this is so.
        rules: The rules for a row; one that fails, unless it is a warning, stops the writing of the table.
        promises: What its contract promises of the columns; None without a contract.
        checks: The checks of the table, after it was written; `{name}` in a query is an entity or another derived table.

    Raises:
        DeclarationError: `needs` is empty, or `by_month` does not begin with a column, or names a table that is not needed.

    Example:
        >>> Derived("sales", print, needs=("orders", "shops"), by_month={"orders": "ordered_on"}).layer
        'gold'
    """

    name: str
    build: Callable[..., DataFrame]
    needs: Sequence[str]
    layer: str = "gold"
    by_month: Mapping[str, str] = field(default_factory=dict, hash=False)
    rules: tuple[Rule, ...] = ()
    promises: Promises | None = field(default=None, hash=False)
    checks: tuple[AnyCheck, ...] = ()

    def __post_init__(self) -> None:
        check_name(self.name, kind="table")
        check_layer(self.layer, tables=True)
        check_names((*self.rules, *self.checks))
        if not self.needs or isinstance(self.needs, str):
            raise DeclarationError(
                f"derived table `{self.name}` needs no table", fix='name what it is made from: needs=("…",)'
            )
        object.__setattr__(self, "needs", tuple(self.needs))
        if not isinstance(self.by_month, Mapping):
            raise DeclarationError(
                f"derived table `{self.name}`: by_month is not a mapping",
                fix='name the date of each needed table: by_month={"…": "…"}',
            )
        object.__setattr__(self, "by_month", dict(self.by_month))
        if (first := next(iter(self.by_month.values()), None)) and not COLUMN.fullmatch(first):
            raise DeclarationError(
                f"derived table `{self.name}`: by_month begins with `{first}`, which is no column",
                fix="name first the table that gives the rows, with its date column",
            )
        if others := [name for name in self.by_month if name not in self.needs]:
            raise DeclarationError(
                f"derived table `{self.name}`: by_month names `{others[0]}`, which it does not need",
                fix=f"name needed tables only: {', '.join(self.needs)}",
            )

    @property
    def required(self) -> Sequence[str]:
        """The tables that it needs."""
        return self.needs

    @property
    def contracts(self) -> tuple[str, ...]:
        """The contract of its table, with its version; none without one."""
        return (self.promises.contract,) if self.promises else ()


@dataclass(frozen=True)
class Declarations:
    """What the modules of a package declare, each sorted by name; `sources` are those without an entity."""

    entities: tuple[Entity, ...]
    derived: tuple[Derived, ...]
    sources: tuple[Source, ...] = ()


def declared_in(package: str) -> Declarations:
    """Return every source, entity and derived table that a module of a package, or of one below it, declares at its top level.

    So a new source needs no entry in a list: its module is imported with the others. A source without an entity is loaded into
    bronze and goes no further.

    Args:
        package: Dotted name, e.g. `flights.transformations`.

    Raises:
        DeclarationError: No module declares an entity or a source.
    """
    folder = importlib.import_module(package)
    modules = [info.name for info in pkgutil.walk_packages(folder.__path__, f"{package}.")]
    values = {
        id(value): value for module in modules for value in vars(importlib.import_module(module)).values()
    }
    entities = [value for value in values.values() if isinstance(value, Entity)]
    used = {entity.source for entity in entities}
    sources = [value for value in values.values() if isinstance(value, Source) and value not in used]
    if not entities and not sources:
        raise DeclarationError(
            f"{package} declares no entity",
            detail="its modules: " + (", ".join(modules) or "none"),
            fix="assign an `Entity(…)` to a name at the top level of one of its modules",
        )
    derived = [value for value in values.values() if isinstance(value, Derived)]
    return Declarations(
        tuple(sorted(entities, key=lambda entity: entity.name)),
        tuple(sorted(derived, key=lambda item: item.name)),
        tuple(sorted(dict.fromkeys(sources), key=lambda source: source.name)),
    )


def _key_rule(keys: Sequence[str]) -> Rule:
    present = " AND ".join(f"{key} IS NOT NULL" for key in keys) or "true"
    return Rule("key_is_complete", present, f"a part of the key is missing: {', '.join(keys)}")


def _check_tables(entity: str, rules: Sequence[AnyRule]) -> None:
    for rule in rules:
        if isinstance(rule, Reference) and rule.to == entity:
            raise DeclarationError(
                f"entity `{entity}`: the rule `{rule.name}` refers to the entity itself, whose new rows are not there yet",
                fix="write a `Query` among its checks: SELECT count(*) FROM {table} AS a LEFT ANTI JOIN {table} AS b ON …",
            )
        if isinstance(rule, Unique) and rule.existing not in (None, entity):
            raise DeclarationError(
                f"entity `{entity}`: the rule `{rule.name}` compares with `{rule.existing}`",
                fix=f'write existing="{entity}", the rows of today; for rows of another entity write a `Reference`',
            )


def _check_shared(of_source: Sequence[Rule], of_entity: Sequence[AnyRule]) -> None:
    """A record that fails a rule of its source and the same one of its entity fails it once; two different ones need two names."""
    known = {rule.name: rule for rule in of_source}
    for rule in of_entity:
        other = known.get(rule.name)
        if other is None:
            continue
        if not isinstance(rule, Rule) or (str(other.expression), other.severity) != (
            str(rule.expression),
            rule.severity,
        ):
            raise DuplicateRuleError(
                f"quality: the rule `{rule.name}` is defined twice, for the source and for the entity, and they differ",
                fix="give one of them another name",
            )
