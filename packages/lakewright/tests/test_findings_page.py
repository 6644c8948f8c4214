import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "scripts" / "findings_page.py"


def test_the_page_of_findings_matches_the_rules():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_stale_page_is_refused(tmp_path):
    script = tmp_path / "scripts" / SCRIPT.name
    page = tmp_path / "docs" / "reference" / "findings.md"
    for file, text in ((script, SCRIPT.read_text(encoding="utf-8")), (page, "# Findings\n")):
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    check = [sys.executable, str(script), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "make findings" in done.stderr
    subprocess.run([sys.executable, str(script)], check=True)
    assert subprocess.run(check, check=False).returncode == 0
