"""Lines of comment in generated files: no text of a contract can end the line it stands in."""

from collections.abc import Iterable, Iterator

from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.parts import TableParts


def comment(text: str, sign: str) -> str:
    r"""Return a line of comment; what would end the line is written out.

    Args:
        text: The text.
        sign: What begins a comment: `--` or `#`.

    >>> comment("one\ntwo", "--")
    '-- one\\ntwo'
    """
    return f"{sign} {''.join(char if char.isprintable() else repr(char)[1:-1] for char in text)}"


def head(contract: Contract, sign: str, table: TableParts | None = None) -> str:
    """Return the line that says where a file comes from.

    Args:
        contract: The contract.
        sign: What begins a comment.
        table: Its table, if the file is about one.
    """
    of_table = f"table {table.table.name} of the " if table else ""
    return comment(f"{of_table}contract {contract.id} {contract.version}, {contract.status}", sign)


def not_exported(lines: Iterable[str], sign: str) -> Iterator[str]:
    """Yield a line of comment for each promise that a file does not express.

    Args:
        lines: The promises.
        sign: What begins a comment.
    """
    yield from (comment(f"not exported: {line}", sign) for line in lines)
