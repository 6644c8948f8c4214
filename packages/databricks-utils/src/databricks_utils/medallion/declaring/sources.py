"""A source: a repeated delivery of files, the types of their texts, and the rules for their records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from databricks_utils.catalog.identifiers import check_name
from databricks_utils.medallion.declaring.columns import check_columns
from databricks_utils.medallion.declaring.drift import Drift, header_rule
from databricks_utils.medallion.declaring.raw import readable_rule, readable_stems
from databricks_utils.medallion.declaring.text_values import TextType, delivered_text
from databricks_utils.medallion.errors import DeclarationError
from databricks_utils.quality import Rule
from databricks_utils.quality.rules import check_names
from databricks_utils.quoting import quote_part

COMPLETE = Rule(
    "record_is_complete",
    "_corrupt_record IS NULL",
    "the line does not have as many fields as the header of its file",
)


@dataclass(frozen=True)
class Source:
    """A repeated delivery of CSV files with a header, plain or gzip.

    Attributes:
        name: Its table in bronze.
        columns: The header's names, in lower case. Files are read by them, in any order; other columns are kept in `_extra`.
        comment: What one record stands for, e.g. `One airline`.
        path: Its folder in the landing volume; by default the name.
        types: Column → the type that its text is read as, for every column; the function of an entity then gets values, and a rule for
            each column says which texts are unreadable. None: it gets the text of the files.
        missing: Texts that stand for a missing value, as blank text does; only with `types`.
        rules: The rules for a delivered record, before the function of an entity; they see the values of `types`. One more always applies:
            its line is complete.
        drift: What happens to a file whose header differs from `columns`.
        contract: The contract that declares it, with its version, e.g. `flights 1.0.0`; empty if none does.
        classified: Columns whose values are not shown where a record fails, because they are about somebody.
        headers: Column → its name in the header, where that is another one; upper and lower case are the same.
        missing_of: Column → the texts that stand for a missing value in it instead of `missing`, e.g. none where `NA` is a code.

    Raises:
        DeclarationError: The name is not valid for a table, a column is named twice or has no type, or there are no columns.

    Example:
        >>> Source("airlines", ("carrier", "name"), "One airline").path
        'airlines'
    """

    name: str
    columns: tuple[str, ...]
    comment: str
    path: str = ""
    types: Mapping[str, TextType] | None = field(default=None, hash=False)
    missing: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    drift: Drift = Drift.EVOLVE
    contract: str = ""
    classified: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    missing_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        set_once, where = object.__setattr__, f"source `{self.name}`"
        check_name(self.name, kind="table")
        set_once(self, "columns", tuple(self.columns))
        set_once(self, "path", self.path or self.name)
        set_once(self, "drift", Drift(self.drift))
        check_columns(where, self.columns)
        if twice := sorted({name for name in self.header if self.header.count(name) > 1}):
            raise DeclarationError(
                f"{where}: two columns are `{twice[0]}` in the header",
                fix="give each column a name of its own",
            )
        if self.types is not None and set(self.types) != set(self.columns):
            odd = sorted(set(self.types) ^ set(self.columns))
            raise DeclarationError(
                f"{where}: {', '.join(odd)} stands in one of `columns` and `types` only",
                fix="give each column a type",
            )
        set_once(
            self, "rules", (COMPLETE, *header_rule(self.header, self.drift), *self._readable(), *self.rules)
        )
        check_names(self.rules)

    @property
    def header(self) -> tuple[str, ...]:
        """The names of its columns in the header of a file, in lower case."""
        return tuple(self.headers.get(name, name).strip().lower() for name in self.columns)

    def missing_in(self, column: str) -> tuple[str, ...]:
        """Return the texts that stand for a missing value in a column."""
        return self.missing_of.get(column, self.missing)

    @property
    def values(self) -> dict[str, str]:
        """Column → SQL for its value, NULL if it is missing or unreadable; empty if the source has no types."""
        return {
            name: kind.value(delivered_text(name, self.missing_in(name)))
            for name, kind in (self.types or {}).items()
        }

    def _readable(self) -> list[Rule]:
        stems = readable_stems(self.columns)
        return [
            readable_rule(
                name,
                delivered_text(name, self.missing_in(name)),
                quote_part(name),
                kind,
                stem=stems[name],
                masked=name in self.classified,
            )
            for name, kind in (self.types or {}).items()
            if kind.noun
        ]
