"""What makes the rows of an entity, as hashes: its columns, keys and rules, and the code that types its records.

Two definitions can be compared part by part, so that a person reads which rule or function changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.fingerprint import code_parts, hash_of
from databricks_utils.quality import AnyCheck, AnyRule, Rule

if TYPE_CHECKING:
    from databricks_utils.medallion.declaring.declarations import Entity
    from databricks_utils.medallion.declaring.sources import Source

# What of a rule does not change who passes.
_IN_WORDS = ("name", "reason", "limit", "masked", "broadcast")


@dataclass(frozen=True)
class Definition:
    """The parts that make an entity's rows.

    Attributes:
        parts: Name of the part, as a person reads it, → hash of its content.
    """

    parts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """The hash of all parts; every judged row carries it in `_definition`."""
        return hash_of(repr(sorted(self.parts.items())))

    def changes_from(self, earlier: Mapping[str, str]) -> tuple[str, ...]:
        """Return in words what differs from the parts of an earlier definition, sorted by part."""
        names = sorted({*self.parts, *earlier})
        return tuple(
            f"{name} {'is new' if name not in earlier else 'changed' if name in self.parts else 'is gone'}"
            for name in names
            if self.parts.get(name) != earlier.get(name)
        )


def define(entity: Entity) -> Definition:
    """Return the definition of an entity as it is now."""
    parts = {f"column `{name}`": "" for name in entity.columns}
    source = entity.source
    parts |= {f"source column `{name}`": _of_type(source, name) for name in source.columns}
    parts["source"] = hash_of(source.name)
    parts |= {"keys": hash_of(repr(entity.keys)), "needs": hash_of(repr(entity.needs))}
    for rule in (*source.rules, *entity.rules):
        parts[f"rule `{rule.name}`"] = _of_rule(rule)
    return Definition(parts | code_parts(entity.read))


def digest_of_checks(checks: Sequence[AnyCheck]) -> str:
    """Return the hash of all checks of a table; empty without any."""
    return hash_of(repr(tuple(checks))) if checks else ""


def _of_rule(rule: AnyRule) -> str:
    if isinstance(rule, Rule):
        return hash_of(repr((str(rule.expression), rule.severity.value)))
    what = {name: str(value) for name, value in vars(rule).items() if name not in _IN_WORDS}
    return hash_of(repr((rule.kind, sorted(what.items()))))


def _of_type(source: Source, column: str) -> str:
    return "" if source.types is None else hash_of(repr((source.types[column], source.missing_in(column))))
