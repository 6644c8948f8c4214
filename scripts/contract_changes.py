"""Write the tables of changes in docs/reference/contracts.md from the kinds of changes; with --check, fail if they are stale."""

from pathlib import Path

from generated_file import write_or_compare

from databricks_utils.contracts.changes import GROUPS, Kind

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "contracts.md"
BEGIN = "<!-- Written by scripts/contract_changes.py from databricks_utils.contracts.changes: begin -->"
END = "<!-- end -->"


def tables() -> str:
    """Return a table for each group of changes."""
    parts = []
    for name, kinds in GROUPS.items():
        rows = "\n".join(map(_row, kinds))
        head = f"| {name} | consumer | producer | version |\n|---|---|---|---|"
        parts.append(f"{head}\n{rows}\n")
    return "\n".join(parts)


def _row(kind: Kind) -> str:
    return f"| {kind.words} | {kind.consumer} | {kind.producer} | {kind.level} |"


def page(text: str) -> str:
    """Return the text of the page with the tables of today.

    Args:
        text: The text of the page.
    """
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


if __name__ == "__main__":
    write_or_compare(PAGE, page(PAGE.read_text(encoding="utf-8")), "make contract-changes")
