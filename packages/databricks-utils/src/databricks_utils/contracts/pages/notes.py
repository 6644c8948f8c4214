"""What stands in several places of a contract: links, custom properties, guidance for AI agents."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from databricks_utils.markdown import block, bullets, cell, link, paragraphs, table

if TYPE_CHECKING:
    from open_data_contract_standard.model import AuthoritativeDefinition, Context, CustomProperty


def links(items: "Sequence[AuthoritativeDefinition] | None") -> list[str]:
    """Return where more is said, one line each.

    Args:
        items: The links.
    """
    return [
        f"{block(item.type or 'see')}: {link(item.url or '')} {cell(item.description)}".rstrip()
        for item in items or []
    ]


def own_properties(items: "Sequence[CustomProperty] | None") -> list[str]:
    """Return custom properties as a list.

    Args:
        items: The properties.
    """
    return bullets([f"{block(item.property or '')}: {cell(item.value)}" for item in items or []])


def guidance(given: "Context | str | None", *, level: str = "##") -> list[str]:
    """Return the section for AI agents; what they must not do stands first, since it must not be overlooked.

    Args:
        given: What the contract says to them.
        level: What begins a heading.
    """
    if not given:
        return []
    if isinstance(given, str):
        return [f"{level} For AI agents", "", *paragraphs(given)]
    lines = [f"{level} For AI agents", ""]
    if given.constraints:
        lines += [
            "**An agent must not:**",
            "",
            *bullets([block(item.constraint or "") for item in given.constraints]),
        ]
    lines += paragraphs(given.instructions or "")
    rows = [[cell(item.question), cell(item.answer)] for item in given.verifiedStatements or []]
    return [*lines, *table(["question", "verified answer"], rows)]
