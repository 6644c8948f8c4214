"""The page of all findings is the one that the rules give."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
PAGES = pytest.mark.parametrize("name", ["findings", "jobs"])


def script_of(name):
    return ROOT / "scripts" / f"{name}_page.py"


@PAGES
def test_the_page_matches_the_code_that_it_is_written_from(name):
    done = subprocess.run(
        [sys.executable, str(script_of(name)), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@PAGES
def test_a_stale_page_is_refused(tmp_path, name):
    original = script_of(name)
    script = tmp_path / "scripts" / original.name
    page = tmp_path / "docs" / "reference" / f"{name}.md"
    for file, text in ((script, original.read_text(encoding="utf-8")), (page, "# Old\n")):
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    shutil.copy(original.with_name("generated_file.py"), script.parent)
    check = [sys.executable, str(script), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "make findings" in done.stderr
    subprocess.run([sys.executable, str(script)], check=True)
    assert subprocess.run(check, check=False).returncode == 0
