"""The page that lists the contracts."""

from collections.abc import Sequence

from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.pages.diagram import diagram
from databricks_utils.contracts.pages.page import heading
from databricks_utils.contracts.parts import Relation
from databricks_utils.markdown import cell, escaped, table


def index_page(
    pages: Sequence[tuple[str, Contract]], relations: Sequence[Relation], *, project: str = ""
) -> str:
    """Return the list of contracts with links to their pages, and all relationships between their tables.

    Args:
        pages: The contracts, each with the path of its page from here.
        relations: The relationships of the contracts.
        project: The name of the project; see `heading`.
    """
    rows = [
        [
            f"[{escaped(contract.document.name or contract.id)}](<{_address(path)}>)",
            cell(contract.version),
            cell(contract.status),
            cell(contract.document.domain),
            cell(", ".join(table.name for table in contract.tables)),
            cell(contract.document.description.purpose if contract.document.description else None),
        ]
        for path, contract in pages
    ]
    lines = [
        heading(project),
        "",
        "# Data contracts",
        "",
        *table(["contract", "version", "status", "domain", "tables", "purpose"], rows),
        *diagram(relations),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _address(path: str) -> str:
    """A path between the angle brackets of a link."""
    return path.replace("%", "%25").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
