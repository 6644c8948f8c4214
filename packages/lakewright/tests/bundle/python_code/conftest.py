"""Bundles whose resources Python code defines, run by the `databricks-bundles` of this environment."""

import os
import sys
from pathlib import Path

import pytest

from lakewright.bundle import Bundle, load_bundle

SCRIPTS = str(Path(sys.executable).parent)
ENVIRON = {
    "DATABRICKS_CURRENT_USER": "ana.lopez@example.org",
    "PATH": os.pathsep.join([SCRIPTS, os.environ.get("PATH", os.defpath)]),
}


class Shop:
    """A bundle in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> Path:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def load(self, *, environ: dict[str, str] | None = None, **arguments: object) -> Bundle:
        return load_bundle(self.root, environ=ENVIRON | (environ or {}), **arguments)

    def fails(
        self, code: str, *, section: str = "resources: ['jobs_of_shop:load_resources']", **arguments: object
    ):
        """Load a bundle with this code; return its only finding."""
        self.write("databricks.yml", f"bundle: {{name: shop}}\npython: {{{section}}}\n")
        self.write("jobs_of_shop.py", code)
        bundle = self.load(**arguments)
        (finding,) = bundle.diagnostics
        assert bundle.python_left_out
        return finding


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)
