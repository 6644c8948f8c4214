"""A file that is made from the code: write it, or refuse one that is stale."""

import sys
from pathlib import Path


def write_or_compare(file: Path, text: str, command: str) -> None:
    """Write a file; with the argument `--check`, end with an error if the file has another text.

    Args:
        file: The file.
        text: What it should contain.
        command: Writes the file again.
    """
    if "--check" not in sys.argv:
        file.write_text(text, encoding="utf-8")
    elif not file.is_file() or file.read_text(encoding="utf-8") != text:
        sys.exit(f"{file.name} is stale: run `{command}` and commit it")
