"""The page about grants tells the truth: its commands print what it shows."""

from pathlib import Path

import pytest
from page_walk import PAGES, follow, run

pytestmark = pytest.mark.unit

HEADING = "## What a change does"
COMMIT = (
    "git init -q -b main && git add -A && git -c user.name=a -c user.email=a@example.com commit -qm state"
)


def test_the_page_tells_the_truth(tmp_path: Path):
    before, heading, after = (
        (PAGES / "reference" / "grants.md").read_text(encoding="utf-8").partition(HEADING)
    )
    project = tmp_path / "shop"
    project.mkdir()
    for name, text in (("before.md", before), ("after.md", heading + after)):
        page = tmp_path / name
        page.write_text(text, encoding="utf-8")
        follow(page, project)
        if name == "before.md":
            assert run(project, COMMIT).returncode == 0
