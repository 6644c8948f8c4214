"""The page of a contract in Markdown, for those who write the data and for those who read it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.pages.diagram import diagram
from databricks_utils.contracts.pages.notes import guidance, links, own_properties
from databricks_utils.contracts.pages.surroundings import people, servers, service_levels
from databricks_utils.contracts.pages.tables import table_section
from databricks_utils.contracts.parts import Relation, tables_of
from databricks_utils.markdown import (
    bullets,
    cell,
    code,
    escaped,
    paragraphs,
    sentence,
    table,
)

if TYPE_CHECKING:
    from open_data_contract_standard.model import (
        OpenDataContractStandard,
    )

# The first line of each page that `lakewright contract docs` writes: it may be replaced and removed.
MARK = "<!-- Written by `lakewright contract docs` from the contract; changes here are lost. -->"


def heading(project: str = "") -> str:
    """Return the first lines of each page of a project: others may replace and remove it only if theirs are the same.

    Args:
        project: The name of the project; empty if the page belongs to none.

    >>> print(heading("shop"))  # doctest: +ELLIPSIS
    <!-- Written by `lakewright contract docs` ...
    <!-- Project: shop -->
    """
    name = " ".join(project.split()).replace(">", "&gt;")  # else it may end the comment
    return f"{MARK}\n<!-- Project: {name} -->" if name else MARK


def contract_page(contract: Contract, relations: Sequence[Relation], *, project: str = "") -> str:
    """Return the page of a contract.

    Args:
        contract: The contract.
        relations: The relationships of all contracts that have a page.
        project: The name of the project; see `heading`.
    """
    own = [relation for relation in relations if relation.contract is contract]
    given = contract.document
    tables = tables_of(contract)
    lines = [
        heading(project),
        "",
        f"# {escaped(given.name or contract.id) or 'Contract'}",
        "",
        *_facts(contract),
        *_description(given),
        *guidance(given.context),
        *diagram(own),
        *(line for parts in tables for line in table_section(parts, own)),
        *service_levels(given),
        *people(given),
        *servers(given),
        *_unchecked(contract),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _facts(contract: Contract) -> list[str]:
    given = contract.document
    rows = [
        ["id", code(contract.id)],
        ["version", code(contract.version)],
        ["status", cell(contract.status)],
        ["domain", cell(given.domain)],
        ["data product", cell(given.dataProduct)],
        ["tenant", cell(given.tenant)],
        ["tags", cell(", ".join(given.tags or []))],
        ["price", cell(_price(given))],
        *([cell(item.property), cell(item.value)] for item in given.customProperties or []),
    ]
    return table(["", ""], [row for row in rows if row[1]])


def _price(given: "OpenDataContractStandard") -> str:
    price = given.price
    if price is None or price.priceAmount is None:
        return ""
    amount = f"{price.priceAmount} {price.priceCurrency or ''}".strip()
    return f"{amount} per {price.priceUnit}" if price.priceUnit else amount


def _description(given: "OpenDataContractStandard") -> list[str]:
    description = given.description
    if description is None:
        return []
    texts = (
        ("Purpose", description.purpose),
        ("Usage", description.usage),
        ("Limitations", description.limitations),
    )
    found = [line for head, text in texts if text for line in (f"## {head}", "", *paragraphs(text))]
    return [
        *found,
        *bullets(links(description.authoritativeDefinitions)),
        *own_properties(description.customProperties),
    ]


def _unchecked(contract: Contract) -> list[str]:
    lines = [*contract.not_executed]
    lines += [f"{parts.name}: {line}" for parts in contract.tables for line in parts.not_executed]
    if not lines:
        return []
    return ["## Promised, not checked", "", *bullets([sentence(line) for line in lines])]
