"""The section of a table: what a row is, columns, measures, relationships, quality checks."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from databricks_utils.contracts.pages.columns import columns_table
from databricks_utils.contracts.pages.notes import guidance, links, own_properties
from databricks_utils.contracts.parts import Relation, TableParts
from databricks_utils.markdown import bullets, cell, code, escaped, paragraphs, table

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

_OPERATORS = {
    "mustBe": "=",
    "mustNotBe": "≠",
    "mustBeGreaterThan": ">",
    "mustBeGreaterOrEqualTo": "≥",
    "mustBeLessThan": "<",
    "mustBeLessOrEqualTo": "≤",
    "mustBeBetween": "between",
    "mustNotBeBetween": "not between",
}


def table_section(parts: TableParts, relations: Sequence[Relation]) -> list[str]:
    """Return the section of a table.

    Args:
        parts: The table.
        relations: The relationships of its contract.
    """
    given = parts.given
    what = ", ".join(
        item for item in (cell(given.physicalType), "**deprecated**" if given.deprecated else "") if item
    )
    title = escaped(parts.table.name)
    name = f"Also called: {cell(', '.join(_names(parts)))}" if _names(parts) else ""
    grain = f"One row: {cell(given.dataGranularityDescription)}" if given.dataGranularityDescription else ""
    key = f"Key: {', '.join(map(code, parts.table.keys))}" if parts.table.keys else ""
    tags = f"Tags: {cell(', '.join(given.tags))}" if given.tags else ""
    own = [relation for relation in relations if relation.table.table.name == parts.table.name]
    return [
        f"## Table {title}",
        "",
        *paragraphs(given.description or ""),
        *bullets(
            [item for item in (what, grain, key, name, tags, *links(given.authoritativeDefinitions)) if item]
        ),
        *own_properties(given.customProperties),
        *guidance(given.context, level="###"),
        *columns_table(parts),
        *_computed(parts),
        *_relations(own),
        *_checks(parts),
    ]


def _names(parts: TableParts) -> list[str]:
    given = parts.given
    names = [given.name, given.businessName, *(item.synonym for item in given.synonyms or [])]
    return [str(name) for name in dict.fromkeys(names) if name and name != parts.table.name]


def _computed(parts: TableParts) -> list[str]:
    rows = [
        [
            code(given.name),
            cell(given.semanticType),
            code(given.transformLogic or ""),
            cell(given.description),
        ]
        for given, _ in parts.computed
    ]
    found = table(["computed", "kind", "how", "meaning"], rows)
    return ["### Measures", "", *found] if found else []


def _relations(relations: Sequence[Relation]) -> list[str]:
    items = [code(relation.words) for relation in relations]
    return ["### Relationships", "", *bullets(items)] if items else []


def _checks(parts: TableParts) -> list[str]:
    found = [("", check) for check in parts.given.quality or []]
    found += [
        (part.label, check) for part in parts.parts() if part.given for check in part.given.quality or []
    ]
    rows = [
        [
            code(label) if label else "the table",
            cell(check.name or check.id or check.metric or check.rule or check.type),
            cell(check.description or check.businessImpact),
            "<br>".join(_threshold(check)),
            cell(check.severity),
            cell(" ".join(item for item in (check.scheduler, check.schedule) if item)),
        ]
        for label, check in found
    ]
    lines = table(["of", "check", "meaning", "accepted", "severity", "when"], rows)
    return ["### Quality checks", "", *lines] if lines else []


def _threshold(check: "DataQuality") -> Iterator[str]:
    for key, sign in _OPERATORS.items():
        wanted = getattr(check, key)
        if wanted is not None:
            shown = " and ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)
            yield cell(f"{sign} {shown} {check.unit or ''}".rstrip())
    if check.query:
        yield code(" ".join(check.query.split()))
    if check.arguments:
        yield from (f"{cell(key)}: {code(value)}" for key, value in check.arguments.items())
    if check.engine:
        yield f"engine: {cell(check.engine)}"
    if isinstance(check.implementation, str):
        yield code(" ".join(check.implementation.split()))
