"""Write the table of docs/reference/pipelines.md: what the steps of the pipelines run; with --check, fail if it is stale."""

import sys
from pathlib import Path

from generated_file import write_or_compare

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from pipelines.executed import known_commands  # noqa: E402 - the path comes first

PAGE = ROOT / "docs" / "reference" / "pipelines.md"
MARK = "<!-- From here on written by scripts/pipelines_page.py from tests/pipelines/executed.yaml. -->\n"
_WORDS = {"executed": "executed", "arguments": "arguments checked", "not": "not executed"}


def page(text: str) -> str:
    """Return the text of the page with the table at its end."""
    rows = [
        f"| `{each.command.strip(': ')}` | {_WORDS[each.here]} | {each.why} |\n" for each in known_commands()
    ]
    return text.partition(MARK)[0] + MARK + "\n| command | here | |\n|---|---|---|\n" + "".join(rows)


if __name__ == "__main__":
    write_or_compare(PAGE, page(PAGE.read_text(encoding="utf-8")), "make pipelines-page")
