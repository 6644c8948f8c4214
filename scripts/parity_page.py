"""Write docs/reference/parity.md from the marks of the tests; with --check, fail if the page is stale.

Tests are collected, none is run. `tests/parity_marks.py` says what the marks mean.
"""

import re
import sys
from collections import defaultdict
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from generated_file import write_or_compare

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from parity_marks import AREAS, MODES, Difference, differences, modes  # noqa: E402 - the folder is known from here on

PAGE = ROOT / "docs" / "reference" / "parity.md"
FOLDERS = ("tests", "packages/*/tests")
# Only these files are collected, which is quicker; a mark may also be made by its name: `getattr(pytest.mark, "never")`.
_A_MARK = re.compile(r"""(\bmark\.|["'])(ours|upstream|never|unverified)\b""")
INTRODUCTION = """\
# A laptop and a workspace

<!-- Written by scripts/parity_page.py from the marks `ours`, `upstream`, `never` and `unverified` of the tests. -->

Each line is one known difference, or something that is not verified against a workspace; everything else should be the same. A laptop
runs code in two modes. By default Spark runs behind Spark Connect, as on serverless compute and in standard access mode. With
`spark.mode: classic` it reaches the same Spark through a SparkContext, as on dedicated compute.

Each line has a test. If the feature fails here, the test asserts what a workspace does and must fail with the message in the table. If
a laptop does something else instead, the test asserts that. So a line that is no longer true makes a test fail.

| whose | meaning | lines |
|---|---|---:|
"""
MEANINGS = {
    "ours": "we can make it equal; not done yet",
    "upstream": "Spark, Delta or MLflow must change first",
    "never": "only a workspace can have it",
    "unverified": "the documentation does not say what a workspace does; a laptop does what seems likely",
}


class Collected:
    """A plugin of pytest that keeps what was collected."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep the tests."""
        self.items = session.items


def collect() -> dict[Difference, set[str]]:
    """Return what differs, each with the modes that its tests run in."""
    files = [
        str(file)
        for folder in FOLDERS
        for file in sorted(ROOT.glob(f"{folder}/**/test_*.py"))
        if _A_MARK.search(file.read_text(encoding="utf-8"))
    ]
    collected = Collected()
    arguments = ["--collect-only", "-q", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml")]
    # This script has imported the plugin `parity_marks` already, which pytest remarks.
    arguments += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    with redirect_stdout(StringIO()) as output, redirect_stderr(output):
        code = pytest.main([*arguments, *files], plugins=[collected])
    if code != pytest.ExitCode.OK:
        sys.exit(f"{output.getvalue()}\nthe tests cannot be collected: see above")
    found: dict[Difference, set[str]] = defaultdict(set)
    for item in collected.items:
        for difference in differences(item):
            found[difference].update(modes(item))
    for difference, seen in found.items():
        if missing := [mode for mode in MODES if mode not in seen]:
            sys.exit(
                f"{difference.what}: no test shows it in mode {missing[0]}; mark the test `over_connect`"
            )
    return found


def page(found: dict[Difference, set[str]]) -> str:
    """Return the text of the page."""
    parts = [INTRODUCTION.rstrip("\n")]
    for kind, meaning in MEANINGS.items():
        parts[0] += f"\n| {kind} | {meaning} | {sum(one.kind == kind for one in found)} |"
    for area in AREAS:
        rows = sorted((one for one in found if one.area == area), key=lambda one: one.what.strip("`").lower())
        if rows:
            parts.append(f"## {area}\n\n{_HEAD}\n" + "\n".join(map(_row, rows)))
    return "\n\n".join(parts) + "\n"


_HEAD = """\
| what | on a laptop, Connect | on a laptop, classic | in a workspace | whose | why |
|---|---|---|---|---|---|"""


def _row(one: Difference) -> str:
    here = one.instead or f"fails: `{one.fails}`"
    cells = [one.what, *(here if mode in one.where else "works" for mode in MODES), one.workspace, one.kind]
    cells.append(f"{one.reason} ([Databricks]({one.link}))")
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def main() -> None:
    """Write the page, or compare it."""
    text = page(collect())
    write_or_compare(PAGE, text, "make parity")


if __name__ == "__main__":
    main()
