"""Write docs/reference/findings.md from the rules; with --check, fail if the page is stale."""

from pathlib import Path

from generated_file import write_or_compare

from lakewright.bundle.findings.printed.page import help_of, page_of
from lakewright.bundle.rules.registry import groups, rules_of

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "findings.md"
INTRODUCTION = """\
# Findings

<!-- Written by scripts/findings_page.py from the rules in packages/lakewright/src/lakewright/bundle/rules. -->

What `lakewright validate` and [`lakewright grants check`](grants.md) report, by code. `lakewright explain CODE` prints the
same text in the terminal. How to silence a finding and how to show findings on GitHub: see [Checking a bundle](validate.md).
"""


def page() -> str:
    """Return the text of the page."""
    table = ["| code | name | severity | what |", "|---|---|---|---|"]
    parts = []
    for group in groups():
        parts.append(f"## {(group.__doc__ or '').strip().removesuffix('.')}")
        for rule in rules_of(group):
            anchor = f"#{rule.code.lower()}-{rule.name}"
            table.append(
                f"| [{rule.code}]({anchor}) | {rule.name} | {rule.severity} | {page_of(rule).title} |"
            )
            parts.append(f"### {rule.code} {rule.name}\n\n{help_of(rule)}")
    return "\n\n".join([INTRODUCTION.strip(), "\n".join(table), *parts]) + "\n"


def main() -> None:
    """Write the page, or compare it."""
    write_or_compare(PAGE, page(), "make findings")


if __name__ == "__main__":
    main()
