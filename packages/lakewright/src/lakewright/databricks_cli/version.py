"""The version of the Databricks CLI."""

import re
from collections.abc import Mapping
from pathlib import Path

from lakewright.databricks_cli.process import run

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def version_of(program: str, environ: Mapping[str, str]) -> tuple[int, int, int] | None:
    """Return the version of the CLI; None if the program tells none within ten seconds."""
    done = run([program, "--version"], Path.cwd(), environ, seconds=10)
    found = _VERSION.search(done.printed or done.stderr)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None
