"""One table of a contract, compiled: its columns, keys, rules and settings, and what of it is not checked."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.config.origin import Origin
from databricks_utils.config.tree import Node
from databricks_utils.contracts.errors import Problem
from databricks_utils.contracts.not_executed import is_computed, of_table
from databricks_utils.contracts.rules.check_names import CheckNames
from databricks_utils.contracts.rules.checks import rules_of_checks
from databricks_utils.contracts.rules.policies import protection_of
from databricks_utils.contracts.rules.row_rules import rules_of
from databricks_utils.contracts.rules.several_rows import unique_rules
from databricks_utils.contracts.rules.values import Value, named
from databricks_utils.contracts.table_settings import TableSettings, column_missing, settings_of
from databricks_utils.contracts.types.column_types import ColumnTypeError, ColumnTypes
from databricks_utils.contracts.types.literals import MOMENTS
from databricks_utils.contracts.types.spark_types import Field, struct_type
from databricks_utils.contracts.whole_tables.table_checks import table_checks
from databricks_utils.medallion.declaring.protection import Protection
from databricks_utils.quality import AnyCheck, Rule, Unique

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality, SchemaObject
    from pyspark.sql.types import StructType


@dataclass(frozen=True)
class Table:
    """One table of a contract.

    Attributes:
        name: Its physical name, else its name.
        comment: What one row stands for, as the contract describes it.
        columns: Its columns.
        keys: The columns of its primary key, in their order; empty if it has none.
        rules: The promises about single values and rows that are checked.
        unique: The promises that rows do not share values, besides the key.
        checks: The promises about the whole table.
        classified: The columns of which all or a part has a classification other than `public`: their values are not shown.
        protection: Its column masks and its row filter.
        settings: Its way through the medallion.
        headers: Its columns with their logical names → their physical ones, where these are others; see `load_contract`.
        patterns: How its dates and timestamps are written in files: column → pattern of Spark; ISO 8601 if a column is not there.
        missing_of: Texts in its files that stand for a missing value: of each column that has its own, instead of `settings.missing`.
        places: Rule → where the contract says it.
        not_executed: What the contract promises of this table and nothing here checks; one line each.
    """

    name: str
    comment: str
    columns: tuple[Field, ...]
    keys: tuple[str, ...]
    rules: tuple[Rule, ...]
    unique: tuple[Unique, ...]
    checks: tuple[AnyCheck, ...]
    classified: frozenset[str]
    protection: Protection
    settings: TableSettings
    headers: Mapping[str, str]
    patterns: Mapping[str, str]
    missing_of: Mapping[str, tuple[str, ...]]
    places: Mapping[str, Origin]
    not_executed: tuple[str, ...]

    def missing(self, column: str) -> tuple[str, ...]:
        """Return the texts that stand for a missing value in a column of its files."""
        return self.missing_of.get(column, self.settings.missing)

    def struct_type(self) -> "StructType":
        """Return the columns as a schema of pyspark."""
        return struct_type(self.columns)


def compile_table(
    given: "SchemaObject", node: Node, *, strict: bool, logical_names: bool, tables: Collection[str] = ()
) -> tuple[Table, tuple[Value, ...], list[Problem]]:
    """Compile one table of a contract, and return its columns as they are in the contract, and what of it cannot hold.

    Args:
        given: The table.
        node: The same in the tree of its file.
        strict: Whether it is on Databricks; see `ColumnTypes`.
        logical_names: Whether its columns have their logical names; see `load_contract`.
        tables: The names and ids of the contract's tables, which its relationships may mean.
    """
    types = ColumnTypes(strict=strict, logical_names=logical_names)
    values, problems = _values(given, node, types)
    rules, wrong = rules_of(values)
    names = _names(rules, given, values, node)
    wrong_checks = _add_checks(rules, given, values, node, names)
    places = {rule.name: place for rule, place in rules.items()}
    unique, whole, wrong_whole = _of_the_whole(given, values, node, places, names)
    keys, wrong_keys = _keys(values)
    settings, wrong_settings, not_read = settings_of(
        given.customProperties or [], node.closest(("customProperties",))
    )
    missing_of, protection, wrong_properties = _of_custom_properties(given, node, values, keys)
    table = Table(
        given.physicalName or given.name or "",
        " ".join((given.description or "").split()),
        tuple(value.field for value in values),
        keys,
        tuple(rules),
        unique,
        whole,
        frozenset(value.field.name for value in values if value.is_masked),
        protection,
        settings,
        _headers(values),
        _patterns(values),
        missing_of,
        places,
        (*types.notes, *not_read, *of_table(given, values, tables)),
    )
    if "${" in table.name:
        problems.append(
            Problem(
                f"the name `{table.name}` contains `${{`, which Spark replaces by a variable",
                str(node.origin),
                "choose another name",
            )
        )
    problems += [
        *wrong,
        *wrong_checks,
        *wrong_whole,
        *wrong_keys,
        *wrong_settings,
        *wrong_properties,
    ]
    return table, tuple(values), problems


def _of_custom_properties(
    given: "SchemaObject", node: Node, values: list[Value], keys: tuple[str, ...]
) -> tuple[dict[str, tuple[str, ...]], Protection, list[Problem]]:
    """What custom properties say of columns: the texts for a missing value, and the masks; with the row filter, and what is wrong."""
    of_columns = [
        (v.field.name, v.given.customProperties or [], v.node.closest(("customProperties",))) for v in values
    ]
    own = (given.name or "", given.customProperties or [], node.closest(("customProperties",)))
    missing, wrong_missing = column_missing(of_columns)
    protection, wrong_policies = protection_of(own, of_columns, keys)
    return missing, protection, [*wrong_missing, *wrong_policies]


def _values(given: "SchemaObject", node: Node, types: ColumnTypes) -> tuple[list[Value], list[Problem]]:
    """The columns of a table, and what is wrong with their types and names."""
    values: list[Value] = []
    problems: list[Problem] = []
    nodes = node.closest(("properties",))
    names: set[str] = set()
    for at, item in enumerate(given.properties or []):
        place = nodes.closest((str(at),))
        if is_computed(item):
            continue
        try:
            field = types.field(item, place)
        except ColumnTypeError as error:
            problems.append(error.problem)
            continue
        if field.name.lower() in names:
            problems.append(
                Problem(f"the column `{field.name}` is there twice", str(place.origin), "keep one of them")
            )
        names.add(field.name.lower())
        values.append(Value((field.name,), field, item, place, frozenset(types.unknown), types.by_format))
    return named(values), problems


def _checks(
    given: "SchemaObject", values: list[Value], node: Node
) -> "Iterator[tuple[Value | None, list[DataQuality], Node]]":
    """The checks of a table and of each of its values, with their place in the tree."""
    yield None, given.quality or [], node.closest(("quality",))
    for column in values:
        for value in column.inner():
            yield value, value.given.quality or [], value.node.closest(("quality",))


def _names(rules: Iterable[Rule], given: "SchemaObject", values: list[Value], node: Node) -> CheckNames:
    names = CheckNames({rule.name for rule in rules})
    for _, checks, place in _checks(given, values, node):
        names.add(checks, place)
    return names


def _add_checks(
    rules: dict[Rule, Origin], given: "SchemaObject", values: list[Value], node: Node, names: CheckNames
) -> list[Problem]:
    """Add the rules of the checks of a table and of its columns, and return what is wrong with them."""
    problems = list[Problem]()
    for value, checks, above in _checks(given, values, node):
        for rule, place in rules_of_checks(checks, value, above, problems):
            rules[names.named(rule, place, problems)] = place.origin
    return problems


def _of_the_whole(
    given: "SchemaObject", values: list[Value], node: Node, places: dict[str, Origin], names: CheckNames
) -> tuple[tuple[Unique, ...], tuple[AnyCheck, ...], list[Problem]]:
    """The rules that compare rows, the checks of the whole table, and what is wrong with them; `places` gets where they stand."""
    problems = list[Problem]()
    found: list[tuple[Unique | AnyCheck, Node]] = [*unique_rules(given.quality or [], values, node, problems)]
    for value, checks, quality in _checks(given, values, node):
        found += table_checks(checks, value, quality, problems)
    whole = [names.named(item, place, problems) for item, place in found]
    places.update({item.name: place.origin for item, (_, place) in zip(whole, found, strict=True)})
    unique = tuple(item for item in whole if isinstance(item, Unique))
    return unique, tuple(item for item in whole if not isinstance(item, Unique)), problems


def _headers(values: list[Value]) -> dict[str, str]:
    return {
        value.field.name: value.given.physicalName
        for value in values
        if value.given.physicalName and value.given.physicalName != value.field.name
    }


def _patterns(values: list[Value]) -> dict[str, str]:
    return {
        value.field.name: str(pattern)
        for value in values
        if value.field.type.name in MOMENTS
        and (pattern := (value.given.logicalTypeOptions or {}).get("format"))
    }


def _keys(values: list[Value]) -> tuple[tuple[str, ...], list[Problem]]:
    """The columns of the key in their order: by position, then as they stand."""
    found = [value for value in values if value.given.primaryKey]
    problems = [
        Problem(
            f"{value.label}: a {value.field.type.sql()} cannot be part of a key",
            str(value.node.origin),
            "choose another column",
        )
        for value in found
        if value.field.type.name in {"array", "map", "struct", "variant"}
    ]
    taken: set[int] = set()
    for value in found:
        position = value.given.primaryKeyPosition
        if position is not None and position in taken:
            place = str(value.node.closest(("primaryKeyPosition",)).origin)
            problems.append(
                Problem(f"two columns have `primaryKeyPosition: {position}`", place, "number them from 1 on")
            )
        taken.update({position} if position is not None else ())
    last = len(values) + 1
    ordered = sorted(
        found,
        key=lambda value: last if value.given.primaryKeyPosition is None else value.given.primaryKeyPosition,
    )
    return tuple(value.field.name for value in ordered), problems
